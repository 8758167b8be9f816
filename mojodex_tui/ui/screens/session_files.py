"""The files that go with the next message of a session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import on, work
from textual.containers import Container
from textual.markup import escape
from textual.message import Message
from textual.widget import Widget

from mojodex_tui.client.errors import ApiError
from mojodex_tui.files import FileUnreadable, is_recording, named_files
from mojodex_tui.state.attachments import attached_line
from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.attaching import Attaching
from mojodex_tui.ui.screens.attach_prompt import AttachPrompt
from mojodex_tui.ui.screens.session_writing import SessionWriting
from mojodex_tui.ui.widgets.message_box import MessageBox

if TYPE_CHECKING:
    from mojodex_tui.client.port import Attachments
    from mojodex_tui.state.runs import Run
    from mojodex_tui.ui.screens.framed import Framed
    from mojodex_tui.wire.session_files import SessionFile


class SessionFiles(Container):
    """Holds the message box, and says over it which files go with the message.

    Args:
        api: The backend the run is on.
        run: The run.
    """

    @dataclass
    class RecordingNamed(Message):
        """A file is a message by itself: a spoken one."""

        path: Path

    def __init__(self, api: Attachments, run: Run) -> None:
        super().__init__()
        self._attaching = Attaching(api, run.session_id)

    def compose(self) -> Iterator[Widget]:
        """Lay out what the files go with."""
        yield SessionWriting(id="writing")

    @property
    def attached(self) -> tuple[SessionFile, ...]:
        """What goes with the next message."""
        return self._attaching.files

    @property
    def _frame(self) -> Framed:
        # Only screens of ours compose this.
        return cast("Framed", self.screen)

    @work(group="attached", exclusive=True)
    async def fetch(self) -> None:
        """Ask what goes with the next message, and show it."""
        try:
            await self._frame.shell.ask(self._attaching.fetch)
        except ApiError:
            return  # the run itself could not be fetched either, which is told
        self._show()

    def _show(self) -> None:
        """Show over the message box what goes with the message."""
        # An answer may come while the screen is closed: then there is no box any more.
        for box in self.query(MessageBox):
            line = attached_line(self.attached)
            box.border_title = "   ".join(filter(None, ("Message", escape(line))))
            self.refresh_bindings()

    @on(MessageBox.FileWanted)
    @work(group="attach")
    async def _add(self, message: MessageBox.FileWanted) -> None:
        typed = await ask(self, AttachPrompt(message.behind))
        if typed == "@":
            self.query_one(MessageBox).insert(typed)
        elif typed is not None:
            await self._let_go_with(named_files(typed))

    async def _let_go_with(self, paths: tuple[Path, ...]) -> None:
        for path in paths:
            if is_recording(path):
                self.post_message(self.RecordingNamed(path))
                continue
            try:
                text = await self._frame.shell.ask(partial(self._attaching.attach, path))
            except ApiError as error:
                self._frame.say_failed(error, f"{path.name} was not attached.")
                break
            except FileUnreadable as error:
                self._frame.warn(str(error))
                break
            if text is not None:
                self.query_one(MessageBox).insert(text)
                self._frame.say(
                    f"This server takes no files: the text of {path.name} was inserted."
                )
            elif (notice := self.attached[-1].notice) is not None:
                self._frame.say(f"{path.name}: {notice}")
        self._show()

    @work(group="detach")
    async def remove_last(self) -> None:
        """Do not let the last file go with the message."""
        try:
            await self._frame.shell.ask(self._attaching.detach_last)
        except ApiError as error:
            self._frame.say_failed(error, "The file still goes with your message.")
        self._show()
