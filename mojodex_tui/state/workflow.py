"""A run of a workflow: what its steps did, and what its user may decide now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Final

from mojodex_tui.wire.events import (
    ErrorReported,
    StepEnded,
    StepInvalidated,
    StepStarted,
    WorkflowProducedText,
)
from mojodex_tui.wire.workflow_extensions import RunState, RunStepExecution, WorkflowRun

if TYPE_CHECKING:
    from mojodex_tui.client.port.workflows import SteeredRun
    from mojodex_tui.wire.executions import Execution
    from mojodex_tui.wire.heard import LiveEvent
    from mojodex_tui.wire.steps import Step

_RUN_BROKE: Final = "Error during workflow run"
"""How a server begins to say that a run broke outside its steps (wire protocol §10.4)."""


class Sign(Enum):
    """How a row stands: its sign, and the word for it."""

    DONE = ("ok", "done")
    YOURS = (">>", "your turn")
    RUNNING = ("**", "running")
    FAILED = ("!!", "failed")
    REJECTED = ("xx", "rejected")
    LATER = ("..", "later")

    @property
    def mark(self) -> str:
        """Two letters that stand before the row."""
        return self.value[0]

    @property
    def word(self) -> str:
        """What the mark means."""
        return self.value[1]


@dataclass(frozen=True)
class StepRow:
    """One item of one step: its tries, or none yet."""

    step: Step
    rank: int
    """The step's place in the workflow, from 1."""
    place: int = 1
    """Which of the step's items this is, from 1."""
    count: int = 1
    """How many items the step has, as far as is known."""
    tries: tuple[RunStepExecution, ...] = ()
    """The oldest first."""

    @property
    def key(self) -> str:
        """Stays the same while the run goes on."""
        return f"{self.rank}.{self.place}"

    @property
    def last(self) -> RunStepExecution | None:
        """The try that counts."""
        return self.tries[-1] if self.tries else None

    @property
    def label(self) -> str:
        """The step's name, and which of its items this is."""
        name = self.step.step_name_for_user or self.step.step_name or f"Step {self.rank}"
        return f"{name} {self.place}/{self.count}" if self.count > 1 else name

    @property
    def sign(self) -> Sign:
        """How it stands."""
        return Sign.LATER if self.last is None else _sign_of(self.last)

    def seconds(self, now: datetime) -> int | None:
        """Return how long the last try took, or has taken until `now`; `None` if unknown."""
        last = self.last
        if last is None or last.creation_date is None:
            return None
        end = last.ended_date or (now if self.sign is Sign.RUNNING else None)
        return None if end is None else max(0, int((end - last.creation_date).total_seconds()))


@dataclass(frozen=True)
class WorkflowState:
    """A run as its screen shows it."""

    steered: SteeredRun
    rows: tuple[StepRow, ...]

    @property
    def run(self) -> WorkflowRun:
        """What the server tells."""
        return self.steered.run

    @property
    def execution(self) -> Execution | None:
        """What the server tells of it as of any execution: title, inputs, produced text."""
        return self.steered.execution

    @property
    def current(self) -> StepRow | None:
        """The row that was begun last."""
        begun = [row for row in self.rows if row.last is not None]
        return max(begun, key=_begun_as, default=None)

    @property
    def waiting(self) -> StepRow | None:
        """The row whose result the user decides on now."""
        row = self.current
        return row if row is not None and row.sign is Sign.YOURS else None

    @property
    def n_done(self) -> int:
        """How many rows are done."""
        return sum(row.sign is Sign.DONE for row in self.rows)

    @property
    def left_of_step(self) -> int:
        """How many rows of the present step are not done yet."""
        current = self.current
        if current is None:
            return 0
        return sum(row.rank == current.rank and row.sign is not Sign.DONE for row in self.rows)

    @property
    def is_auto(self) -> bool:
        """Whether the server takes the results of the present step without asking."""
        return self.run.auto_step_pk is not None

    @property
    def failure(self) -> str:
        """Why the run does not go on, if it has failed."""
        if self.run.state is not RunState.FAILED:
            return ""
        last = self.current.last if self.current is not None else None
        if last is not None and last.error_status is not None:
            return last.error_status.text
        failed = self.execution.failure if self.execution is not None else None
        return failed or "The run could not go on."

    def row(self, key: str | None) -> StepRow | None:
        """Return a row by its key."""
        return next((row for row in self.rows if row.key == key), None)

    def total_seconds(self, now: datetime) -> int:
        """Return how long all tries took together."""
        told = (replace(row, tries=(one,)).seconds(now) for row in self.rows for one in row.tries)
        return sum(seconds or 0 for seconds in told)

    def effect_of(self, row: StepRow, n_items: int) -> str:
        """Return what so many items in the result of a row mean for what comes next."""
        ranks = {step.workflow_step_pk: rank for rank, step in enumerate(self.run.steps, 1)}
        next_rank = ranks.get(row.step.workflow_step_pk, row.rank) + 1
        if not n_items:
            return "No items: the run could not go on."
        if next_rank > len(self.run.steps):
            return ""
        name = self.run.steps[next_rank - 1].step_name_for_user or "the next step"
        times = "once" if n_items == 1 else f"{n_items} times"
        return f"{_counted(n_items, 'item')}: “{name}” will run {times}"


