"""Comparing two versions of a text."""

from hypothesis import example, given
from hypothesis import strategies as st

from mojodex_tui.state.comparison import Change, Same, compare, patch

OLD = "# Recap\n\n- Luc must forward the quotation\n- same\n\nend"
NEW = "# Recap\n\n- Luc: send the quote\n- call the bank\n- same\n\nend."
_MOST_LINES = 8
TEXTS = st.lists(st.sampled_from(["", "a", "b c", "b d", "e"]), max_size=_MOST_LINES).map("\n".join)


def test_lines_that_differ_are_changes_between_lines_that_do_not() -> None:
    comparison = compare(OLD, NEW)
    same, first, middle, last = comparison.parts
    assert isinstance(same, Same)
    assert isinstance(middle, Same)
    assert same.lines == ("# Recap", "")
    assert isinstance(first, Change)
    assert [line.text for line in first.old] == ["- Luc must forward the quotation"]
    assert [line.text for line in first.new] == ["- Luc: send the quote", "- call the bank"]
    assert isinstance(last, Change)
    assert (comparison.added, comparison.removed) == (3, 2)


def test_words_that_differ_are_marked_within_a_changed_line() -> None:
    [change] = compare("pay on Friday, please", "pay on Monday, please").changes
    assert [(span.text, span.is_changed) for span in change.old[0].spans] == [
        ("pay on ", False),
        ("Friday", True),
        (", please", False),
    ]
    assert [span.text for span in change.new[0].spans if span.is_changed] == ["Monday"]


def test_one_change_is_taken_back_and_the_others_stay() -> None:
    comparison = compare(OLD, NEW)
    assert comparison.without(0) == "# Recap\n\n- Luc must forward the quotation\n- same\n\nend."
    assert comparison.without(1) == NEW.removesuffix(".")


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_their_comparison(old: str, new: str) -> None:
    parts = compare(old, new).parts
    assert _read(parts, "old") == old
    assert _read(parts, "new") == new


@given(TEXTS, TEXTS)
@example("a\n\na\n\nb c", "\nb c\na\n\nb c")
def test_taking_back_every_change_gives_the_old_text(old: str, new: str) -> None:
    taken_back = 0
    while (comparison := compare(old, new)).changes:
        new = comparison.without(0)
        taken_back += 1
        # Not always one change less: what is equal may be paired another way the next time.
        assert taken_back <= _MOST_LINES
    assert new == old


def test_blank_lines_do_not_make_a_long_text_slow() -> None:
    """Lines that are all alike are paired each with each otherwise: minutes, not a moment."""
    lines = [line for number in range(8_000) for line in (f"line {number}", "")]
    changed = [f"new {line}" if line in {"line 10", "line 7000"} else line for line in lines]
    comparison = compare("\n".join(lines), "\n".join(changed))
    assert [change.new[0].text for change in comparison.changes] == ["new line 10", "new line 7000"]


def test_patch_names_both_sides() -> None:
    lines = patch("a\nb", "a\nc", "v1", "v2").split("\n")
    assert lines[:2] == ["--- v1", "+++ v2"]
    assert lines[-2:] == ["-b", "+c"]


def _read(parts: tuple[Same | Change, ...], side: str) -> str:
    lines: list[str] = []
    for part in parts:
        if isinstance(part, Same):
            lines.extend(part.lines)
        else:
            lines.extend(line.text for line in getattr(part, side))
    return "\n".join(lines)
