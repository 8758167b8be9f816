"""What the assistant is doing in a session: for how long, whether it still does, and its stop."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message

from mojodex_tui.client.errors import ApiError
from mojodex_tui.client.port import StopOutcome
from mojodex_tui.state import session as sessions
from mojodex_tui.state.session import SessionState
from mojodex_tui.state.session_words import behind, chat_title, home_title
from mojodex_tui.ui.messages import SessionChanged
from mojodex_tui.ui.screens.session_draft import SessionDraft
from mojodex_tui.ui.screens.session_panes import SessionPanes
from mojodex_tui.ui.widgets.conversation import Conversation
from mojodex_tui.ui.widgets.message_box import MessageBox
from mojodex_tui.ui.widgets.session_title import SessionTitle

if TYPE_CHECKING:
    from mojodex_tui.client.port import Conversations
    from mojodex_tui.state.runs import Run
    from mojodex_tui.ui.screens.framed import Framed

_SILENCE = 20.0
"""Seconds without a word, while one is awaited, after which it is asked whether one was lost."""

_TWICE = 1.0
"""Seconds within which a second Esc stops what is being written."""


class SessionAnswer(Container):
    """Holds the title and the panes of a session, and says over them what is being done.

    Args:
        api: The backend the run is on.
        run: The run.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "copy_or_stop", "copy or stop", id="session.stop", show=False),
        Binding("escape", "stop_if_twice", "stop", id="session.stop_twice", show=False),
    ]

    class Silent(Message):
        """An answer is due, and nothing was heard for long: its end may have been lost."""

    def __init__(self, api: Conversations, run: Run) -> None:
        super().__init__()
        self._api = api
        self._run = run
        self._state: SessionState | None = None
        self._began = monotonic()
        self._heard = monotonic()
        self._escaped = -_TWICE

    def on_mount(self) -> None:
        """Follow the panes, and let the seconds go on."""
        for name in ("front", "zoomed"):
            self.watch(self.query_one(SessionPanes), name, self.show_standing)
        self.set_interval(0.5, self.tick)

    @property
    def _frame(self) -> Framed:
        # Only screens of ours compose this.
        return cast("Framed", self.screen)

    def follow(self, before: SessionState | None, state: SessionState) -> None:
        """Say what the session is doing now."""
        self._state = state
        if before is None or not before.phase.is_busy:
            self._began = monotonic()
        self.show_standing()

    def hear(self) -> None:
        """Note that the session said something."""
        self._heard = monotonic()

    def tick(self) -> None:
        """Count the seconds, and look after an answer that is long in coming."""
        self.show_standing()
        if self._is_busy and monotonic() - self._heard > _SILENCE:
            self._heard = monotonic()
            self.post_message(self.Silent())

    @property
    def _is_busy(self) -> bool:
        return self._state is not None and self._state.phase.is_busy

    def show_standing(self) -> None:
        """Show what is being done, for how long, and what there is."""
        state = self._state
        if state is None or not self.query(Conversation):
            return
        seconds = int(monotonic() - self._began)
        panes, title = self.query_one(SessionPanes), self.query_one(SessionTitle)
        title.title = home_title(state) if self._run.in_home else state.title
        title.has_draft = panes.has_draft
        title.pane = panes.front
        title.versions = state.versions
        title.is_split = not panes.zoomed
        title.behind = behind(state, seconds, front=panes.front)
        self.query_one(SessionDraft).show_standing(seconds)
        self.query_one(Conversation).border_title = chat_title(state, seconds)

    # --- stopping --------------------------------------------------------------------------

    @on(MessageBox.Left)
    def _note_escape(self) -> None:
        self._stop_if_twice()

    def action_stop_if_twice(self) -> None:
        """Stop the answer if Esc was pressed a moment ago; else leave the key to others."""
        if not self._stop_if_twice():
            raise SkipAction

    def _stop_if_twice(self) -> bool:
        now = monotonic()
        twice = now - self._escaped < _TWICE
        self._escaped = now
        if twice and self._is_busy:
            self._stop()
        return twice and self._is_busy

    def action_copy_or_stop(self) -> None:
        """Copy what is selected; else stop the answer; else say how to leave."""
        selected = self.screen.get_selected_text()
        if selected:
            self._frame.copy_text(selected)
        elif self._is_busy:
            self._stop()
        else:
            raise SkipAction

    @work(group="stop", exclusive=True)
    async def _stop(self) -> None:
        self.post_message(SessionChanged(sessions.stopping))
        try:
            outcome = await self._api.stop(self._run.session_id)
        except ApiError as error:
            self.post_message(SessionChanged(sessions.not_stopped))
            self._frame.say_failed(error, "It could not be stopped.")
            return
        if outcome is StopOutcome.STOPPED:
            return  # the end comes as an event, like every other end
        self.post_message(SessionChanged(sessions.ended))
        if outcome is StopOutcome.NOT_POSSIBLE:
            self._frame.warn(
                "This server cannot stop. It goes on writing; the result will be kept."
            )
