"""Runs of workflows, looked at: one, all that wait, and a new one like one that was."""

from dataclasses import dataclass

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.inputs import file_names
from mojodex_tui.backend.domain.workflow_rules import Begin, Decide, Nothing, Retry, state_of
from mojodex_tui.backend.domain.workflow_runs import StepRun
from mojodex_tui.backend.domain.workflows import WorkflowStep
from mojodex_tui.backend.services.errors import NoPurchase
from mojodex_tui.backend.services.files import Files
from mojodex_tui.backend.services.ports import Store, Work
from mojodex_tui.backend.services.sessions import open_session
from mojodex_tui.backend.services.shapes import actions, input_specs
from mojodex_tui.backend.services.workflow_runs import Known, look, whole_runs, wire_step
from mojodex_tui.backend.services.workflows import own_run
from mojodex_tui.wire.executions import CreatedExecution
from mojodex_tui.wire.workflow_extensions import WaitingKind, WaitingRun, WorkflowInbox, WorkflowRun


@dataclass(frozen=True)
class WorkflowViews:
    """Shows runs.

    Args:
        store: where they are kept.
        files: what was uploaded with their forms.
    """

    store: Store
    files: Files

    async def read(self, user: User, pk: int) -> WorkflowRun:
        """Return all of a run.

        Raises:
            Refused: there is no such run.
        """
        async with self.store.read() as work:
            known = await own_run(work, user, pk)
            versions = await work.workflows.versions(pk)
        return WorkflowRun(
            user_task_execution_pk=pk,
            state=state_of(known.standing, known.runs, known.plan),
            paused=known.standing.paused,
            auto_step_pk=known.standing.auto_step_pk,
            steps=tuple(map(wire_step, known.steps)),
            step_executions=whole_runs(known, versions),
        )

    async def inbox(self, user: User) -> WorkflowInbox:
        """Return the runs that wait for their user, the longest waiting first."""
        async with self.store.read() as work:
            found = [
                await self._waiting(work, user, unfinished.execution_pk)
                for unfinished in await work.workflows.unfinished(user.user_id)
            ]
        waiting = [run for run in found if run is not None]
        return WorkflowInbox(waiting=tuple(sorted(waiting, key=lambda run: run.since)))

    async def _waiting(self, work: Work, user: User, pk: int) -> WaitingRun | None:
        execution = await work.executions.get(pk)
        if execution is None:
            return None
        known = await look(work, execution, user.language)
        at = _waits_at(known)
        if at is None or known.standing.working:
            return None
        kind, run, step = at
        since = run.ended or run.created
        session_id = execution.session_id
        if kind is WaitingKind.DECISION and await work.workflows.last_word_is_question(
            session_id, since
        ):
            kind = WaitingKind.QUESTION
        task = await work.tasks.get(execution.task_pk)
        words = task.words_in(user.language)
        return WaitingRun(
            user_task_execution_pk=pk,
            session_id=session_id,
            title=execution.title,
            workflow_name=words.name if words else None,
            icon=task.icon,
            step_name=step.label,
            since=since,
            kind=kind,
        )

    async def duplicate(self, user: User, pk: int, platform: str) -> CreatedExecution:
        """Create a run with the inputs and files of another, not started yet.

        Raises:
            Refused: there is no such run, or no such platform.
            NoPurchase: the user does not have the workflow any more.
            TermsNotAccepted: the user did not accept the terms.
        """
        async with self.store.write() as work:
            execution = (await own_run(work, user, pk)).execution
            owned = await work.tasks.owned_by_pk(user.user_id, execution.user_task_pk)
            if owned is None or not owned.enabled:
                raise NoPurchase
            session_id = await open_session(work, user, platform, "form")
            for name in file_names(execution.inputs):
                await self.files.share(execution.session_id, name, session_id)
            # As a follow-up it is no untouched form, which would be given out and emptied again.
            new = await work.executions.add(
                execution.user_task_pk, session_id, execution.inputs, pk
            )
        return CreatedExecution(
            user_task_execution_pk=new,
            json_input=input_specs(owned.task.inputs_in(user.language)),
            actions=actions(owned.task, user.language),
            session_id=session_id,
            intro_done=user.company_fk is not None,
        )


def _waits_at(known: Known) -> tuple[WaitingKind, StepRun, WorkflowStep] | None:
    """Return why and where a run waits for its user; `None` if it does not."""
    match known.plan.next:
        case Decide(run):
            return WaitingKind.DECISION, run, known.step(run)
        case Retry(run):
            return WaitingKind.FAILURE, run, known.step(run)
        case Nothing(step) if known.runs:
            return WaitingKind.FAILURE, known.runs[-1], step
        case Begin(step) if known.runs and not known.standing.paused:
            # Stopped by the user it waits for nothing; else it could not go on.
            last = known.runs[-1]
            return None if last.rejected else (WaitingKind.FAILURE, last, step)
    return None
