"""Which step execution comes next, and what a run has come to (wire protocol §6.4, mended).

A step runs once for each item of what the step before it gave: first all of a step, then all of
the next one, as an original server does it. There the items of all but the last execution are lost
as soon as two steps in a row give several (C21); here every item knows whose it is. An execution
counts once it has ended and nobody has to accept it any more, so neither one that runs nor one
that was rejected ever counts (C20).
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.workflow_runs import Place, Standing, StepRun
from mojodex_tui.backend.domain.workflows import Learned, PastResult, WorkflowStep
from mojodex_tui.wire.workflow_extensions import RunState

_TYPES = "types"
"""The key of an item that only tells clients how to show the others (§6.1)."""


@dataclass(frozen=True)
class Begin:
    """A step execution is to begin."""

    step: WorkflowStep
    place: Place


@dataclass(frozen=True)
class GoOn:
    """A step execution has begun and not ended."""

    run: StepRun


@dataclass(frozen=True)
class Decide:
    """A result waits for the user's decision."""

    run: StepRun


@dataclass(frozen=True)
class Retry:
    """A step has failed; the user decides when it is tried again."""

    run: StepRun


@dataclass(frozen=True)
class Nothing:
    """No execution of a step gave anything for the next one to work on."""

    step: WorkflowStep


@dataclass(frozen=True)
class Finish:
    """Every step has run on every item."""

    text: str


Next = Begin | GoOn | Decide | Retry | Nothing | Finish


@dataclass(frozen=True)
class Plan:
    """What counts so far, and what comes next."""

    counted: tuple[StepRun, ...]
    """By step, and in the order of the items within it."""
    next: Next


def plan(steps: Sequence[WorkflowStep], runs: Sequence[StepRun], inputs: JsonObject) -> Plan:
    """Return what comes next.

    Args:
        steps: of the workflow, by rank.
        runs: all executions, the oldest first.
        inputs: what the first step works on.
    """
    latest = {(run.step_pk, run.parent_pk, run.item_index): run for run in runs if not run.rejected}
    counted: list[StepRun] = []
    places = [Place(None, 0, inputs)]
    of_step: list[StepRun] = []
    for step in steps:
        of_step = []
        for place in places:
            run = latest.get((step.pk, place.parent_pk, place.item_index))
            waits = _waits(step, run) if run is not None else Begin(step, place)
            if waits is not None:
                return Plan((*counted, *of_step), waits)
            if run is not None:
                of_step.append(run)
        counted += of_step
        places = [
            Place(run.pk, index, item) for run in of_step for index, item in enumerate(_items(run))
        ]
        if not places and step != steps[-1]:
            return Plan(tuple(counted), Nothing(step))
    return Plan(tuple(counted), Finish(end_text(of_step)))


def _waits(step: WorkflowStep, run: StepRun) -> Next | None:
    """Return what an execution waits for; `None` if it counts."""
    if run.error is not None:
        return Retry(run)
    if run.result is None:
        return GoOn(run)
    if step.validation_required and run.validated is None:
        return Decide(run)
    return None


def _items(run: StepRun) -> tuple[JsonObject, ...]:
    return run.result or ()


def is_used(run: StepRun, runs: Sequence[StepRun]) -> bool:
    """Whether something that was not given up was made from a result."""
    return any(
        child.parent_pk == run.pk and not child.rejected and child.error is None for child in runs
    )


def learned(step_pk: int, parameter: JsonObject, runs: Sequence[StepRun]) -> tuple[Learned, ...]:
    """Return what was learned from rejections of a step on an equal parameter."""
    return tuple(
        Learned(_items(run), run.instruction)
        for run in runs
        if run.step_pk == step_pk and run.parameter == parameter and run.instruction
    )


def past_results(
    steps: Sequence[WorkflowStep], counted: Sequence[StepRun], runs: Sequence[StepRun]
) -> tuple[PastResult, ...]:
    """Return what counts so far, each with the instruction that led to it, if any."""
    names = {step.pk: step.name for step in steps}
    taught = [run for run in runs if run.instruction]
    return tuple(
        PastResult(names[run.step_pk], run.parameter, _items(run), _instruction_for(run, taught))
        for run in counted
    )


def _instruction_for(run: StepRun, runs: Sequence[StepRun]) -> str | None:
    before = learned(run.step_pk, run.parameter, [each for each in runs if each.pk < run.pk])
    return before[-1].instruction if before else None


def end_text(last: Sequence[StepRun]) -> str:
    """Return what a workflow produces: the first value of each item its last step gave (§6.5).

    An original server takes the first item of each result only, and fails unless it is text (C22).
    """
    return "\n\n".join(text for run in last for item in _items(run) if (text := _text_of(item)))


def _text_of(item: JsonObject) -> str:
    value = next((value for key, value in item.items() if key != _TYPES), "")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def try_numbers(runs: Sequence[StepRun]) -> dict[int, int]:
    """Return which try at its step and item each execution is, from 1, by its key."""
    tries: Counter[tuple[int, int | None, int]] = Counter()
    numbers: dict[int, int] = {}
    for run in runs:
        place = (run.step_pk, run.parent_pk, run.item_index)
        tries[place] += 1
        numbers[run.pk] = tries[place]
    return numbers


def state_of(standing: Standing, runs: Sequence[StepRun], planned: Plan) -> RunState:
    """Return what a run does now."""
    if standing.ended:
        return RunState.DONE
    if not standing.started:
        return RunState.NEW
    match planned.next:
        case Decide():
            return RunState.WAITING
        case Retry() | Nothing() if not standing.working:
            return RunState.FAILED
    if standing.working:
        return RunState.RUNNING
    if standing.stopped or is_stopped_in_step(runs):
        return RunState.STOPPED
    return RunState.PAUSED if standing.paused else RunState.FAILED


def is_stopped_in_step(runs: Sequence[StepRun]) -> bool:
    """Whether the user gave the last step execution up, without saying what should be different."""
    last = runs[-1] if runs else None
    return last is not None and last.rejected and last.error is None and last.instruction is None
