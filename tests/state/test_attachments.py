from pathlib import Path

import pytest

from mojodex_tui.state.attachments import attached_line, attachment_problem, told_size
from mojodex_tui.wire.session_files import MOST_BYTES, SessionFile


def file(name: str, size: int) -> SessionFile:
    return SessionFile(file_id=name, name=name, size=size)


def test_the_last_files_are_named_and_the_others_counted() -> None:
    assert attached_line(()) == ""
    one = (file("notes.pdf", 12_345),)
    assert attached_line(one) == "attached: notes.pdf (12 KB)   Esc x removes"
    four = (file("a", 1), file("b", 2), file("c", 3), file("d", 4_500_000))
    assert attached_line(four) == "attached: c (3 B), d (4.5 MB), 2 more   Esc x removes"


def test_sizes_are_told_in_the_unit_that_fits() -> None:
    assert [told_size(size) for size in (0, 999, 1000, 999_499, 1_000_000)] == [
        "0 B",
        "999 B",
        "1 KB",
        "999 KB",
        "1.0 MB",
    ]


@pytest.mark.parametrize(
    ("name", "size", "beginning", "problem"),
    [
        ("notes.md", 4, b"text", None),
        ("main.rs", 4, b"text", None),
        ("scan.pdf", 9, b"%PDF\0", None),
        ("utf16.txt", 6, "\ufefftext".encode("utf-16-le"), None),
        ("photo.png", 9, b"\x89PNG\0", "photo.png is not text, and of no kind that can be read"),
        ("empty.txt", 0, b"", "empty.txt is empty."),
        ("film.mp4", MOST_BYTES + 1, b"\0", "film.mp4 is 20.0 MB; the limit is 20.0 MB."),
    ],
)
def test_what_cannot_be_sent_says_why(
    name: str, size: int, beginning: bytes, problem: str | None
) -> None:
    found = attachment_problem(Path(name), size, beginning)
    assert found is None if problem is None else str(found).startswith(problem)
