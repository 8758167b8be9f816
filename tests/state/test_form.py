from pathlib import Path

import pytest

from mojodex_tui.files import problem_of
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
from mojodex_tui.wire.executions import InputSpec, InputType

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


def test_an_image_is_told_by_how_it_begins_and_not_by_its_name(tmp_path: Path) -> None:
    field = field_of(InputSpec(input_name="photos", type=InputType.MULTIPLE_IMAGES))
    real, wrong = tmp_path / "real.png", tmp_path / "wrong.png"
    real.write_bytes(b"\x89PNG\r\n\x1a\n")
    wrong.write_text("no image")
    assert problem_of(field, f"{real}") is None
    assert problem_of(field, f"{real}\n{wrong}") == (
        "wrong.png is no PNG, JPEG, GIF or WebP image, whatever its name says."
    )


def test_what_is_done_with_files_is_told_where_the_server_tells_it() -> None:
    told = "Nobody listens to it."
    spec = InputSpec(input_name="memo", type=InputType.AUDIO_FILE, use=told)
    assert field_of(spec).use == told
    assert not field_of(InputSpec(input_name="memo", type=InputType.AUDIO_FILE)).use