def state_of(steered: SteeredRun) -> WorkflowState:
    """Return a run as its screen shows it."""
    return WorkflowState(steered, rows_of(steered.run))


def apply(state: WorkflowState, event: LiveEvent) -> WorkflowState:
    """Return the run after `event`; the server is asked for the rest."""
    match event:
        case StepStarted():
            known = {one.user_workflow_step_execution_pk for one in state.run.step_executions}
            is_new = event.user_workflow_step_execution_pk not in known
            return _changed(_accepted(state) if is_new else state, event, RunState.RUNNING)
        case StepEnded(error_status=None):
            waits = event.user_validation_required and event.validated is None
            return _changed(state, event, RunState.WAITING if waits else RunState.RUNNING)
        case StepEnded():
            return _changed(state, event, RunState.FAILED)
        case StepInvalidated():
            return _changed(state, event, RunState.RUNNING)
        case WorkflowProducedText():
            accepted = _accepted(state)
            return _with_executions(accepted, accepted.run.step_executions, RunState.DONE)
        case ErrorReported(error=words) if words.startswith(_RUN_BROKE):
            return _broken(state, words)
        case _:
            return state


def read_again(before: WorkflowState | None, told: WorkflowState) -> WorkflowState:
    """Return a run as the server tells it now, with what only an event told of it.

    Original servers say once that a run broke between two steps, and never when asked.
    """
    if before is None or told.steered.has_extras or told.run.state is not RunState.RUNNING:
        return told
    same = _pks(before) == _pks(told) and before.run.state is RunState.FAILED
    return _broken(told, before.failure) if same else told


def with_result(state: WorkflowState, pk: int, result: Sequence[object]) -> WorkflowState:
    """Return the run with the user's own result of a step, which is on its way."""
    executions = tuple(
        one.model_copy(update={"result": list(result)})
        if one.user_workflow_step_execution_pk == pk
        else one
        for one in state.run.step_executions
    )
    return _with_executions(state, executions, state.run.state)


def rows_of(run: WorkflowRun) -> tuple[StepRow, ...]:
    """Return the timeline of a run: what was done, what is done, and what is known to come.

    A step execution after a rejected or failed one of the same step is its next try; when the
    first step is tried again, all that followed from it no longer counts.
    """
    ranks = {step.workflow_step_pk: rank for rank, step in enumerate(run.steps, 1)}
    begun: list[list[RunStepExecution]] = []
    for one in run.step_executions:
        rank = ranks.get(one.workflow_step_pk, len(ranks) + 1)
        before = next(
            (
                tries
                for tries in reversed(begun)
                if tries[-1].workflow_step_pk == one.workflow_step_pk and _gave_way(tries[-1], one)
            ),
            None,
        )
        if before is None:
            begun.append([one])
        else:
            before.append(one)
            if rank == 1:
                begun = [before]
    rows: list[StepRow] = []
    known: int | None = 1
    for rank, step in enumerate(run.steps, 1):
        tries = [each for each in begun if each[-1].workflow_step_pk == step.workflow_step_pk]
        # Nothing comes after the end: an original server leaves items out (wire protocol §6.4).
        count = len(tries) if run.state is RunState.DONE else max(known or 1, len(tries))
        for place in range(1, count + 1):
            mine = tuple(tries[place - 1]) if place <= len(tries) else ()
            rows.append(StepRow(step, rank, place, count, mine))
        known = _items_given(tries, count)
    return tuple(rows)


