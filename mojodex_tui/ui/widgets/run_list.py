"""The runs of the history, one a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rich.cells import set_cell_size
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mojodex_tui.state.runs import HistoryState, Run
from mojodex_tui.state.times import here_and_now, told
from mojodex_tui.ui.widgets.icons import slot

_WHEN_CELLS = 16
_VERSIONS_CELLS = 4
_TASK_CELLS = 22
_SMALLEST_TITLE = 12
_WAITS = "waiting for you"


class RunList(OptionList):
    """Shows runs: when, title, task and number of versions."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "open", id="history.open", tooltip="Open the run"),
        Binding(
            "x", "remove", "delete", id="history.delete", tooltip="Take the run out of the list"
        ),
        Binding("j", "cursor_down", "Down", id="history.down", show=False),
        Binding("k", "cursor_up", "Up", id="history.up", show=False),
        Binding("g", "first", "First", id="history.first", show=False),
        Binding("G", "last", "Last", id="history.last", show=False),
    ]

    history: reactive[HistoryState] = reactive(HistoryState(), init=False)
    waiting: reactive[frozenset[int]] = reactive(frozenset[int](), init=False)
    """The executions of the runs that wait for a decision."""

    @dataclass
    class Chosen(Message):
        """The user wants to see a run."""

        run: Run

    @dataclass
    class Unwanted(Message):
        """The user wants a run out of the list."""

        run: Run

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._runs: dict[str, Run] = {}

    @property
    def pointed(self) -> Run | None:
        """The run under the cursor."""
        option = self.highlighted_option
        return None if option is None or option.id is None else self._runs.get(option.id)

    def watch_history(self) -> None:
        """Show the runs; the cursor stays on its line."""
        self._draw()

    def watch_waiting(self) -> None:
        """Say which runs wait."""
        self._draw()

    def on_resize(self) -> None:
        """Share the width anew."""
        self._draw()

    def _draw(self) -> None:
        line = self.highlighted or 0
        runs = self.history.shown()
        self._runs = {str(run.execution_pk): run for run in runs}
        now = here_and_now()
        self.set_options(Option(self._line(run, now), id=str(run.execution_pk)) for run in runs)
        self.highlighted = min(line, len(runs) - 1) if runs else None

    def _line(self, run: Run, now: datetime) -> Content:
        when = "" if run.started is None else told(run.started, now)
        versions = f"v{run.versions}" if run.versions else ""
        last = f"{versions:>{_VERSIONS_CELLS}}  {when:<{_WHEN_CELLS}}"
        if run.execution_pk in self.waiting:
            last = set_cell_size(f"  {_WAITS}", len(last))
        taken = _WHEN_CELLS + _VERSIONS_CELLS + _TASK_CELLS + 10
        title_cells = max(_SMALLEST_TITLE, self.size.width - taken)
        return Content.assemble(
            f" {slot(run.icon)} ",
            set_cell_size(run.title, title_cells),
            "  ",
            (set_cell_size(run.task_name, _TASK_CELLS), "$quiet-text"),
            " ",
            (last, "$warning" if run.execution_pk in self.waiting else "$quiet-text"),
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask for the chosen run."""
        event.stop()
        if self.pointed is not None:
            self.post_message(self.Chosen(self.pointed))

    def action_remove(self) -> None:
        """Ask for the run to be taken out."""
        if self.pointed is not None:
            self.post_message(self.Unwanted(self.pointed))
