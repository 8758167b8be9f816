import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojodex_tui.ui.markdown.source import in_code, spans


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("plain words", []),
        ("## Who does what", [("heading", "## Who does what")]),
        ("#hashtag", []),
        ("> Nothing is signed", [("quote", "> Nothing is signed")]),
        ("---", [("mark", "---")]),
        ("- [ ] call **Ana** back", [("mark", "- [ ]"), ("strong", "**Ana**")]),
        ("  12. and _then_", [("mark", "  12."), ("emphasis", "_then_")]),
        ("-5 degrees", []),
        ("`a **b**` and *c*", [("code", "`a **b**`"), ("emphasis", "*c*")]),
        ("``a ` b``", [("code", "``a ` b``")]),
        (r"\*not this\*", []),
        ("snake_case_name and 2 * 3 * 4", []),
        ("see [the quote](quote.md)", [("link", "[the quote](quote.md)")]),
        ("<https://example.com>", [("link", "<https://example.com>")]),
    ],
)
def test_what_stands_out_in_a_line(line: str, expected: list[tuple[str, str]]) -> None:
    assert [(role, line[start:end]) for start, end, role in spans(line)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n```py\n# b\n```\nc", [False, True, True, True, False]),
        ("````\n```\n````\nc", [True, True, True, False]),
        ("~~~\n```\n~~~\nc", [True, True, True, False]),
        ("```\nnever closed", [True, True]),
        ("```\n``` not the end\n```", [True, True, True]),
    ],
)
def test_where_code_begins_and_ends(text: str, expected: list[bool]) -> None:
    assert in_code(text.split("\n")) == expected


@given(st.text(st.sampled_from("ab *_`#>-[](<)\\1. ")))
def test_parts_are_within_the_line_and_never_of_no_length(line: str) -> None:
    assert all(0 <= start < end <= len(line) for start, end, _ in spans(line))
