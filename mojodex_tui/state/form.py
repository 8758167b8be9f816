"""The form of a task: its fields, what is missing, and what is sent."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from mojodex_tui.wire.executions import InputSpec

MEGABYTE = 1_000_000
DEFAULT_MEGABYTES = 25
"""How large a file may be if the task does not say."""

Answers = Mapping[str, str]
"""What was given by field name; files are paths, one a line."""


class FieldKind(StrEnum):
    """How a field is asked for."""

    TEXT = "text"
    CHOICE = "choice"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to choose from."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class FormField:
    """One question of the form."""

    name: str
    question: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    placeholder: str = ""
    lines: int = 3
    """How tall a text starts."""
    choices: tuple[Choice, ...] = ()
    accepted: tuple[str, ...] = ()
    """File name endings, without the dot."""
    max_megabytes: float = DEFAULT_MEGABYTES
    max_files: int = 1
    is_image: bool = False
    is_numbered: bool = False
    """Its files travel under numbered names, even if it is one (wire protocol §3.3)."""
    use: str = ""
    """What is done with its files, as a sentence."""
    n_kept: int = 0
    """How many files the run has for it already; others take their place."""


_ACCEPTED = {
    "image": ("png", "jpg", "jpeg", "gif", "webp"),
    "multiple_images": ("png", "jpg", "jpeg", "gif", "webp"),
    "audio_file": ("mp3", "m4a", "wav", "ogg", "webm"),
    "video": ("mp4", "mov", "webm", "mkv"),
}
"""The endings a kind of file has if the task does not say."""

_MANY_FILES = 20


def field_of(spec: InputSpec) -> FormField:
    """Return the question an input asks; a kind we do not know is asked for as text."""
    from mojodex_tui.wire.executions import FilledInput

    kind = str(spec.type)
    required = True if spec.required is None else spec.required
    question = spec.description_for_user or spec.input_name
    if kind == "drop_down_list":
        choices = tuple(
            Choice(each.value, each.displayed_text) for each in spec.possible_values or ()
        )
        return FormField(spec.input_name, question, FieldKind.CHOICE, required, choices=choices)
    if kind in _ACCEPTED:
        value = spec.value if isinstance(spec, FilledInput) else None
        n_kept = len([value] if isinstance(value, str) else value or ())
        return FormField(
            spec.input_name,
            question,
            FieldKind.FILES,
            required and not n_kept,
            accepted=spec.accepted or _ACCEPTED[kind],
            max_megabytes=spec.max_megabytes or DEFAULT_MEGABYTES,
            max_files=(spec.max_files or _MANY_FILES) if kind == "multiple_images" else 1,
            is_image=kind in {"image", "multiple_images"},
            is_numbered=kind == "multiple_images",
            use=spec.use or "",
            n_kept=n_kept,
        )
    return FormField(
        spec.input_name,
        question,
        FieldKind.TEXT,
        required,
        placeholder=spec.placeholder or "",
        lines=spec.lines or 3,
    )


def missing(fields: Sequence[FormField], answers: Answers) -> tuple[FormField, ...]:
    """Return the needed fields without an answer, in their order."""
    return tuple(
        field for field in fields if field.required and not answers.get(field.name, "").strip()
    )


def paths_in(text: str, is_file: Callable[[Path], bool]) -> tuple[Path, ...]:
    """Return the paths in what was typed, pasted, or dropped on the terminal.

    A dropped path comes quoted, with escaped blanks, or as a `file:` address, as the terminal
    likes; a typed one may have blanks that nobody escaped.

    Args:
        text: One or several paths.
        is_file: Whether there is a file at a path.
    """
    found: list[Path] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        whole = _path(line)
        found += [whole] if is_file(whole) else [_path(part) for part in _words(line)]
    return tuple(found)


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:  # a quote that is not closed: the name has an apostrophe
        return [line]


def _path(text: str) -> Path:
    address = urlsplit(text) if text.startswith("file:") else None
    return Path(unquote(address.path) if address else text).expanduser()


def file_problem(field: FormField, path: Path, size: int | None) -> str | None:
    """Return why a file cannot be sent, as a sentence; `None` if it can.

    Args:
        field: What it is for.
        path: Where it is.
        size: Its bytes; `None` if there is no file.
    """
    if size is None:
        return f"There is no file {path}."
    ending = path.suffix.removeprefix(".").lower()
    if field.accepted and ending not in field.accepted:
        return f"{path.name} is not one of: {', '.join(field.accepted)}."
    if size > field.max_megabytes * MEGABYTE:
        return (
            f"{path.name} is {size / MEGABYTE:.1f} MB; the limit is {field.max_megabytes:g} MB. "
            "Choose a smaller one."
        )
    if size == 0:
        return f"{path.name} is empty."
    return None


def first_message(task_name: str, fields: Sequence[FormField], answers: Answers) -> str:
    """Return the answers given so far as the first message of a chat; empty without any."""
    given = [
        f"{field.question}\n{_in_words(field, answers[field.name].strip())}"
        for field in fields
        if field.kind is not FieldKind.FILES and answers.get(field.name, "").strip()
    ]
    return "\n\n".join([f"{task_name}.", *given]) if given else ""


def _in_words(field: FormField, answer: str) -> str:
    return next((choice.words for choice in field.choices if choice.value == answer), answer)
