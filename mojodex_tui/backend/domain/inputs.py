"""What a form's fields hold, and what may be put into them (wire protocol §3.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from mojodex_tui.backend.domain.catalog import JsonObject

TEXT_TYPES = frozenset({"text_area", "drop_down_list"})
IMAGES = frozenset({"image", "multiple_images"})
FILE_USES = {
    "image": "A model that takes images looks at it; others are told its name.",
    "multiple_images": "A model that takes images looks at them; others are told their names.",
    "audio_file": "Nobody listens to it: the assistant is told its name.",
    "video": "Nobody watches it: the assistant is told its name.",
}
"""What is done with the files of a field, by its type, as its user reads it."""
_NOTICES = {
    "audio_file": "Not listened to: the assistant is told its name.",
    "video": "Not watched: the assistant is told its name.",
}


class BadInput(Exception):
    """A field was given what it cannot hold."""


@dataclass(frozen=True)
class Answer:
    """What a user gives for one field; for a file, its name."""

    input_name: str
    value: str


def blank(specs: Sequence[JsonObject]) -> list[JsonObject]:
    """Return a form nobody has filled yet."""
    return [{**spec, "value": None} for spec in specs]


def file_names(fields: Sequence[JsonObject]) -> list[str]:
    """Return the names of the files a form was given."""
    values = [field.get("value") for field in fields if field.get("type") not in TEXT_TYPES]
    return [
        name
        for value in values
        for name in (value if isinstance(value, list) else [value])
        if isinstance(name, str)
    ]


def is_filled(fields: Sequence[JsonObject]) -> bool:
    """Whether any field holds something."""
    return any(field.get("value") is not None for field in fields)


def fill(
    fields: Sequence[JsonObject], answers: Sequence[Answer], files: Mapping[str, str]
) -> list[JsonObject]:
    """Return the form with `answers` in it.

    An original server appends to the images of an earlier run and stores choices that do not
    exist; here a new list of images replaces the old one, and such a choice is refused.

    Args:
        fields: the form as it stands.
        answers: what was submitted; unknown names are ignored.
        files: the name each file part was stored under, by the part's name.

    Raises:
        BadInput: a choice does not exist, or a file was announced but not sent.
    """
    return [_filled(field, answers, files) for field in fields]


def _filled(field: JsonObject, answers: Sequence[Answer], files: Mapping[str, str]) -> JsonObject:
    name = str(field["input_name"])
    kind = field.get("type")
    if kind == "multiple_images":
        images = _images(name, answers, files)
        return _with_files(field, [*images], [*images.values()]) if images else field
    given = next((answer for answer in answers if answer.input_name == name), None)
    if given is None:
        return field
    if kind == "drop_down_list":
        _check_choice(field, given)
        return {**field, "value": given.value or None}
    if kind in TEXT_TYPES:
        return {**field, "value": given.value}
    if name in files:
        return _with_files(field, files[name], [given.value])
    if given.value and given.value != field.get("value"):
        raise BadInput(f"The file '{given.value}' of the input '{name}' was not sent")
    return field


def _with_files(field: JsonObject, value: JsonValue, names: list[JsonValue]) -> JsonObject:
    notice = _NOTICES.get(str(field.get("type")))
    return {**field, "value": value, "file_names": names, "notice": notice}


def noticed(fields: Sequence[JsonObject], notice: str | None) -> list[JsonObject]:
    """Return the form with what was not done with its images; `None` if all was."""
    return [
        {**field, "notice": notice} if field.get("type") in IMAGES and field.get("value") else field
        for field in fields
    ]


def _images(name: str, answers: Sequence[Answer], files: Mapping[str, str]) -> dict[str, str]:
    """Return the images of a field under the names they are stored by, each with its user's."""
    numbered = [answer for answer in answers if _index_of(answer.input_name, name) is not None]
    numbered.sort(key=lambda answer: _index_of(answer.input_name, name) or 0)
    stored = {}
    for answer in numbered:
        if answer.input_name not in files:
            raise BadInput(f"The file '{answer.value}' of the input '{name}' was not sent")
        stored[files[answer.input_name]] = answer.value
    return stored


def _index_of(part: str, name: str) -> int | None:
    """Return the place of a file of a `multiple_images` field; `None` if it is another's."""
    head, _, index = part.rpartition("_")
    return int(index) if head == name and index.isdecimal() else None


def takes_part(fields: Sequence[JsonObject], part: str) -> bool:
    """Whether a file part of that name belongs to one of the fields."""
    for field in fields:
        name = str(field["input_name"])
        if field.get("type") == "multiple_images":
            if _index_of(part, name) is not None:
                return True
        elif field.get("type") not in TEXT_TYPES and part == name:
            return True
    return False


def _check_choice(field: JsonObject, given: Answer) -> None:
    choices = field.get("possible_values")
    values = [
        choice.get("value")
        for choice in (choices if isinstance(choices, list) else [])
        if isinstance(choice, dict)
    ]
    # An empty choice is what a client submits for a list the user left alone.
    if given.value and given.value not in values:
        raise BadInput(f"'{given.value}' is no choice of the input '{given.input_name}'")
