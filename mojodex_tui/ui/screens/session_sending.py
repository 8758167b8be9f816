"""What the user writes in a session: kept, sent now or after the answer before, or once more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message
from textual.widgets import TextArea

from mojodex_tui.files import FileUnreadable
from mojodex_tui.state.runs import NO_EXECUTION
from mojodex_tui.state.session import Phase, SessionState
from mojodex_tui.ui.outgoing import Outgoing
from mojodex_tui.ui.screens.session_files import SessionFiles
from mojodex_tui.ui.screens.session_talk import SessionTalk
from mojodex_tui.ui.screens.session_writing import SessionWriting
from mojodex_tui.ui.widgets.entry import EntryKind
from mojodex_tui.ui.widgets.message_box import MessageBox
from mojodex_tui.wire.home_chat import NOT_THIS_TASK

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex
    from mojodex_tui.state.runs import Run
    from mojodex_tui.ui.screens.framed import Framed

_KEEP_AFTER = 0.25
"""Seconds after the last key until what is typed is on disk."""


class SessionSending(Container):
    """Holds the panes of a session, and sends what is written in one of them.

    Args:
        mojodex: The backend the run is on.
        run: The run.
        expect: Told that an answer is due.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "retry", "again", id="chat.retry", tooltip="Send or ask again"),
        Binding("x", "drop", "drop", id="chat.drop", tooltip="Do not send this message"),
        Binding(
            "x",
            "not_this_task",
            "not this task",
            id="home.not_this_task",
            tooltip="Say that this is not the task you meant",
        ),
    ]

    class Retried(Message):
        """The user wants tried again what failed, and it was no message."""

    def __init__(self, mojodex: Mojodex, run: Run, expect: Callable[[], None]) -> None:
        super().__init__()
        self._outgoing = Outgoing(mojodex, run)
        self._is_task_of_home = run.in_home and run.execution_pk != NO_EXECUTION
        self._expect = expect
        self._state: SessionState | None = None
        self._typed = ""

    @property
    def _files(self) -> SessionFiles:
        return self.query_one(SessionFiles)

    # --- what is shown ---------------------------------------------------------------------

    def follow(self, before: SessionState | None, state: SessionState) -> None:
        """Show what was said; send what was queued once the answer before it has ended."""
        self._state = state
        if before is None or before.phase.is_busy:
            self._send_queued()
        self.show_entries()

    def show_entries(self) -> None:
        """Show what was said, and what waits."""
        state = self._state
        if state is not None and self.query(SessionTalk):
            talk, is_writing = self.query_one(SessionTalk), state.phase is Phase.TALKING
            talk.show(state.entries, self._outgoing.waiting(), is_writing=is_writing)
            self.refresh_bindings()

    # --- typed -----------------------------------------------------------------------------

    async def bring_back(self) -> MessageBox:
        """Go on with what was typed before; return where."""
        box = self.query_one(MessageBox)
        self._typed = await self._outgoing.bring_back()
        box.load_text(self._typed)
        box.move_cursor(box.document.end)
        # The answer it waited for may have ended while the program was not there.
        self._send_queued()
        return box

    @on(TextArea.Changed, "#message")
    def _follow_typing(self, changed: TextArea.Changed) -> None:
        self._typed = changed.text_area.text
        self._keep_soon()

    @work(group="keep message", exclusive=True)
    async def _keep_soon(self) -> None:
        await asyncio.sleep(_KEEP_AFTER)
        await self._outgoing.keep_message(self._typed)

    async def keep_typed(self) -> None:
        """Have the message on disk."""
        await self._outgoing.keep_message(self.query_one(MessageBox).text)

    # --- sent ------------------------------------------------------------------------------

    @on(MessageBox.Submitted)
    async def _submit(self, message: MessageBox.Submitted) -> None:
        """Send the message, or queue it behind the answer that is being written."""
        if self._state is not None and self._state.phase.is_busy:
            await self._outgoing.queue(message.text)
        else:
            self._expect()
            await self._outgoing.send(message.text)
        self._typed = ""
        await self._outgoing.keep_message("")
        self.show_entries()
        self.query_one(SessionTalk).chat.action_scroll_end()

    @work(group="queue")
    async def _send_queued(self) -> None:
        """Send the first of what was queued, unless an answer is due; the others wait for its."""
        state = self._state
        if self._outgoing.queued and state is not None and not state.phase.is_busy:
            # First, because the answer may be quicker than the disk.
            self._expect()
            await self._outgoing.send_next()
            self.show_entries()

    @on(SessionFiles.RecordingNamed)
    async def _send_recording(self, message: SessionFiles.RecordingNamed) -> None:
        # Only screens of ours compose this.
        screen = cast("Framed", self.screen)
        try:
            await self._outgoing.send_recording(message.path)
        except FileUnreadable as error:
            screen.warn(str(error))
        self.show_entries()

    # --- not sent, or not answered ---------------------------------------------------------

    async def action_retry(self) -> None:
        """Send the chosen unsent message again, or ask again for the missing answer."""
        if await self._outgoing.retry(self.query_one(SessionTalk).chat.selected_key):
            return
        state = self._state
        if state is None or state.phase.is_busy:
            return
        if await self._outgoing.ask_again(state):
            self._expect()
        else:
            self.post_message(self.Retried())

    async def action_drop(self) -> None:
        """Give up a message that was not sent or is queued; without any, remove the last file."""
        if self._outgoing.unsent or self._outgoing.queued:
            await self._outgoing.drop(self.query_one(SessionTalk).chat.selected_key)
            self.show_entries()
        elif self._files.attached:
            self._files.remove_last()

    async def action_not_this_task(self) -> None:
        """Say that the task a home chat has begun is not the one that was meant."""
        self._expect()
        await self._outgoing.send(NOT_THIS_TASK)
        self.show_entries()

    @on(SessionTalk.Rewritten)
    async def _rewrite(self, message: SessionTalk.Rewritten) -> None:
        """Take a message of the user back into the box; one that was sent stays where it is."""
        entry = message.entry
        self.query_one(SessionWriting).put(entry.text)
        if entry.kind in {EntryKind.UNSENT, EntryKind.QUEUED}:
            await self._outgoing.drop(entry.key)
            self.show_entries()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now only."""
        unsent = bool(self._outgoing.unsent)
        match action:
            case "retry":
                return unsent or (self._state is not None and self._state.lacks_answer)
            case "drop" if self.is_mounted:
                return unsent or bool(self._outgoing.queued or self._files.attached)
            case "not_this_task":
                state = self._state
                rests = state is not None and not (state.phase.is_busy or state.handed_back)
                return self._is_task_of_home and rests and not self.check_action("drop", ())
            case _:
                return action != "drop"
