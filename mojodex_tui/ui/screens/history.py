"""The history: runs of the past, to open again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Static

from mojodex_tui.client.errors import ApiError
from mojodex_tui.state.runs import HistoryState, Run, run_of
from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.screens.question import Question
from mojodex_tui.ui.widgets.run_list import RunList

if TYPE_CHECKING:
    from mojodex_tui.wire.workflow_extensions import WaitingRun


class HistoryFilter(Input):
    """Where the history is filtered; Down and Enter go on in the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,enter", "screen.to_list", "runs", id="history.to_list"),
        Binding("escape", "screen.clear_filter", "all runs", id="history.clear"),
    ]


class HistoryScreen(Framed):
    """The runs, at once from the cache, then as the backend has them, a page at a time."""

    PLACE = "History"
    AUTO_FOCUS = "RunList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "to_filter", "filter", id="history.filter"),
        Binding("escape", "app.catalog", "tasks", id="history.leave"),
        Binding("f5", "refresh_runs", "refresh", id="history.refresh", show=False),
    ]

    history: reactive[HistoryState] = reactive(HistoryState())

    def compose_body(self) -> Iterator[Widget]:
        """Lay out filter and list."""
        with Horizontal(classes="search"):
            yield Static("Filter", classes="label")
            yield HistoryFilter(
                placeholder="a word of the title or the task", compact=True, select_on_focus=False
            )
            yield Static(classes="count")
        with Container(classes="panes"):
            runs = RunList().data_bind(HistoryScreen.history)
            runs.border_title = "History"
            yield runs
            yield Static(classes="state")

    def on_mount(self) -> None:
        """Fetch the runs, and follow which of them wait."""
        self.watch(self.app, "waiting_runs", self._mark_waiting)
        self.fetch()

    def _mark_waiting(self, waiting: tuple[WaitingRun, ...]) -> None:
        pks = frozenset(run.user_task_execution_pk for run in waiting)
        self.query_one(RunList).waiting = pks

    def watch_history(self, history: HistoryState) -> None:
        """Show how many there are, or why there are none."""
        if not self.is_mounted:
            return
        shown = len(history.shown())
        total = len(history.runs)
        runs = "1 run" if total == 1 else f"{total} runs"
        count = f"{shown} of {runs}" if history.query.strip() else runs
        self.query_one(".count", Static).update(count if total else "")
        words = self._state_words()
        self.query_one(".state", Static).update(words)
        self.set_class(bool(words), "-empty")

    def _state_words(self) -> str:
        history = self.history
        if history.shown():
            return ""
        if history.runs:
            return f"No run answers “{history.query.strip()}”. Esc shows all of them."
        if history.is_loading:
            return "Fetching your runs…"
        if self.failure is not None:
            return f"There is nothing to show yet. {self.failure.sentence} F5 tries again."
        return "Nothing was run yet. ^N shows the tasks you can start."

    @work(group="runs", exclusive=True)
    async def fetch(self) -> None:
        """Show what is cached, then what the backend says, page after page."""
        mojodex = self.shell.mojodex
        cached = tuple(map(run_of, await mojodex.cache.executions()))
        self.history = replace(self.history, runs=cached, is_loading=not cached)
        known: dict[int, Run] = {}
        page = 0
        try:
            while executions := await self.shell.ask(partial(mojodex.api.executions, page)):
                known |= {run.execution_pk: run for run in map(run_of, executions)}
                self.history = replace(self.history, runs=tuple(known.values()), is_loading=False)
                page += 1
        except ApiError as error:
            self.say_failed(error, "These are the runs as last seen.")
        else:
            self.say_nothing()
            if not known:
                self.history = replace(self.history, runs=())
        self.history = replace(self.history, is_loading=False)

    def action_refresh_runs(self) -> None:
        """Fetch the runs again."""
        self.fetch()

    @on(Input.Changed)
    def _filter(self, event: Input.Changed) -> None:
        self.history = replace(self.history, query=event.value)

    def action_to_filter(self) -> None:
        """Go to the filter."""
        self.query_one(HistoryFilter).focus()

    def action_to_list(self) -> None:
        """Go to the list."""
        self.query_one(RunList).focus()

    def action_clear_filter(self) -> None:
        """Show all runs again."""
        self.query_one(HistoryFilter).value = ""
        self.action_to_list()

    @on(RunList.Chosen)
    def _open(self, event: RunList.Chosen) -> None:
        self.shell.open_session(event.run)

    @on(RunList.Unwanted)
    @work(group="delete")
    async def _delete(self, event: RunList.Unwanted) -> None:
        run = event.run
        sentence = f"“{run.title}” leaves the history, with its drafts. It cannot be brought back."
        if not await ask(self, Question("Delete this run?", sentence)):
            return
        api = self.shell.mojodex.api
        try:
            await self.shell.ask(lambda: api.delete_execution(run.execution_pk))
        except ApiError as error:
            self.say_failed(error, f"“{run.title}” is still there.")
            return
        left = tuple(kept for kept in self.history.runs if kept.execution_pk != run.execution_pk)
        self.history = replace(self.history, runs=left)
