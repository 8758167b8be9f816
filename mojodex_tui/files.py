"""The files a user names: looked at while typing, read when sent."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING

from mojodex_tui.state.attachments import RECORDINGS, attachment_problem, recording_problem
from mojodex_tui.state.form import FieldKind, FormField, file_problem, paths_in
from mojodex_tui.wire.images import image_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mojodex_tui.state.form import Answers
    from mojodex_tui.wire.base import FilePart
    from mojodex_tui.wire.executions import InputValue


_BEGINNING = 8192
"""Bytes from which it is told whether a file is text."""


class FileUnreadable(Exception):
    """A file could not be read; the text says which, and why."""


def size_of(path: Path) -> int | None:
    """Return the size of a file in bytes; `None` if there is no such file."""
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:  # a name too long, a folder that may not be entered
        return None


def named_files(text: str) -> tuple[Path, ...]:
    """Return the paths in what was typed, pasted or dropped."""
    return paths_in(text, lambda path: size_of(path) is not None)


def problem_of(field: FormField, text: str) -> str | None:
    """Return the first thing wrong with the files given for `field`, as a sentence."""
    paths = named_files(text)
    if len(paths) > field.max_files:
        return f"{len(paths)} files are given; {field.max_files} can be sent."
    problems = (_file_problem(field, path) for path in paths)
    return next(filter(None, problems), None)


def _file_problem(field: FormField, path: Path) -> str | None:
    problem = file_problem(field, path, size_of(path))
    if problem is not None or not field.is_image:
        return problem
    try:
        kind = image_type(_beginning(path))
    except FileUnreadable as error:
        return str(error)
    known = f"{path.name} is no PNG, JPEG, GIF or WebP image, whatever its name says."
    return known if kind is None else None


def _beginning(path: Path) -> bytes:
    """Return how a file begins.

    Raises:
        FileUnreadable: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(_BEGINNING)
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be read: {error.strerror}.") from error


def read_text(path: Path) -> str:
    """Return what a text file holds.

    Raises:
        FileUnreadable: it cannot be read, or is no text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FileUnreadable(f"{path} is not a text file.") from error


def is_recording(path: Path) -> bool:
    """Whether a file is sound: then it is a message of its own."""
    return path.suffix.removeprefix(".").lower() in RECORDINGS


def recording(path: Path) -> FilePart:
    """Return a recording as it travels as a message.

    Raises:
        FileUnreadable: it cannot.
    """
    from mojodex_tui.wire.messages import RECORDING_PART

    check_attachment(path)
    return _part(RECORDING_PART, path)


def check_attachment(path: Path) -> None:
    """Look whether a file can go with a message, or be one.

    Raises:
        FileUnreadable: it cannot.
    """
    if path.is_dir():
        raise FileUnreadable(f"{path} is a folder; choose a file in it.")
    size = size_of(path)
    if size is None:
        raise FileUnreadable(f"There is no file {path}.")
    if is_recording(path):
        problem = recording_problem(path, size)
        if problem is not None:
            raise FileUnreadable(problem)
        return
    problem = attachment_problem(path, size, _beginning(path))
    if problem is not None:
        raise FileUnreadable(problem)


def attachment(path: Path) -> FilePart:
    """Return a file as it travels with a message.

    Raises:
        FileUnreadable: it cannot.
    """
    from mojodex_tui.wire.session_files import FILE_PART

    check_attachment(path)
    return _part(FILE_PART, path)


def inputs_and_files(
    fields: Sequence[FormField], answers: Answers
) -> tuple[tuple[InputValue, ...], tuple[FilePart, ...]]:
    """Return the answers as they travel, with the files read; what is not given is left out.

    Raises:
        FileUnreadable: a file cannot be read.
    """
    from mojodex_tui.wire.executions import InputValue, numbered_input

    inputs: list[InputValue] = []
    files: list[FilePart] = []
    for field in fields:
        answer = answers.get(field.name, "")
        if not answer.strip():
            continue
        if field.kind is not FieldKind.FILES:
            inputs.append(InputValue(input_name=field.name, input_value=answer))
            continue
        for index, path in enumerate(named_files(answer)):
            name = numbered_input(field.name, index) if field.is_numbered else field.name
            inputs.append(InputValue(input_name=name, input_value=path.name))
            files.append(_part(name, path))
    return tuple(inputs), tuple(files)


def _part(name: str, path: Path) -> FilePart:
    from mojodex_tui.wire.base import FilePart

    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be read: {error.strerror}.") from error
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return FilePart(name=name, filename=path.name, content=content, content_type=kind)
