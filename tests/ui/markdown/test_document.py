from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojodex_tui.ui.markdown import PLAIN, Document, render_block, split
from mojodex_tui.ui.markdown.clean import Cleaner
from mojodex_tui.ui.markdown.cutter import MOST_CHARACTERS, MOST_LINES
from tests.ui.markdown.sample import SAMPLE

FRAGMENTS = st.sampled_from(
    [
        *SAMPLE.split("\n\n"),
        *(
            "\n",
            "\n\n",
            "\r\n",
            " ",
            "  ",
            "\t",
            "- ",
            "1. ",
            "> ",
            "```",
            "~~~\n",
            "# ",
            "|",
            "---",
        ),
        *(
            "word",
            "**",
            "_",
            "`",
            "[a]",
            "[a]: /there",
            "(b)",
            "日本",
            "🎉",
            "\x1b[31m",
            "\x00",
            "e\u0301",
        ),
        *(
            "- item\n",
            "  continued\n",
            "1. one\n\n",
            "    code\n",
            "| a | b |\n|---|---|\n| 1 | 2 |\n",
        ),
        *("A sentence. Another one! ", "long" * 30),
    ]
)
TEXTS = st.lists(FRAGMENTS | st.text(max_size=12), max_size=40).map("".join)
SIZES = st.lists(st.integers(1, 60), min_size=1, max_size=30)


def pieces(text: str, sizes: Sequence[int]) -> Iterable[str]:
    start = turn = 0
    while start < len(text):
        size = sizes[turn % len(sizes)]
        yield text[start : start + size]
        start, turn = start + size, turn + 1


def streamed(text: str, sizes: Sequence[int]) -> Document:
    document = Document()
    for piece in pieces(text, sizes):
        document.append(piece)
    return document


def drawn(document: Document, width: int) -> list[str]:
    return [
        strip.text
        for index in range(len(document))
        for strip in render_block(document[index], width, PLAIN, document.references)
    ]


@given(TEXTS, SIZES, st.integers(1, 100))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_a_settled_stream_is_drawn_as_the_whole_text(
    text: str, sizes: list[int], width: int
) -> None:
    document = streamed(text, sizes)
    document.settle()
    assert document.text == text
    assert drawn(document, width) == drawn(Document.finished(text), width)


@given(TEXTS, SIZES, st.integers(1, 100))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_no_row_is_wider_than_the_window_or_holds_a_control_character(
    text: str, sizes: list[int], width: int
) -> None:
    document = streamed(text, sizes)
    for index in range(len(document)):
        for strip in render_block(document[index], width, PLAIN, document.references):
            assert strip.cell_length <= width
            assert sum(segment.cell_length for segment in strip) == strip.cell_length
            assert strip.text.isprintable() or not any(ord(c) < 32 for c in strip.text)
            assert "\x1b" not in strip.text


@given(st.lists(st.integers(1, 40), min_size=1, max_size=20))
@settings(deadline=None, derandomize=True, max_examples=40)
def test_text_of_the_usual_shape_looks_settled_while_it_streams(sizes: list[int]) -> None:
    assert drawn(streamed(SAMPLE, sizes), 80) == drawn(Document.finished(SAMPLE), 80)


@given(TEXTS, st.integers(1, 12))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_how_much_is_read_at_a_time_changes_nothing(text: str, slab: int) -> None:
    clean = Cleaner().feed(text)
    blocks, references = split(clean, slab)
    whole, all_references = split(clean, 1_000_000)
    assert blocks == whole
    assert [block.line for block in blocks] == [block.line for block in whole]
    assert references.keys() == all_references.keys()


@given(TEXTS, SIZES)
@settings(deadline=None, derandomize=True, max_examples=100)
def test_blocks_that_are_steady_never_change(text: str, sizes: list[int]) -> None:
    document = Document()
    steady: list[object] = []
    for piece in pieces(text, sizes):
        first = document.append(piece)
        assert first == len(steady)
        assert [document[index] for index in range(first)] == steady
        steady = [document[index] for index in range(document.steady)]


ENDLESS = {
    "paragraph": "Some words make a sentence. " * 1_000,
    "words": "word " * 5_000,
    "code": "```python\n" + "value = compute(1, 'two')\n" * 800,
    "list": "".join(f"- item number {n} of the list\n" for n in range(600)),
    "loose list": "".join(f"{n}. item number {n}\n\n" for n in range(1_000, 1_600)),
    "nested list": "- parent\n" + "".join(f"  - child number {n}\n" for n in range(600)),
    "code in a list": "1. do this:\n   ```sh\n" + "   echo one two three\n" * 600,
    "text in a list": "- " + "Some words make a sentence. " * 1_000,
    "table": "| a | b |\n|---|---|\n" + "| some text | more text |\n" * 600,
    "quote": "> words that are quoted\n" * 600,
    "paragraphs": "A short paragraph of words.\n\n" * 600,
}


@pytest.mark.parametrize("shape", ENDLESS)
def test_what_is_drawn_again_stays_small_however_long_the_text(shape: str) -> None:
    document = Document()
    for piece in pieces(ENDLESS[shape], [23]):
        document.append(piece)
        open_sources = [document[i].source for i in range(document.steady, len(document))]
        assert sum(map(len, open_sources)) <= 2 * MOST_CHARACTERS
        assert sum(source.count("\n") for source in open_sources) <= 2 * MOST_LINES


@pytest.mark.parametrize("shape", ENDLESS)
def test_a_block_that_was_cut_loses_nothing_and_looks_whole(shape: str) -> None:
    text = ENDLESS[shape]
    document = streamed(text, [23])
    rows = drawn(document, 60)
    whole = drawn(Document.finished(text), 60)
    assert words(rows) == words(whole)
    if shape not in {"paragraph", "words", "text in a list", "quote"}:  # these wrap anew
        assert rows == whole


def words(rows: Iterable[str]) -> list[str]:
    return [word for word in " ".join(rows).split() if word != "▌"]


def test_a_cut_paragraph_differs_only_where_it_was_cut() -> None:
    document = streamed(ENDLESS["paragraph"], [23])
    assert words(drawn(document, 60)) == ENDLESS["paragraph"].split()


def test_reference_links_work_once_the_text_is_whole() -> None:
    document = streamed("See [the plan].\n\n[the plan]: https://example.com/plan\n", [5])
    document.settle()
    strips = render_block(document[0], 40, PLAIN, document.references)
    assert any(segment.style and segment.style.link for segment in strips[0])


def test_a_settled_text_can_go_on() -> None:
    document = Document.finished("# One\n\nTwo")
    assert document.append(" three\n\nFour") == 0
    document.settle()
    assert drawn(document, 40) == drawn(Document.finished("# One\n\nTwo three\n\nFour"), 40)


def test_line_ends_cut_in_half_are_one_line_end() -> None:
    document = streamed("one\r\n\r\ntwo\rthree", [4])
    document.settle()
    assert drawn(document, 40) == ["one", "", "two", "three"]


def test_the_lines_of_a_signature_stay_lines() -> None:
    document = streamed("Kind regards,\nAna\n*Acme*", [7])
    document.settle()
    assert drawn(document, 40) == ["Kind regards,", "Ana", "Acme"]
