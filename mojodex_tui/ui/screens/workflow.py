"""A run of a workflow: its steps, their results, and the user's decision on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from mojodex_tui.client.errors import ApiError, NotFound
from mojodex_tui.client.port import OutboxChange, OutboxKind, OutboxStatus
from mojodex_tui.state import workflow as flows
from mojodex_tui.state.review import review_in
from mojodex_tui.state.session import given_inputs
from mojodex_tui.state.step_result import Item, as_markdown
from mojodex_tui.state.times import here_and_now, told
from mojodex_tui.state.workflow import StepRow, WorkflowState
from mojodex_tui.ui.clipboard import copy
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.screens.workflow_result import ResultSide
from mojodex_tui.ui.screens.workflow_run import WorkflowRun
from mojodex_tui.ui.widgets.result_view import ResultText
from mojodex_tui.ui.widgets.step_list import StepList
from mojodex_tui.wire.base import Confirmation
from mojodex_tui.wire.heard import Resynchronise, TokenAppended, TokenReplaced
from mojodex_tui.wire.workflow_extensions import RunState

if TYPE_CHECKING:
    from datetime import datetime

    from mojodex_tui.client.port import LiveEvent, Mojodex, Unsubscribe
    from mojodex_tui.state.review import Review
    from mojodex_tui.state.runs import Run
    from mojodex_tui.wire.executions import InputValue

_TICK: Final = 0.2
"""Seconds between two looks at the clock."""

_SILENCE: Final = 20.0
"""Seconds without a word from a running step after which the run is read again."""

_LONG: Final = 120
"""Seconds a step may run before that is told."""

_LEGEND: Final = "ok done   >> your turn  .. later\n** running  !! failed  xx rejected"
_NOTHING_CHANGED: Final = "Nothing changed"


class WorkflowScreen(Framed):
    """Follows a run and takes decisions; the run goes on when the screen is left.

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

    state: reactive[WorkflowState | None] = reactive(None, bindings=True, init=False)
    tab: reactive[str] = reactive("process", bindings=True, init=False)
    """What the right side shows: `process`, `inputs`, or `result`."""

    def __init__(self, mojodex: Mojodex, run: Run, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._mojodex = mojodex
        self._run = run
        self._clock = clock
        self._heard = clock()
        self._is_current = False
        self._is_overtaken = False
        self._looked_at: str | None = None
        self._unsubscribe: Unsubscribe | None = None

    def compose_body(self) -> Iterator[Widget]:
        """Lay out the title, the steps, and what is done with them."""
        yield Static(classes="title", markup=False)
        with WorkflowRun(self._mojodex, self._run):
            with Vertical(id="steps-side"):
                yield StepList()
                yield Static(id="aside", markup=False)
            yield ResultSide(self._mojodex, self._run, self._clock)

    # --- start and end ---------------------------------------------------------------------

    async def on_mount(self) -> None:
        """Show the run, and listen."""
        self._side.border_title = "Steps"
        self._unsubscribe = self._mojodex.outbox.subscribe(self._follow_outbox)
        self._show_title()
        self._result.query_one(ResultText).show("*Reading the run…*")
        await self._result.bring_back()
        self.set_interval(_TICK, self.tick)
        self._listen()
        self.action_refresh_run()

    def on_unmount(self) -> None:
        """Hear no more of the outbox."""
        if self._unsubscribe is not None:
            self._unsubscribe()

    def on_screen_resume(self) -> None:
        """Read the run before any key decides: much may have happened."""
        self._is_current = False
        self.action_refresh_run()

    async def keep_typed(self) -> None:
        """Have what was typed on disk, and what was decided on its way."""
        await self._result.send_held()
        await self._result.keep_typed()

    @property
    def _result(self) -> ResultSide:
        return self.query_one(ResultSide)

    @property
    def _side(self) -> Vertical:
        return self.query_one("#steps-side", Vertical)

    @property
    def _is_open(self) -> bool:
        return bool(self.query(StepList))

    # --- hearing and reading ---------------------------------------------------------------

    @work(group="listen")
    async def _listen(self) -> None:
        async with aclosing(self._mojodex.live.listen(self._run.session_id)) as events:
            async for event in events:
                self._hear(event)

    def _hear(self, event: LiveEvent) -> None:
        self._heard = self._clock()
        if isinstance(event, TokenAppended | TokenReplaced) or not self._is_open:
            return
        if isinstance(event, Resynchronise):
            self._is_current = False
        if self.state is not None:
            self.state = flows.apply(self.state, event)
        self._result.hear(event)
        self.action_refresh_run()

    @on(WorkflowRun.Changed)
    def action_refresh_run(self) -> None:
        """Read the run from the server."""
        self._is_overtaken = True
        self._read()

    @work(group="read", exclusive=True)
    async def _read(self) -> None:
        """Read until nothing happened meanwhile: an answer may be older than what was heard."""
        workflows, api, run = self._mojodex.workflows, self._mojodex.api, self._run

        async def both() -> tuple[WorkflowState, Review | None]:
            steered = await workflows.read(run.execution_pk)
            history = await api.messages(run.session_id)
            return flows.state_of(steered), review_in(history.rows)

        while self._is_overtaken:
            self._is_overtaken = False
            try:
                state, review = await self.shell.ask(both)
            except NotFound:
                return  # its start is still on the way; an event tells of it
            except ApiError as error:
                self._is_current = True  # a decision finds its way all the same
                self.say_failed(error, "The run is shown as last seen; decisions are kept.")
                self._show()
                return
        if not self._is_open:
            return
        if self.failure is not None:
            self.say_nothing()
        self._is_current = True
        self.state = state
        self.shell.look_for_waiting()
        self._result.take_review(review)
        self._show()
        await self._take_by_itself(state)

    async def _take_by_itself(self, state: WorkflowState) -> None:
        """Validate what the user wants taken without being asked, where the server cannot."""
        pk = self.query_one(WorkflowRun).follow(state)
        if pk is not None and not self._result.steering.is_decided(pk):
            await self._result.steering.validate(state, pk)

    def _follow_outbox(self, change: OutboxChange) -> None:
        item = change.item
        if not self._is_open or not self._result.steering.follow(change):
            return
        if item.status is OutboxStatus.REFUSED:
            self.say(f"The server did not take your decision: {item.cause or 'no reason given'}")
        elif item.status is OutboxStatus.DELIVERED and item.kind is not OutboxKind.MESSAGE:
            match change.answer:
                case Confirmation(message=str(words)) if words.startswith(_NOTHING_CHANGED):
                    self.say(words)
            self.action_refresh_run()
        self._show()

    async def tick(self) -> None:
        """Look at the clock: send what was held back, count, miss what is long in coming."""
        if not self._is_open:
            return
        if self._result.tick():
            await self._result.send_held()
        state = self.state
        if state is None or state.run.state is not RunState.RUNNING:
            return
        self.query_one(StepList).count_seconds()
        if self._clock() - self._heard > _SILENCE:
            self._heard = self._clock()
            self._tell_long(state)
            self.action_refresh_run()

    def _tell_long(self, state: WorkflowState) -> None:
        seconds = state.current.seconds(here_and_now()) if state.current is not None else None
        if seconds is not None and seconds > _LONG:
            self.say(
                f"This step has been running for {seconds // 60} min. A server gives a step up "
                "after 30 min and runs it again.",
                "F5 looks now",
            )

    # --- what is shown ---------------------------------------------------------------------

    def watch_state(self, before: WorkflowState | None, state: WorkflowState | None) -> None:
        """Show the run as it is now."""
        if state is None or not self._is_open:
            return
        is_new_end = before is not None and before.run.state is not RunState.DONE
        if state.run.state is RunState.DONE and (before is None or is_new_end):
            self.tab = "result"
        self._show()

    def _show(self) -> None:
        state = self.state
        if state is None or not self._is_open:
            return
        current = state.current
        row = state.row(self._looked_at) or current or state.rows[0] if state.rows else None
        self.query_one(StepList).show(state.rows, row.key if row is not None else None)
        self._result.follow(state, row, is_current=self._is_current)
        self._show_tab()
        self._show_title()
        self._show_aside(state)

    def watch_tab(self) -> None:
        """Show something else on the right."""
        if self._is_open:
            self._show_tab()
            if self.state is not None:
                self._show_aside(self.state)

    def _show_tab(self) -> None:
        execution = self.state.execution if self.state is not None else None
        if self.tab == "inputs" and execution is not None:
            self._result.show_other("Inputs", _inputs_text(given_inputs(execution)))
        elif self.tab == "result" and execution is not None:
            title = execution.produced_text_title or "Text"
            text = execution.produced_text_production
            self._result.show_other(title, text or "*There is no text yet: the run goes on.*")
        else:
            self._result.show_result()

    def _show_title(self) -> None:
        state, now = self.state, here_and_now()
        execution = state.execution if state is not None else None
        name = (execution.task_name if execution is not None else None) or self._run.task_name
        title = (execution.title if execution is not None else None) or self._run.title
        what = Content.assemble((name, "bold"), ("" if title == name else f" > “{title}”", ""))
        if state is not None:
            words = [_told_state(state, now), f"{state.n_done} of {len(state.rows)} done"]
            seconds = state.total_seconds(now)
            if self.size.width >= 100 and seconds:
                words.append(f"total {seconds // 60:02}:{seconds % 60:02}")
            style = "bold $warning" if state.waiting is not None else "$quiet-text"
            told_words = Content.styled("   " + "   ".join(words), style)
            # How the run stands is what one looks for: a long title gives way to it.
            room = max(12, self.size.width - 2 - told_words.cell_length)
            what = what.truncate(room, ellipsis=True) + told_words
        self.query_one(".title", Static).update(what)

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
        auto = state.is_auto or self.query_one(WorkflowRun).auto_rank is not None
        if state.run.state is not RunState.DONE and (state.waiting is not None or auto):
            what = "asks again," if auto else "auto-validate"
            lines.append(Content(f"A {what} {state.left_of_step} left"))
        if state.run.state is not RunState.DONE:
            lines.append(Content("P go on" if state.run.paused else "P pause before the next"))
        self.query_one("#aside", Static).update(Content("\n").join(lines))

    def on_resize(self, event: events.Resize) -> None:
        """Share the room anew."""
        super().on_resize(event)
        if self.state is not None:
            self.call_after_refresh(self._show)

    # --- keys ------------------------------------------------------------------------------

    @on(StepList.Pointed)
    def _look_at(self, message: StepList.Pointed) -> None:
        current: StepRow | None = self.state.current if self.state is not None else None
        is_current = current is not None and message.key == current.key
        self._looked_at = None if is_current else message.key
        self.tab = "process"
        self._show()

    @on(ResultSide.Decided)
    async def _stop_auto(self) -> None:
        self.say_nothing()
        await self.query_one(WorkflowRun).stop_auto()

    def action_next_pane(self) -> None:
        """Go to the other pane."""
        steps = self.query_one(StepList)
        self.set_focus(self._result.target if self.focused is steps else steps)

    async def action_step_out(self) -> None:
        """Leave what is open, then the pane, then the run; what was typed is kept."""
        if await self._result.step_out():
            return
        if self.tab != "process" and self.state is not None and self.state.waiting is not None:
            self.tab = "process"
            return
        await self.keep_typed()
        self.dismiss()

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
        self.shell.open_session(self._run, as_text=True)

    @work(group="copy")
    async def action_copy(self) -> None:
        """Copy what is selected, or all that is in sight."""
        text = self.get_selected_text() or self._result.text_to_copy
        self.notify(await copy(self.app, text), timeout=4)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now only."""
        if action == "open_text":
            execution = self.state.execution if self.state is not None else None
            has_text = execution is not None and execution.produced_text_pk is not None
            return has_text and self.tab == "result"
        return super().check_action(action, parameters)


def _told_state(state: WorkflowState, now: datetime) -> str:
    row = state.waiting
    if row is None or row.last is None:
        return state.run.state.value
    since = row.last.ended_date or row.last.creation_date
    return f"waiting for you since {told(since.astimezone(), now)}" if since else "waiting for you"


def _inputs_text(inputs: Sequence[InputValue]) -> str:
    given: Item = {one.input_name: one.input_value for one in inputs}
    return as_markdown([given]) if given else "*It was given nothing.*"
