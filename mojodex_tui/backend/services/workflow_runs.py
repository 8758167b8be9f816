"""What is known of a run of a workflow, read in one transaction, and how it looks to clients."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.briefs import ReviewBrief, ReviewedStep
from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.conversations import Execution
from mojodex_tui.backend.domain.workflow_rules import Plan, plan, try_numbers
from mojodex_tui.backend.domain.workflow_runs import Standing, StepRun, Version
from mojodex_tui.backend.domain.workflows import WorkflowStep
from mojodex_tui.backend.services.briefs import input_value
from mojodex_tui.backend.services.ports import Clock, Work
from mojodex_tui.wire.steps import ErrorStatus, Step, StepExecution
from mojodex_tui.wire.workflow_extensions import Author, ResultVersion, RunStepExecution


@dataclass(frozen=True)
class Known:
    """A run of a workflow."""

    execution: Execution
    steps: tuple[WorkflowStep, ...]
    runs: tuple[StepRun, ...]
    """All step executions, the oldest first."""
    standing: Standing

    @property
    def inputs(self) -> JsonObject:
        """The values of the form, by input name."""
        return {str(each["input_name"]): each.get("value") for each in self.execution.inputs}

    @property
    def has_begun(self) -> bool:
        """Whether it was started by its form; a message alone does not do that."""
        return bool(self.runs) or self.standing.working

    @cached_property
    def plan(self) -> Plan:
        """What counts, and what comes next."""
        return plan(self.steps, self.runs, self.inputs)

    @property
    def revision(self) -> int:
        """Up to which change its step executions are known."""
        return max((run.revision for run in self.runs), default=-1)

    def step(self, run: StepRun) -> WorkflowStep:
        """Return the step of an execution."""
        return next(step for step in self.steps if step.pk == run.step_pk)

    def run(self, pk: int) -> StepRun:
        """Return a step execution by its key."""
        return next(run for run in self.runs if run.pk == pk)


async def look(work: Work, execution: Execution, language: str) -> Known:
    """Return what is known of a run; a transaction that writes has locked its execution before."""
    return Known(
        execution,
        await work.workflows.steps(execution.task_pk, language),
        tuple(await work.workflows.runs(execution.pk)),
        await work.workflows.standing(execution.pk),
    )


async def look_again(work: Work, execution: Execution, before: Known) -> Known:
    """Return what is known of a run now; of its step executions only what changed is read.

    Args:
        work: a transaction; one that writes has locked the execution before.
        execution: the run, as it is now.
        before: what was known, of changes that are committed.
    """
    changed = await work.workflows.runs(execution.pk, before.revision)
    runs = {run.pk: run for run in (*before.runs, *changed)}
    return Known(
        execution,
        before.steps,
        tuple(runs[pk] for pk in sorted(runs)),
        await work.workflows.standing(execution.pk),
    )


def wire_step(step: WorkflowStep) -> Step:
    """Return a step as users see it (§2)."""
    return Step(
        workflow_step_pk=step.pk,
        step_name=step.name,
        step_name_for_user=step.label,
        step_definition_for_user=step.definition,
    )


def wire_run(step: WorkflowStep, run: StepRun) -> StepExecution:
    """Return a step execution (§6.2)."""
    return StepExecution.model_validate(_fields(step, run))


def _fields(step: WorkflowStep, run: StepRun) -> dict[str, Any]:
    return {
        **dict(wire_step(step)),
        "user_workflow_step_execution_pk": run.pk,
        "creation_date": run.created,
        "user_validation_required": step.validation_required,
        "validated": run.validated,
        "parameter": run.parameter,
        "result": [*run.result] if run.result is not None else None,
        "error_status": ErrorStatus.model_validate(run.error) if run.error else None,
        "review_chat_enabled": step.review_chat_enabled,
    }


def whole_runs(
    known: Known, versions: Mapping[int, Sequence[Version]]
) -> tuple[RunStepExecution, ...]:
    """Return the step executions with all that only our own clients show.

    Args:
        known: their run.
        versions: their results, by the key of the step execution.
    """
    numbers = try_numbers(known.runs)
    counts = {run.pk: len(run.result or ()) for run in known.runs}
    return tuple(
        _whole_run(
            known,
            run,
            numbers[run.pk],
            counts[run.parent_pk] if run.parent_pk is not None else 1,
            versions.get(run.pk, ()),
        )
        for run in known.runs
    )


def _whole_run(
    known: Known, run: StepRun, try_number: int, item_count: int, versions: Sequence[Version]
) -> RunStepExecution:
    return RunStepExecution(
        **_fields(known.step(run), run),
        ended_date=run.ended,
        learned_instruction=run.instruction,
        item_index=run.item_index,
        item_count=item_count,
        try_number=try_number,
        versions=tuple(
            ResultVersion(
                version_pk=version.pk,
                creation_date=version.created,
                author=Author(version.author),
                result=[*version.items],
            )
            for version in versions
        ),
    )


def shown_runs(known: Known) -> tuple[StepExecution, ...]:
    """Return what counts, and the last step execution unless it was rejected (§3.5)."""
    shown = {run.pk: run for run in known.plan.counted}
    if known.runs and not known.runs[-1].rejected:
        shown[known.runs[-1].pk] = known.runs[-1]
    return tuple(wire_run(known.step(shown[pk]), shown[pk]) for pk in sorted(shown))


async def review_brief(work: Work, user: User, known: Known, clock: Clock) -> ReviewBrief:
    """Return what is known of the step that was rejected: always the last one (§6.6)."""
    task = await work.tasks.get(known.execution.task_pk)
    words = task.words_in(user.language)
    current = known.runs[-1]
    return ReviewBrief(
        workflow=words.name if words else task.name,
        definition=task.definition,
        language=user.language,
        user_name=user.name or "",
        now=user.local_time(clock()),
        current=_reviewed(known.step(current), current),
        achieved=tuple(
            _reviewed(known.step(run), run) for run in known.plan.counted if run.pk != current.pk
        ),
        inputs=tuple(map(input_value, known.execution.inputs)),
        company=user.company_description,
    )


def _reviewed(step: WorkflowStep, run: StepRun) -> ReviewedStep:
    return ReviewedStep(
        label=step.label,
        definition=step.definition_for_system,
        parameter=json.dumps(run.parameter, ensure_ascii=False),
        result=json.dumps(run.result or [], ensure_ascii=False),
    )
