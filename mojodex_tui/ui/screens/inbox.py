"""The decision inbox: every run that waits for its user, the longest waiting first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from mojodex_tui.client.errors import ApiError
from mojodex_tui.state.runs import Run
from mojodex_tui.state.times import here_and_now, told
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.widgets.icons import slot
from mojodex_tui.wire.workflow_extensions import WaitingKind, WaitingRun

_WORDS = {
    WaitingKind.DECISION: "your decision",
    WaitingKind.FAILURE: "failed: try again",
    WaitingKind.QUESTION: "asks what you mean",
}

_TITLE_LETTERS = 30


class WaitingList(OptionList):
    """The runs, one a line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "open", id="inbox.open", tooltip="Open the run and decide"),
        Binding("j", "cursor_down", "Down", id="inbox.down", show=False),
        Binding("k", "cursor_up", "Up", id="inbox.up", show=False),
    ]


class InboxScreen(Framed):
    """Shows what waits; a run that was decided on leaves the list by itself."""

    PLACE = "Inbox"
    AUTO_FOCUS = "WaitingList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", id="inbox.leave"),
        Binding("f5", "fetch", "refresh", id="inbox.refresh", show=False),
    ]

    waiting: reactive[tuple[WaitingRun, ...] | None] = reactive(None, init=False)
    """`None` until they were fetched."""

    def compose_body(self) -> Iterator[Widget]:
        """Lay out the list, or why it is empty."""
        with Container(classes="panes"):
            runs = WaitingList(markup=False)
            runs.border_title = "Waiting for you"
            yield runs
            yield Static("Looking for runs that wait…", classes="state", markup=False)

    def on_mount(self) -> None:
        """Say that it is looking."""
        self.add_class("-empty")

    def on_screen_resume(self) -> None:
        """Fetch anew whenever the list comes to the front."""
        self.action_fetch()

    @work(group="inbox", exclusive=True)
    async def action_fetch(self) -> None:
        """Fetch what waits."""
        mojodex = self.shell.mojodex
        try:
            waiting = await self.shell.ask(mojodex.workflows.inbox)
        except ApiError as error:
            self.query_one(".state", Static).update("What waits could not be fetched. F5 tries.")
            self.say_failed(error, "The runs themselves are safe.")
            return
        self.say_nothing()
        self.waiting = waiting
        self.shell.note_waiting(len(waiting))

    def watch_waiting(self, waiting: tuple[WaitingRun, ...] | None) -> None:
        """Show the runs; the cursor stays on its line."""
        if waiting is None:
            return
        runs = self.query_one(WaitingList)
        line = runs.highlighted or 0
        runs.set_options(Option(_line(one), id=str(at)) for at, one in enumerate(waiting))
        runs.highlighted = min(line, len(waiting) - 1) if waiting else None
        self.set_class(not waiting, "-empty")
        self.query_one(".state", Static).update("Nothing waits for you.")

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if self.waiting is not None:
            one = self.waiting[event.option_index]
            name = one.workflow_name or "Workflow"
            self.shell.open_session(
                Run(
                    execution_pk=one.user_task_execution_pk,
                    session_id=one.session_id,
                    title=one.title or name,
                    task_name=name,
                    icon=one.icon or "",
                    is_workflow=True,
                )
            )

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss()


def _line(one: WaitingRun) -> Content:
    name = one.workflow_name or "Workflow"
    return Content.assemble(
        f" {slot(one.icon or '')} ",
        (_short(one.title or name), "bold"),
        (f"  {one.step_name or ''}", ""),
        (f"   {_WORDS.get(one.kind, 'waits')}", "$warning"),
        (f"   {told(one.since.astimezone(), here_and_now())}", "$quiet-text"),
    )


def _short(title: str) -> str:
    """Return a title that leaves room for why the run waits."""
    return title if len(title) <= _TITLE_LETTERS else f"{title[: _TITLE_LETTERS - 1]}…"
