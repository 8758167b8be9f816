"""A run of a workflow: its steps, their results, and the user's decision on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from mojodex_tui.state.session import given_inputs
from mojodex_tui.state.step_result import Item, as_markdown
from mojodex_tui.state.times import here_and_now
from mojodex_tui.ui.clipboard import copy
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.screens.workflow_result import ResultSide
from mojodex_tui.ui.screens.workflow_run import WorkflowRun
from mojodex_tui.ui.screens.workflow_title import run_title
from mojodex_tui.ui.widgets.step_list import StepList
from mojodex_tui.wire.workflow_extensions import RunState

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex
    from mojodex_tui.state.runs import Run
    from mojodex_tui.state.workflow import WorkflowState
    from mojodex_tui.wire.executions import Execution, InputValue

_LEGEND: Final = "ok done   >> your turn  .. later\n** running  !! failed  xx rejected"


class WorkflowScreen(Framed):
    """Shows a run and takes decisions; the run goes on when the screen is left.

    Args:
        mojodex: The backend the run is on.
        run: What to show.
        clock: Seconds that never go back.
    """

    PLACE = "History"
    AUTO_FOCUS = "ResultText"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "next_pane", "pane", id="workflow.next_pane"),
        Binding("shift+tab", "next_pane", "pane back", id="workflow.previous_pane", show=False),
        Binding("escape", "step_out", "back", id="workflow.back", show=False),
        Binding("enter", "open_text", "open text", id="workflow.open_text"),
        Binding("I", "inputs", "inputs", id="workflow.inputs", tooltip="What it was given"),
        Binding("p", "process", "process", id="workflow.process", tooltip="The steps' results"),
        Binding("o", "text", "text", id="workflow.text", tooltip="The text it produced"),
        Binding("y", "copy", "copy", id="workflow.copy", tooltip="Copy what is in sight"),
        Binding("f5", "refresh_run", "refresh", id="workflow.refresh", show=False),
    ]

    tab: reactive[str] = reactive("process", bindings=True, init=False)
    """What the right side shows: `process`, `inputs`, or `result`."""

    def __init__(self, mojodex: Mojodex, run: Run, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._mojodex = mojodex
        self._opened = run
        self._clock = clock
        self._is_done = False

    def compose_body(self) -> Iterator[Widget]:
        """Lay out the title, the steps, and what is done with them."""
        yield Static(classes="title", markup=False)
        with WorkflowRun(self._mojodex, self._opened, self._clock).add_class("panes"):
            with Vertical(id="steps-side") as side:
                side.border_title = "Steps"
                yield StepList()
                yield Static(id="aside", markup=False)
            yield ResultSide(self._mojodex, self._opened, self._clock)

    def on_mount(self) -> None:
        """Say which run it is, and count while a step runs."""
        self._show_title()
        self.set_interval(1, self._count_seconds)

    def on_screen_resume(self) -> None:
        """Read the run before any key decides: much may have happened."""
        self._run.come_back()

    async def keep_typed(self) -> None:
        """Have what was typed on disk, and what was decided on its way."""
        await self._run.leave()

    @property
    def _run(self) -> WorkflowRun:
        return self.query_one(WorkflowRun)

    @property
    def _result(self) -> ResultSide:
        return self.query_one(ResultSide)

    @property
    def _state(self) -> WorkflowState | None:
        return self._run.state

    @property
    def _execution(self) -> Execution | None:
        return self._state.execution if self._state is not None else None

    # --- what is shown ---------------------------------------------------------------------

    @on(WorkflowRun.Told)
    def _follow(self) -> None:
        """Show the run as it is now; at its end, the text."""
        was_done, state = self._is_done, self._state
        self._is_done = state is not None and state.run.state is RunState.DONE
        if self._is_done and not was_done:
            self.tab = "result"
        self._show()

    def _show(self) -> None:
        state, row = self._state, self._run.row
        if state is None:
            return
        self.query_one(StepList).show(state.rows, row.key if row is not None else None)
        self._show_title()
        self._show_tab()
        self._show_aside(state)

    def watch_tab(self) -> None:
        """Show something else on the right."""
        if self.is_mounted:
            self._show()

    def _show_tab(self) -> None:
        execution = self._execution
        if self.tab == "inputs" and execution is not None:
            self._result.show_other("Inputs", _inputs_text(given_inputs(execution)))
        elif self.tab == "result" and execution is not None:
            title = execution.produced_text_title or "Text"
            text = execution.produced_text_production
            self._result.show_other(title, text or "*There is no text yet: the run goes on.*")
        else:
            self._result.show_result()

    def _show_title(self) -> None:
        title = run_title(self._opened, self._state, here_and_now(), self.size.width)
        self.query_one(".title", Static).update(title)

    def _show_aside(self, state: WorkflowState) -> None:
        """Say beside the steps what their signs mean, and what else there is."""
        is_roomy = self.size.width >= 100
        tabs = (("I", "inputs"), ("p", "process"), ("o", "text"))
        here = {"inputs": "I", "process": "p", "result": "o"}[self.tab]
        lines = [Content(_LEGEND).stylize("$quiet-text"), Content("")] if is_roomy else []
        lines.append(
            Content(" ").join(
                Content.styled(f"{key} {name}", "bold" if key == here else "$quiet-text")
                for key, name in tabs
            )
        )
        is_auto = self._run.is_auto
        if state.run.state is not RunState.DONE and (state.waiting is not None or is_auto):
            what = "asks again," if is_auto else "auto-validate"
            lines.append(Content(f"A {what} {state.left_of_step} left"))
        if state.run.state is not RunState.DONE:
            lines.append(Content("P go on" if state.run.paused else "P pause before the next"))
        self.query_one("#aside", Static).update(Content("\n").join(lines))

    def _count_seconds(self) -> None:
        if self._state is not None and self._state.run.state is RunState.RUNNING:
            self.query_one(StepList).count_seconds()

    def on_resize(self, event: events.Resize) -> None:
        """Share the room anew."""
        super().on_resize(event)
        self.call_after_refresh(self._show)

    # --- keys ------------------------------------------------------------------------------

    @on(StepList.Pointed)
    def _look_at(self, message: StepList.Pointed) -> None:
        self.tab = "process"
        self._run.look_at(message.key)

    def action_next_pane(self) -> None:
        """Go to the other pane."""
        steps = self.query_one(StepList)
        self.set_focus(self._result.target if self.focused is steps else steps)

    async def action_step_out(self) -> None:
        """Leave what is open, then the pane, then the run; what was typed is kept."""
        if await self._result.step_out():
            return
        if self.tab != "process" and self._state is not None and self._state.waiting is not None:
            self.tab = "process"
            return
        await self.keep_typed()
        self.dismiss()

    def action_refresh_run(self) -> None:
        """Read the run from the server."""
        self._run.refresh_run()

    def action_inputs(self) -> None:
        """Show what the run was given."""
        self.tab = "inputs"

    def action_process(self) -> None:
        """Show the results of the steps."""
        self.tab = "process"

    def action_text(self) -> None:
        """Show what the run has produced."""
        self.tab = "result"

    async def action_open_text(self) -> None:
        """Open the produced text as a draft: with its versions, and the chat about it."""
        await self.keep_typed()
        self.shell.open_session(self._opened, as_text=True)

    @work(group="copy")
    async def action_copy(self) -> None:
        """Copy what is selected, or all that is in sight."""
        text = self.get_selected_text() or self._result.pane.text_to_copy
        self.notify(await copy(self.app, text), timeout=4)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now only."""
        if action == "open_text":
            has_text = self._execution is not None and self._execution.produced_text_pk is not None
            return has_text and self.tab == "result"
        return super().check_action(action, parameters)


def _inputs_text(inputs: Sequence[InputValue]) -> str:
    given: Item = {one.input_name: one.input_value for one in inputs}
    return as_markdown([given]) if given else "*It was given nothing.*"