def tries_differ(row: StepRow) -> bool:
    """Whether there are two results of a row to compare."""
    return sum(one.result is not None for one in row.tries) > 1


def _gave_way(before: RunStepExecution, after: RunStepExecution) -> bool:
    """Whether `after` is another try of what `before` did not do to the end.

    A restart has other inputs, so the parameter says nothing of the first step's.
    """
    return before.validated is False or (
        before.error_status is not None and before.parameter == after.parameter
    )


def _items_given(tries: Iterable[Sequence[RunStepExecution]], count: int) -> int | None:
    """Return how many items the next step gets; `None` while nobody knows."""
    last = [each[-1] for each in tries]
    if len(last) < count or any(_sign_of(one) is not Sign.DONE for one in last):
        given = sum(len(one.result_items) for one in last if _sign_of(one) is Sign.DONE)
        return given or None
    return sum(len(one.result_items) for one in last)


def _sign_of(one: RunStepExecution) -> Sign:
    if one.validated is False:
        return Sign.REJECTED
    if one.error_status is not None:
        return Sign.FAILED
    if one.result is None:
        return Sign.RUNNING
    if one.user_validation_required and one.validated is None:
        return Sign.YOURS
    return Sign.DONE


def _begun_as(row: StepRow) -> int:
    return row.tries[-1].user_workflow_step_execution_pk


def _accepted(state: WorkflowState) -> WorkflowState:
    """Return the run once it has gone on: what waited was accepted, of which no event tells."""
    executions = tuple(
        one.model_copy(update={"validated": True}) if _sign_of(one) is Sign.YOURS else one
        for one in state.run.step_executions
    )
    return _with_executions(state, executions, state.run.state)


def _changed(
    state: WorkflowState, event: StepStarted | StepEnded | StepInvalidated, to: RunState
) -> WorkflowState:
    told = event.model_dump(exclude={"event", "session_id"})
    pk = event.user_workflow_step_execution_pk
    before = next(
        (one for one in state.run.step_executions if one.user_workflow_step_execution_pk == pk),
        None,
    )
    if before is None:
        one = RunStepExecution.model_validate(told)
        return _with_executions(state, (*state.run.step_executions, one), to)
    if isinstance(event, StepStarted) and before.result is not None:
        return state  # it came late
    changed = before.model_copy(update={key: getattr(event, key) for key in told})
    executions = tuple(
        changed if one.user_workflow_step_execution_pk == pk else one
        for one in state.run.step_executions
    )
    # What comes late about an earlier one says nothing of how the run stands now.
    newest = max(one.user_workflow_step_execution_pk for one in executions)
    return _with_executions(state, executions, to if pk == newest else state.run.state)


def _with_executions(
    state: WorkflowState, executions: tuple[RunStepExecution, ...], to: RunState
) -> WorkflowState:
    run = state.run.model_copy(update={"step_executions": executions, "state": to})
    return state_of(replace(state.steered, run=run))


def _broken(state: WorkflowState, words: str) -> WorkflowState:
    """Return a run that failed outside its steps."""
    run = state.run.model_copy(update={"state": RunState.FAILED})
    execution = state.execution
    if execution is not None:
        execution = execution.model_copy(update={"failure": words})
    return state_of(replace(state.steered, run=run, execution=execution))


def _pks(state: WorkflowState) -> list[int]:
    return [one.user_workflow_step_execution_pk for one in state.run.step_executions]


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
