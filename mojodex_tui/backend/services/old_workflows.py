"""Workflows as servers before April 2024 told of them, for clients of that time (§15)."""

from dataclasses import dataclass

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.catalog import OwnedTask
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.domain.workflows import WorkflowStep
from mojodex_tui.backend.services.errors import NotFound
from mojodex_tui.backend.services.executions import TaskExecutions
from mojodex_tui.backend.services.ports import Store, Work
from mojodex_tui.backend.services.workflow_runs import Known, shown_runs
from mojodex_tui.backend.services.workflows import own_run
from mojodex_tui.wire import old_workflows as old
from mojodex_tui.wire.executions import InputValue

_MOST_TASKS = 1000


@dataclass(frozen=True)
class OldWorkflows:
    """What can be done with workflows in the words of that time.

    Args:
        store: where runs are kept.
        executions: creates and starts them.
    """

    store: Store
    executions: TaskExecutions

    async def list_all(self, user: User, platform: str, page: Page) -> old.OldWorkflows:
        """Return a page of the workflows of a user."""
        async with self.store.read() as work:
            owned = await work.tasks.owned(user.user_id, platform, Page(_MOST_TASKS, 0))
            flows = [each for each in owned if each.task.is_workflow]
            on_page = flows[page.offset : page.offset + page.limit]
            return old.OldWorkflows(
                user_workflows=tuple([await _workflow(work, each, user) for each in on_page])
            )

    async def read_one(self, user: User, user_workflow_pk: int) -> old.OldWorkflow:
        """Return one workflow of a user.

        Raises:
            NotFound: there is none.
        """
        async with self.store.read() as work:
            owned = await work.tasks.owned_by_pk(user.user_id, user_workflow_pk)
            if owned is None or not owned.task.is_workflow:
                raise NotFound("Workflow not found for this user")
            return await _workflow(work, owned, user)

    async def create(self, user: User, user_workflow_pk: int, platform: str) -> old.OldExecution:
        """Create an execution.

        Raises:
            NotFound: there is no such workflow.
            NoPurchase: the user does not have it any more.
            TermsNotAccepted: the user did not accept the terms.
        """
        await self.read_one(user, user_workflow_pk)
        made = await self.executions.create(user, user_workflow_pk, platform, None)
        return await self.read(user, made.user_task_execution_pk)

    async def start(self, user: User, pk: int, inputs: tuple[old.OldInput, ...]) -> None:
        """Start an execution with its inputs.

        Raises:
            Refused: there is no such run, or a value does not fit its field.
        """
        async with self.store.read() as work:
            await own_run(work, user, pk)
        given = [
            InputValue(input_name=each.input_name, input_value=each.value)
            for each in inputs
            if each.value is not None
        ]
        await self.executions.run(user, pk, given, ())

    async def read(self, user: User, pk: int) -> old.OldExecution:
        """Return an execution and what was done of it.

        Raises:
            Refused: there is no such run.
        """
        async with self.store.read() as work:
            known = await own_run(work, user, pk)
            task = await work.tasks.get(known.execution.task_pk)
        words = task.words_in(user.language)
        return old.OldExecution(
            workflow_name=words.name if words else None,
            user_workflow_execution_pk=pk,
            user_workflow_fk=known.execution.user_task_pk,
            steps=tuple(map(_step, known.steps)),
            validated_steps_executions=_runs(known),
            session_id=known.execution.session_id,
            inputs=tuple(
                old.OldInput(input_name=name, value=value if isinstance(value, str) else None)
                for name, value in known.inputs.items()
            ),
        )


async def _workflow(work: Work, owned: OwnedTask, user: User) -> old.OldWorkflow:
    words = owned.task.words_in(user.language)
    return old.OldWorkflow(
        user_workflow_pk=owned.user_task_pk or 0,
        workflow_pk=owned.task.task_pk,
        name=words.name if words else None,
        icon=owned.task.icon,
        description=words.definition if words else None,
        inputs_spec=tuple(
            old.OldInputSpec(input_name=str(each["input_name"]))
            for each in owned.task.inputs_in(user.language)
        ),
        steps=tuple(map(_step, await work.workflows.steps(owned.task.task_pk, user.language))),
    )


def _step(step: WorkflowStep) -> old.OldStep:
    return old.OldStep(workflow_step_pk=step.pk, step_name=step.name)


def _runs(known: Known) -> tuple[old.OldStepExecution, ...]:
    """Return what counts; at that time a result nobody has decided about was not told of here."""
    counted = {run.pk for run in known.plan.counted}
    return tuple(
        old.OldStepExecution(
            workflow_step_pk=shown.workflow_step_pk,
            step_name=shown.step_name or "",
            user_workflow_step_execution_pk=shown.user_workflow_step_execution_pk,
            validated=shown.validated,
            parameter=shown.parameter,
            result=shown.result,
        )
        for shown in shown_runs(known)
        if shown.user_workflow_step_execution_pk in counted
    )
