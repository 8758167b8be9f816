from pathlib import Path

import pytest

from mojodex_tui.state.form import (
    Choice,
    FieldKind,
    FormField,
    field_of,
    file_problem,
    first_message,
    missing,
    paths_in,
)
from mojodex_tui.wire.executions import InputSpec

NOTES = FormField("notes", "What was said?")
TONE = FormField("tone", "Tone", FieldKind.CHOICE, choices=(Choice("w", "warm"),))
SOUND = FormField("sound", "Recording", FieldKind.FILES, required=False, accepted=("mp3",))
FIELDS = (NOTES, TONE, SOUND)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("text_area", FieldKind.TEXT),
        ("drop_down_list", FieldKind.CHOICE),
        ("image", FieldKind.FILES),
        ("multiple_images", FieldKind.FILES),
        ("audio_file", FieldKind.FILES),
        ("video", FieldKind.FILES),
        ("something_new", FieldKind.TEXT),
    ],
)
def test_every_kind_of_input_has_a_field(kind: str, expected: FieldKind) -> None:
    assert field_of(InputSpec(input_name="x", type=kind)).kind is expected


def test_an_input_that_does_not_say_so_is_needed() -> None:
    assert field_of(InputSpec(input_name="x")).required
    assert not field_of(InputSpec(input_name="x", required=False)).required


def test_blanks_are_no_answer() -> None:
    assert missing(FIELDS, {"notes": " \n", "tone": "w"}) == (NOTES,)
    assert missing(FIELDS, {"notes": "a", "tone": "w"}) == ()


@pytest.mark.parametrize(
    ("dropped", "expected"),
    [
        ("/data/a.mp3", ["/data/a.mp3"]),
        ("'/data/a b.mp3'", ["/data/a b.mp3"]),
        ('"/data/a b.mp3"', ["/data/a b.mp3"]),
        (r"/data/a\ b.mp3", ["/data/a b.mp3"]),
        ("file:///data/a%20b.mp3", ["/data/a b.mp3"]),
        ("/data/a b.mp3", ["/data/a b.mp3"]),
        ("/data/a.mp3 '/data/a b.mp3'", ["/data/a.mp3", "/data/a b.mp3"]),
        ("/data/a.mp3\n/data/a b.mp3\n", ["/data/a.mp3", "/data/a b.mp3"]),
        ("/data/it's.mp3", ["/data/it's.mp3"]),
        ("", []),
    ],
)
def test_paths_come_as_terminals_drop_them(dropped: str, expected: list[str]) -> None:
    there = {Path("/data/a.mp3"), Path("/data/a b.mp3")}
    assert paths_in(dropped, there.__contains__) == tuple(map(Path, expected))


@pytest.mark.parametrize(
    ("name", "size", "expected"),
    [
        ("a.mp3", 10, None),
        ("A.MP3", 10, None),
        ("a.mp3", None, "no file"),
        ("a.txt", 10, "not one of: mp3"),
        ("a.mp3", 31_000_000, "31.0 MB; the limit is 25 MB"),
        ("a.mp3", 0, "empty"),
    ],
)
def test_files_are_checked_before_they_are_sent(
    name: str, size: int | None, expected: str | None
) -> None:
    problem = file_problem(SOUND, Path(name), size)
    assert (problem is None) if expected is None else (expected in (problem or ""))


def test_answers_become_a_first_message_with_the_words_of_choices() -> None:
    message = first_message("Recap", FIELDS, {"notes": "Hello.", "tone": "w", "sound": "/a.mp3"})
    assert message == "Recap.\n\nWhat was said?\nHello.\n\nTone\nwarm"
    assert first_message("Recap", FIELDS, {"notes": " "}) == ""
