"""The user's own editor, for a text of the screen."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from textual.app import App
    from textual.widgets import TextArea

ResultT = TypeVar("ResultT")

_USUAL = ("nano", "vim", "vi")


class NoEditor(Exception):
    """No editor could be started; the text says what to set."""


def command() -> list[str]:
    """Return how the editor is started.

    Raises:
        NoEditor: none is set, and none of the usual ones is there.
    """
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if chosen:
        return shlex.split(chosen)
    found = next(filter(None, map(shutil.which, _USUAL)), None)
    if found is None:
        raise NoEditor("No editor was found. Set EDITOR, then start again; nothing was changed.")
    return [found]


def edit(app: App[ResultT], text: str) -> str:
    """Return `text` as the user left it in the editor; the screen waits meanwhile.

    Raises:
        NoEditor: the editor could not be started, or ended with a failure.
    """
    start = command()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "text.md"
        file.write_text(text, encoding="utf-8")
        try:
            with app.suspend():
                ended = subprocess.run([*start, str(file)], check=False)
        except FileNotFoundError as error:
            raise NoEditor(f"{start[0]} is not there: set EDITOR. Nothing was changed.") from error
        if ended.returncode:
            raise NoEditor(f"{start[0]} ended with an error. Nothing was changed.")
        try:
            # Another encoding spoils some letters; a refusal would lose all that was typed.
            return file.read_text(encoding="utf-8", errors="replace").removesuffix("\n")
        except FileNotFoundError as error:
            raise NoEditor(f"{start[0]} left no text behind. Nothing was changed.") from error


def edit_area(app: App[ResultT], area: TextArea) -> None:
    """Let the user change the text of `area` in the editor; one undo brings it back.

    Raises:
        NoEditor: the editor could not be started, or ended with a failure.
    """
    before = area.text
    after = edit(app, before)
    if after != before:
        area.replace(after, area.document.start, area.document.end)
        area.move_cursor(area.document.end)
