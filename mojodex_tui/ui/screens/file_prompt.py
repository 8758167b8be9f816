"""Asks for files that are to go with a form or a message."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input, Static

from mojodex_tui.files import FileUnreadable, check_attachment, named_files
from mojodex_tui.ui.type_ahead import TypeAhead
from mojodex_tui.ui.widgets.hints import HintsLine

_PLACEHOLDER = "path of a PDF, DOCX, text or sound file, or @ for the sign"


class PathSuggester(Suggester):
    """Completes a path with what is in its folder."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """Return `value` completed to the first name that begins so."""
        return await asyncio.to_thread(_completed, value)


def _completed(value: str) -> str | None:
    typed = Path(value).expanduser()
    folder, start = (typed, "") if value.endswith("/") else (typed.parent, typed.name)
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError:  # no such folder, or not ours to look into
        return None
    found = next((name for name in names if name.startswith(start) and name != start), None)
    return None if found is None else value + found[len(start) :]


class PathInput(Input):
    """A path; Right takes the completion that is shown."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "insert", id="file.insert"),
        Binding("right", "cursor_right", "complete", id="file.complete"),
    ]


class FilePrompt(ModalScreen[str | None]):
    """Answers the path or paths as they were typed, once there is something good at each.

    `@` itself if that was meant; `None` if nothing.

    Args:
        behind: What was typed for it before it was there.
    """

    TITLE = "Add a file"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "close", id="file.close"),
    ]

    def __init__(self, behind: TypeAhead) -> None:
        super().__init__()
        self._behind = behind
        behind.also_from(self)

    def compose(self) -> ComposeResult:
        """Lay out the question in a box."""
        box = Vertical(
            PathInput(placeholder=_PLACEHOLDER, suggester=PathSuggester()),
            Static(classes="problem", markup=False),
            HintsLine(),
            classes="box",
        )
        box.border_title = self.TITLE
        yield box

    def on_mount(self) -> None:
        """Take what was typed so far."""
        self._behind.release_to(self.query_one(PathInput))

    @on(events.Key)
    @on(events.Paste)
    def _hold_early(self, event: events.Key | events.Paste) -> None:
        self._behind.hold(event)

    @on(Input.Submitted)
    def _insert(self, event: Input.Submitted) -> None:
        if event.value.strip() in {"", "@"}:
            self.dismiss("@")
            return
        try:
            answer = self.answer_to(event.value)
        except FileUnreadable as error:
            self._complain(str(error))
        else:
            self.dismiss(answer)

    def answer_to(self, typed: str) -> str:
        """Return what was typed.

        Raises:
            FileUnreadable: a file is of no use.
        """
        for path in named_files(typed):
            check_attachment(path)
        return typed

    def _complain(self, problem: str) -> None:
        line = self.query_one(".problem", Static)
        line.update(f"! {problem}")
        line.add_class("-said")
