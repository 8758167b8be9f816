"""The runs that wait for their user, two lines each."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mojodex_tui.state.inbox import InboxState, why
from mojodex_tui.state.times import here_and_now, told
from mojodex_tui.ui.widgets.icons import slot
from mojodex_tui.wire.workflow_extensions import WaitingKind, WaitingRun

_INDENT = " " * 4
_STYLES = {WaitingKind.FAILURE: "$error"}


class WaitingList(OptionList):
    """Shows what each run is, why it waits, and since when."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "decide", id="inbox.open", tooltip="Read its result and decide"),
        Binding("j", "cursor_down", "Down", id="inbox.down", show=False),
        Binding("k", "cursor_up", "Up", id="inbox.up", show=False),
        Binding("g", "first", "First", id="inbox.first", show=False),
        Binding("G", "last", "Last", id="inbox.last", show=False),
    ]

    @dataclass
    class Pointed(Message):
        """The cursor is on another run."""

        execution_pk: int

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._inbox = InboxState()
        self._decided: Container[str] = ()
        self._drawn: tuple[tuple[str, Content], ...] = ()

    def show(self, inbox: InboxState, decided: Container[str]) -> None:
        """Show what waits.

        Args:
            inbox: What waits, and the run the cursor goes to.
            decided: The sessions of runs about which a decision is on its way.
        """
        self._inbox, self._decided = inbox, decided
        self._draw()

    def on_resize(self) -> None:
        """Share the width anew."""
        self._draw()

    def _draw(self) -> None:
        now = here_and_now()
        runs = self._inbox.waiting or ()
        lines = tuple((str(run.user_task_execution_pk), self._entry(run, now)) for run in runs)
        with self.prevent(OptionList.OptionHighlighted):
            if lines != self._drawn:
                self._drawn = lines
                self.set_options(Option(line, id=key) for key, line in lines)
            self.highlighted = self._inbox.place

    def _entry(self, run: WaitingRun, now: datetime) -> Content:
        since = told(run.since.astimezone(), now)
        name = run.workflow_name or "Workflow"
        room = max(0, self.content_size.width - len(_INDENT) - cell_len(since) - 2)
        reason, style = why(run), _STYLES.get(run.kind, "$warning")
        if run.session_id in self._decided:
            reason, style = "decided, on its way", "$quiet-text"
        return Content.assemble(
            f" {slot(run.icon or '')} ",
            Content.styled(run.title or name, "bold").truncate(room, ellipsis=True, pad=True),
            (f" {since}", "$quiet-text"),
            f"\n{_INDENT}",
            (reason, style),
            (f"   {run.step_name or name}", "$quiet-text"),
        )

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell which run the cursor is on."""
        event.stop()
        if event.option_id is not None:
            self.post_message(self.Pointed(int(event.option_id)))
