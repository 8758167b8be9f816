"""The decision inbox: every run that waits for its user, decided on one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import OptionList, Static

from mojodex_tui.client.errors import ApiError
from mojodex_tui.client.port import Link, OutboxChange, OutboxStatus
from mojodex_tui.state.inbox import InboxState, moved_on, run_of_waiting, told
from mojodex_tui.state.times import here_and_now
from mojodex_tui.ui.messages import ConnectionChanged
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.screens.inbox_list import WaitingList
from mojodex_tui.ui.screens.workflow_result import ResultSide
from mojodex_tui.ui.screens.workflow_run import WorkflowRun
from mojodex_tui.ui.screens.workflow_title import run_title
from mojodex_tui.ui.steering import steered_now

if TYPE_CHECKING:
    from mojodex_tui.client.port import Unsubscribe
    from mojodex_tui.wire.workflow_extensions import WaitingRun

_AGAIN: Final = 20.0
"""Seconds after which the list is drawn anew: it says how long runs have been waiting."""

_EMPTY: Final = "Nothing waits for you. A run that does appears here by itself."


class InboxScreen(Framed):
    """Shows what waits, and takes the decisions in place.

    Beside the list, or in its place where there is no room for both, stands the result of the run
    under the cursor. A decision that is taken goes on to the next run.

    Args:
        clock: Seconds that never go back.
    """

    PLACE = "Inbox"
    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "next_pane", "pane", id="inbox.next_pane"),
        Binding("shift+tab", "next_pane", "pane back", id="inbox.previous_pane", show=False),
        Binding("o", "whole_run", "all steps", id="inbox.whole_run", tooltip="Open the whole run"),
        Binding("escape", "step_out", "back", id="inbox.leave"),
        Binding("f5", "refresh", "refresh", id="inbox.refresh", show=False),
    ]

    inbox: reactive[InboxState] = reactive(InboxState(), init=False)

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._swapping = asyncio.Lock()
        self._is_reachable = True
        self._unsubscribe: Unsubscribe | None = None

    def compose_body(self) -> Iterator[Widget]:
        """Lay out the list and the result, or why there is none."""
        yield Static(classes="title", markup=False)
        with Horizontal(classes="panes"):
            runs = WaitingList()
            runs.border_title = "Waiting for you"
            yield runs
            yield Container(id="deciding")
            yield Static("Looking for runs that wait…", classes="state", markup=False)

    def on_mount(self) -> None:
        """Say that it is looking, and hear what becomes of decisions."""
        self.add_class("-empty")
        self.set_focus(None)
        self._unsubscribe = self.shell.mojodex.outbox.subscribe(self._follow_outbox)
        self.watch(self.app, "waiting_runs", self._take, init=False)
        self.set_interval(_AGAIN, self._show_list)

    def on_unmount(self) -> None:
        """Hear no more of the outbox."""
        if self._unsubscribe is not None:
            self._unsubscribe()

    def on_screen_resume(self) -> None:
        """Look anew before any key decides: much may have happened."""
        self.fetch()
        for run in self.query(WorkflowRun):
            run.come_back()

    async def keep_typed(self) -> None:
        """Have what was typed on disk, and what was decided on its way."""
        for run in self.query(WorkflowRun):
            await run.leave()

    @property
    def _run(self) -> WorkflowRun | None:
        """The run in sight."""
        return next(iter(self.query(WorkflowRun)), None)

    @property
    def _is_deciding(self) -> bool:
        """Whether the focus is on the run, and not on the list."""
        run = self._run
        return run is not None and run.has_focus_within

    # --- what waits ------------------------------------------------------------------------

    @work(group="inbox", exclusive=True)
    async def fetch(self) -> None:
        """Fetch what waits."""
        mojodex = self.shell.mojodex
        try:
            waiting = await self.shell.ask(mojodex.workflows.inbox)
        except ApiError as error:
            if self.inbox.waiting is None:
                self.query_one(".state", Static).update("What waits could not be fetched.")
            self.say_failed(error, "The runs themselves are safe.")
            return
        if self.failure is not None:
            self.say_nothing()
        self.shell.note_waiting(waiting)
        self._take(waiting)

    def action_refresh(self) -> None:
        """Look anew at what waits, and at the run in sight."""
        self.fetch()
        for run in self.query(WorkflowRun):
            run.refresh_run()

    def _take(self, waiting: tuple[WaitingRun, ...]) -> None:
        run = self._run
        is_busy = run is not None and run.result.is_busy
        self.inbox = told(self.inbox, waiting, stays=is_busy)

    @on(ConnectionChanged)
    def _look_again(self, message: ConnectionChanged) -> None:
        """Look as soon as the server is back."""
        was_reachable = self._is_reachable
        self._is_reachable = message.connection.link in {Link.ONLINE, Link.LOCAL}
        if self._is_reachable and not was_reachable:
            self.fetch()

    def _follow_outbox(self, change: OutboxChange) -> None:
        """Show what is on its way; what has arrived has changed what waits."""
        item = change.item
        self._show_list()
        if item.status is OutboxStatus.REFUSED and not self._shows(item.session_id):
            cause = item.cause or "no reason given"
            self.warn(f"The server did not take a decision: {cause}")
        if item.status in {OutboxStatus.REFUSED, OutboxStatus.DELIVERED}:
            self.fetch()

    def _shows(self, session_id: str) -> bool:
        return self._run is not None and self._run.run.session_id == session_id

    # --- what is shown ---------------------------------------------------------------------

    async def watch_inbox(self) -> None:
        """Show the list, and the run under its cursor."""
        is_empty = self.inbox.pointed is None
        self.set_class(is_empty, "-empty")
        if is_empty:
            self.remove_class("-deciding")
            self.set_focus(None)
            self.query_one(".state", Static).update(_EMPTY)
        self._show_list()
        await self._show_run()
        if self.focused is None and not is_empty:
            self.set_focus(self.query_one(WaitingList))

    def _show_list(self) -> None:
        runs = self.query_one(WaitingList)
        runs.show(self.inbox, steered_now(self.shell.mojodex.outbox))
        number = len(self.inbox.waiting or ())
        runs.border_title = f"Waiting for you: {number}" if number else "Waiting for you"

    async def _show_run(self) -> None:
        """Put the run under the cursor beside the list; the one before is left in order."""
        # What is decided on the one before must be sent whole, however fast the cursor moves.
        async with self._swapping:
            before, had_focus = self._run, self._is_deciding
            if before is not None:
                if before.run.execution_pk == self.inbox.pointed:
                    return
                await before.leave()
                await before.remove()
            # Only now: what waits may have become something else meanwhile.
            pointed = self.inbox.run
            if pointed is None:
                self.query_one(".title", Static).update("")
                return
            run, mojodex = run_of_waiting(pointed), self.shell.mojodex
            result = ResultSide(mojodex, run, self._clock)
            after = WorkflowRun(mojodex, run, self._clock, result)
            await self.query_one("#deciding").mount(after)
            if had_focus:
                self.set_focus(result.target)
            self._show_title()

    @on(WorkflowRun.Told)
    def _show_title(self) -> None:
        run = self._run
        if run is not None:
            title = run_title(run.run, run.state, here_and_now(), self.size.width)
            self.query_one(".title", Static).update(title)

    def on_resize(self, event: events.Resize) -> None:
        """Share the room anew."""
        super().on_resize(event)
        self.call_after_refresh(self._show_title)

    # --- keys ------------------------------------------------------------------------------

    @on(WaitingList.Pointed)
    def _point(self, message: WaitingList.Pointed) -> None:
        self.inbox = InboxState(self.inbox.waiting, message.execution_pk)

    @on(OptionList.OptionSelected)
    def _decide(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._to_result()

    @on(ResultSide.Decided)
    def _move_on(self) -> None:
        """Go on to the next run; what still waits is asked of the server."""
        self.inbox = moved_on(self.inbox, steered_now(self.shell.mojodex.outbox))
        self.fetch()

    def action_next_pane(self) -> None:
        """Go to the other pane."""
        if self._is_deciding:
            self._to_list()
        else:
            self._to_result()

    def _to_result(self) -> None:
        run = self._run
        if run is not None:
            self.add_class("-deciding")
            # At once: only what is shown can have the focus.
            self.app.stylesheet.update(self)
            self.set_focus(run.result.target)

    def _to_list(self) -> None:
        self.remove_class("-deciding")
        self.app.stylesheet.update(self)
        self.set_focus(self.query_one(WaitingList))

    async def action_whole_run(self) -> None:
        """Open the run with all its steps."""
        run = self._run
        if run is not None:
            await run.leave()
            self.shell.open_session(run.run)

    async def action_step_out(self) -> None:
        """Leave what is open, then the result, then the inbox; what was typed is kept."""
        run = self._run
        if run is not None and await run.result.step_out():
            return
        if self._is_deciding:
            self._to_list()
            return
        await self.keep_typed()
        self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now only."""
        if action in {"next_pane", "whole_run"}:
            return self._run is not None
        return super().check_action(action, parameters)
