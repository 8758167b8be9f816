"""A run that is followed: heard, read, and told what its user decides on it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Final, cast

from textual import work
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from mojodex_tui.client.errors import ApiError, NotFound
from mojodex_tui.client.port import OutboxChange, OutboxKind, OutboxStatus
from mojodex_tui.state import workflow as flows
from mojodex_tui.state.review import review_in
from mojodex_tui.state.times import here_and_now
from mojodex_tui.ui.screens.workflow_result import ResultSide
from mojodex_tui.wire.base import Confirmation
from mojodex_tui.wire.heard import Resynchronise, TokenAppended, TokenReplaced
from mojodex_tui.wire.workflow_extensions import RunState

if TYPE_CHECKING:
    from mojodex_tui.client.port import LiveEvent, Mojodex, Unsubscribe
    from mojodex_tui.state.review import Review
    from mojodex_tui.state.runs import Run
    from mojodex_tui.state.workflow import StepRow, WorkflowState
    from mojodex_tui.ui.screens.framed import Framed

_TICK: Final = 0.2
"""Seconds between two looks at the clock."""

_SILENCE: Final = 20.0
"""Seconds without a word from a running step after which the run is read again."""

_LONG: Final = 120
"""Seconds a step may run before that is told."""

_NOTHING_CHANGED: Final = "Nothing changed"


class FollowedRun(Container):
    """Knows a run as it is now; what is laid out in it holds the `ResultSide` of the run.

    Args:
        mojodex: The backend the run is on.
        run: The run.
        clock: Seconds that never go back.
        children: What is laid out in it, where that is not composed.
    """

    class Told(Message):
        """Something about the run is to be shown anew."""

    def __init__(
        self, mojodex: Mojodex, run: Run, clock: Callable[[], float], *children: Widget
    ) -> None:
        super().__init__(*children)
        self._mojodex = mojodex
        self.run = run
        self._clock = clock
        self._heard = clock()
        self._is_current = False
        self._is_overtaken = False
        self._looked_at: str | None = None
        self._unsubscribe: Unsubscribe | None = None
        self.state: WorkflowState | None = None
        """The run as it is now; `None` until it was read."""

    def on_mount(self) -> None:
        """Listen, and read the run."""
        self._unsubscribe = self._mojodex.outbox.subscribe(self._follow_outbox)
        self.set_interval(_TICK, self.tick)
        self._listen()
        self.refresh_run()
        self._frame.shell.heed(self.run.session_id)

    def on_unmount(self) -> None:
        """Hear no more of the outbox."""
        if self._unsubscribe is not None:
            self._unsubscribe()

    @property
    def result(self) -> ResultSide:
        """What shows a row, and takes decisions on it."""
        return self.query_one(ResultSide)

    @property
    def row(self) -> StepRow | None:
        """The row in sight: the one looked at, or else where the run is."""
        state = self.state
        if state is None or not state.rows:
            return None
        return state.row(self._looked_at) or state.current or state.rows[0]

    @property
    def _is_open(self) -> bool:
        # Events go on coming while what shows them is taken away, one widget after the other.
        return self.is_attached and not self._pruning and bool(self.query(ResultSide))

    @property
    def _frame(self) -> Framed:
        # Only screens of ours compose this.
        return cast("Framed", self.screen)

    def look_at(self, key: str) -> None:
        """Show another row; the one where the run is, is followed when it goes on."""
        current = self.state.current if self.state is not None else None
        self._looked_at = None if current is not None and key == current.key else key
        self._show()

    def come_back(self) -> None:
        """Read the run before any key decides: much may have happened."""
        self._is_current = False
        self.refresh_run()

    async def leave(self) -> None:
        """Have what was typed on disk, and what was decided on its way."""
        await self.result.send_held()
        await self.result.keep_typed()

    # --- hearing and reading ---------------------------------------------------------------

    @work(group="listen")
    async def _listen(self) -> None:
        async with aclosing(self._mojodex.live.listen(self.run.session_id)) as events:
            async for event in events:
                self._hear(event)

    def _hear(self, event: LiveEvent) -> None:
        self._heard = self._clock()
        if isinstance(event, TokenAppended | TokenReplaced) or not self._is_open:
            return
        if isinstance(event, Resynchronise):
            self._is_current = False
        self.result.hear(event)
        if self.state is not None:
            self.state = flows.apply(self.state, event)
            self._show()
        self.refresh_run()

    def refresh_run(self) -> None:
        """Read the run from the server."""
        self._is_overtaken = True
        self._read()

    @work(group="read", exclusive=True)
    async def _read(self) -> None:
        """Read until nothing happened meanwhile: an answer may be older than what was heard."""
        workflows, api, run = self._mojodex.workflows, self._mojodex.api, self.run

        async def both() -> tuple[WorkflowState, Review | None]:
            steered = await workflows.read(run.execution_pk)
            history = await api.messages(run.session_id)
            return flows.state_of(steered), review_in(history.rows)

        frame = self._frame
        while self._is_overtaken:
            self._is_overtaken = False
            try:
                state, review = await frame.shell.ask(both)
            except NotFound:
                return  # its start is still on the way; an event tells of it
            except ApiError as error:
                self._is_current = True  # a decision finds its way all the same
                self._tell_unread(error)
                return
        if not self._is_open:
            return
        if frame.failure is not None:
            frame.say_nothing()
        self._is_current = True
        self.state = state = flows.read_again(self.state, state)
        frame.shell.look_for_waiting()
        self._show()
        self.result.take_review(review)
        await self.take_by_itself(state)

    def _tell_unread(self, error: ApiError) -> None:
        if self.state is None:
            self.result.pane.text.show("*It is shown as soon as the server can be reached.*")
            self._frame.say_failed(error, "The run was not read; it is safe.")
        else:
            self._frame.say_failed(error, "The run is shown as last seen; decisions are kept.")
        self._show()

    async def take_by_itself(self, state: WorkflowState) -> None:
        """Take the result that was just read without asking, where the user wants that."""

    def _follow_outbox(self, change: OutboxChange) -> None:
        item = change.item
        if not self._is_open or not self.result.steering.follow(change):
            return
        if item.status is OutboxStatus.REFUSED:
            cause = item.cause or "no reason given"
            self._frame.warn(f"The server did not take your decision: {cause}")
        elif item.status is OutboxStatus.DELIVERED and item.kind is not OutboxKind.MESSAGE:
            match change.answer:
                case Confirmation(message=str(words)) if words.startswith(_NOTHING_CHANGED):
                    self._frame.say(words)
            self.refresh_run()
        self._show()

    def _show(self) -> None:
        if self.state is not None and self._is_open:
            self.result.follow(self.state, self.row, is_current=self._is_current)
            self.post_message(self.Told())

    # --- time ------------------------------------------------------------------------------

    async def tick(self) -> None:
        """Look at the clock: send what was held back, miss what is long in coming."""
        if not self._is_open:
            return
        if self.result.tick():
            await self.result.send_held()
        state = self.state
        if state is None or state.run.state is not RunState.RUNNING:
            return
        if self._clock() - self._heard > _SILENCE:
            self._heard = self._clock()
            self._tell_long(state)
            self.refresh_run()

    def _tell_long(self, state: WorkflowState) -> None:
        seconds = state.current.seconds(here_and_now()) if state.current is not None else None
        if seconds is not None and seconds > _LONG:
            self._frame.warn(
                f"This step has been running for {seconds // 60} min. A server gives a step up "
                "after 30 min and runs it again.",
                "F5 looks now",
            )
