import pytest
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from mojodex_tui.ui.markdown import PLAIN, Document, MarkdownStyles, render_block
from mojodex_tui.ui.markdown.clean import neutralise


def strips(text: str, width: int = 40, styles: MarkdownStyles = PLAIN) -> list[Strip]:
    document = Document.finished(text)
    return [
        strip
        for index in range(len(document))
        for strip in render_block(document[index], width, styles, document.references)
    ]


def rows(text: str, width: int = 40) -> list[str]:
    return [strip.text.rstrip() for strip in strips(text, width)]


def style_of(text: str, part: str, styles: MarkdownStyles = PLAIN) -> Style:
    for strip in strips(text, 60, styles):
        for segment in strip:
            if part in segment.text and segment.style is not None:
                return segment.style
    raise AssertionError(f"{part!r} is not drawn")


def test_words_wrap_by_the_cells_they_take() -> None:
    assert rows("one two three four", 9) == ["one two", "three", "four"]
    assert rows("日本語の文章です", 6) == ["日本語", "の文章", "です"]
    assert all(cell_len(row) <= 5 for row in rows("👩‍💻🎉👩‍💻🎉👩‍💻", 5))


def test_a_word_longer_than_the_row_is_folded() -> None:
    assert rows("abcdefghij kl", 4) == ["abcd", "efgh", "ij", "kl"]


@pytest.mark.parametrize(
    ("markup", "attribute"),
    [("**x**", "bold"), ("*x*", "italic"), ("~~x~~", "strike"), ("[x](http://y)", "underline")],
)
def test_emphasis_is_an_attribute(markup: str, attribute: str) -> None:
    assert getattr(style_of(markup, "x"), attribute)


def test_emphasis_nests_and_ends() -> None:
    style = style_of("**a *b* c** d", "b")
    assert style.bold
    assert style.italic
    assert not style_of("**a *b* c** d", " d").bold


def test_lists_nest_under_their_text_and_keep_their_numbers() -> None:
    assert rows("- a\n  - b\n    - c\n- d") == ["• a", "  ▪ b", "    ‣ c", "• d"]
    assert rows("9. a\n10. b\n    - c") == [" 9. a", "10. b", "    • c".replace("•", "▪")]


def test_items_of_a_loose_list_stand_apart() -> None:
    assert rows("- a\n\n- b") == ["• a", "", "• b"]


def test_tasks_show_a_box_instead_of_a_bullet() -> None:
    assert rows("- [x] done\n- [ ] open") == ["[x] done", "[ ] open"]


def test_a_quote_has_a_bar_on_every_row() -> None:
    assert rows("> a\n>\n> b\n>> c") == ["▌ a", "▌", "▌ b", "▌", "▌ ▌ c"]


def test_a_table_fits_the_width_and_keeps_its_alignment() -> None:
    text = "| a | b |\n|:--|--:|\n| one | 2 |\n| x | 345 |"
    assert rows(text) == [
        "┌─────┬─────┐",
        "│ a   │   b │",
        "├─────┼─────┤",
        "│ one │   2 │",
        "│ x   │ 345 │",
        "└─────┴─────┘",
    ]
    narrow = rows("| first | second |\n|--|--|\n| some words here | more words there |", 24)
    assert len({cell_len(row) for row in narrow}) == 1
    assert cell_len(narrow[0]) <= 24


def test_a_table_without_room_becomes_a_list() -> None:
    assert rows("| a | b |\n|--|--|\n| 1 | 2 |", 8) == ["a: 1", "b: 2"]


def test_code_has_its_language_and_keeps_its_spaces() -> None:
    assert rows("```Python\nif x:\n    y()\n```") == ["  python", "  if x:", "      y()", ""]
    assert all(strip.cell_length == 40 for strip in strips("```\nx\n```"))


def test_code_in_no_known_language_is_shown_as_it_is() -> None:
    assert rows("```nosuchlanguage\na  b\n```")[1] == "  a  b"


def test_code_is_highlighted_by_role() -> None:
    styles = MarkdownStyles(keyword=Style(bold=True), string=Style(italic=True))
    text = "```python\nreturn 'words'\n```"
    assert style_of(text, "return", styles).bold
    assert style_of(text, "words", styles).italic


def test_long_lines_of_code_fold_and_lose_nothing() -> None:
    shown = "".join(row.strip() for row in rows("```\n" + "abcdefghij" * 9 + "\n```", 30))
    assert shown == "abcdefghij" * 9


def test_a_link_tells_the_view_and_the_terminal() -> None:
    style = style_of("[there](https://example.com/a?b=c)", "there")
    assert style.link == "https://example.com/a?b=c"
    assert style.meta["@click"] == "follow_link('https://example.com/a?b=c')"


def test_a_bare_address_is_a_link() -> None:
    assert style_of("see https://example.com now", "example").link == "https://example.com"


def test_the_terminal_gets_no_link_of_another_kind() -> None:
    assert style_of("[x](file:///etc/passwd)", "x").link is None


def test_html_is_text() -> None:
    assert rows("<b>x</b>") == ["<b>x</b>"]


@pytest.mark.parametrize(
    "text",
    ["a\x1b[31mb", "`\x1b]0;t\x07`", "```\n\x1b[2J\n```", "a&#12;b", "[\x9bx](http://a)", "# \x7f"],
)
def test_nothing_reaches_the_terminal_that_it_would_obey(text: str) -> None:
    shown = "".join(rows(text))
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in shown)


def test_escape_is_shown_as_a_picture_and_direction_marks_are_not_obeyed() -> None:
    assert neutralise("\x1b\u202e\ud800") == "␛\ufffd\ufffd"
    assert neutralise("line\n\ttab 日本") == "line\n\ttab 日本"


def test_headings_are_told_apart() -> None:
    styles = MarkdownStyles(heading_1=Style(bold=True), heading_2=Style(underline=True))
    assert style_of("# x", "x", styles).bold
    assert style_of("## x", "x", styles).underline
    assert rows("# x", 4) == ["x", "━━━━"]
