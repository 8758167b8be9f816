"""Workflows on servers before April 2024, which have routes of their own for them (§15).

Nothing else knows of those servers: calls of today's routes are turned into theirs, and their
answers back. A workflow of theirs, and a run of it, has its key with a minus before it, because the
tasks of the same server have keys of their own.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, TypeVar

from mojodex_tui.client.api import Caller
from mojodex_tui.client.errors import BadAnswer, NotFound, NotSupportedByServer
from mojodex_tui.client.http import Http
from mojodex_tui.client.way import Way
from mojodex_tui.wire import catalog, executions
from mojodex_tui.wire import old_workflows as old
from mojodex_tui.wire.base import PAGE_LIMIT, FilePart, Platform, Request, Success, WireModel
from mojodex_tui.wire.events import ServerEvent, StepEnded, StepInvalidated, StepStarted
from mojodex_tui.wire.route import Route
from mojodex_tui.wire.steps import Step, StepExecution

RequestT = TypeVar("RequestT", bound=Request)
ResponseT = TypeVar("ResponseT", bound=WireModel)

_ABSENT: Final = (NotFound, NotSupportedByServer)


class AnyAgeCaller(Caller):
    """Calls a server, whatever its age.

    A server is older if its tasks do not tell their steps; then it is asked for its workflows.

    Args:
        http: What calls.
        way: Where to.
        clock: Tells when a run was first seen to be started, which those servers do not tell.
    """

    def __init__(
        self, http: Http, way: Way, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(http, way)
        self._clock = clock
        self._started: dict[int, datetime] = {}
        self._newest: dict[str, StepExecution] = {}

    def overhear(self, event: ServerEvent) -> None:
        """Remember a step that nobody has decided about: such a server tells of it only once."""
        match event:
            case StepStarted() | StepEnded():
                self._newest[event.session_id] = _named(event)
            case StepInvalidated():
                self._newest.pop(event.session_id, None)
            case _:
                pass

    async def __call__(
        self,
        route: Route[RequestT, ResponseT],
        request: RequestT,
        files: Sequence[FilePart] = (),
    ) -> ResponseT:
        """Call a route.

        Raises:
            ApiError: it failed for good.
        """
        if isinstance(request, catalog.CatalogRequest):
            return _as(route, await self._tasks(request))
        told = await self._translated(request)
        return await super().__call__(route, request, files) if told is None else _as(route, told)

    async def once(
        self,
        route: Route[RequestT, ResponseT],
        request: RequestT,
        files: Sequence[FilePart] = (),
    ) -> ResponseT:
        """Call a route whose call may not be repeated blindly; the way to it is repaired.

        Raises:
            ApiError: it failed; it may have arrived all the same.
        """
        told = await self._translated(request)
        return await super().once(route, request, files) if told is None else _as(route, told)

    async def _translated(self, request: Request) -> WireModel | None:
        """Answer a call about an old workflow; `None` if it is about something else."""
        match request:
            case executions.CreateExecutionRequest(user_task_pk=pk) if pk < 0:
                wanted = old.CreateOldExecutionRequest(user_workflow_pk=-pk)
                return _created(await super().__call__(old.CREATE_OLD_EXECUTION, wanted))
            case executions.RunExecutionRequest(user_task_execution_pk=pk) if pk < 0:
                given = tuple(
                    old.OldInput(input_name=one.input_name, value=one.input_value)
                    for one in request.inputs
                )
                start = old.StartOldExecutionRequest(
                    user_workflow_execution_pk=-pk, json_inputs=given
                )
                await super().once(old.START_OLD_EXECUTION, start)
                return Success(success=True)
            case executions.ExecutionRequest(user_task_execution_pk=pk) if pk < 0:
                asked = old.OldExecutionRequest(user_workflow_execution_pk=-pk)
                return self._execution(await super().__call__(old.READ_OLD_EXECUTION, asked))
            case _:
                return None

    async def _tasks(self, request: catalog.CatalogRequest) -> catalog.Catalog:
        """Return a page of tasks, the first one with the workflows of an older server."""
        page = await super().__call__(catalog.LIST_TASKS, request)
        tells_steps = any("steps" in task.model_fields_set for task in page.user_tasks)
        if tells_steps or request.platform != Platform.WEBAPP or request.offset:
            return page
        wanted = old.OldWorkflowsRequest(n_user_workflows=PAGE_LIMIT)
        try:
            flows = await super().__call__(old.LIST_OLD_WORKFLOWS, wanted)
        except _ABSENT:
            return page
        return catalog.Catalog(
            user_tasks=(*page.user_tasks, *map(_task, flows.user_workflows)),
        )

    def _execution(self, told: old.OldExecution) -> executions.Execution:
        """Return a run as a server of today would tell it."""
        pk = -told.user_workflow_execution_pk
        decided = tuple(_done(step) for step in told.validated_steps_executions)
        known = {step.user_workflow_step_execution_pk for step in decided}
        newest = self._newest.get(told.session_id)
        undecided = (
            (newest,)
            if newest is not None and newest.user_workflow_step_execution_pk not in known
            else ()
        )
        if decided or undecided or any(one.value is not None for one in told.inputs):
            self._started.setdefault(pk, self._clock())
        text = None if undecided else _text(told, decided)
        return executions.Execution(
            user_task_execution_pk=pk,
            start_date=self._started.get(pk),
            session_id=told.session_id,
            json_inputs_values=tuple(
                executions.FilledInput(**_field(one.input_name).model_dump(), value=one.value)
                for one in told.inputs
            ),
            task_name=told.workflow_name,
            task_type=catalog.TaskType.WORKFLOW,
            result_chat_enabled=False,
            user_task_pk=-told.user_workflow_fk,
            produced_text_pk=pk if text is not None else None,
            produced_text_production=text,
            produced_text_version_pk=pk if text is not None else None,
            produced_text_version_index=1 if text is not None else 0,
            steps=tuple(map(_step, told.steps)),
            step_executions=(*decided, *undecided),
        )


def _as(route: Route[RequestT, ResponseT], answer: WireModel) -> ResponseT:
    """Return an answer as what its route answers."""
    if not isinstance(answer, route.response):
        raise BadAnswer(f"The server has no answer to {route.path}.")
    return answer


def _task(flow: old.OldWorkflow) -> catalog.UserTask:
    return catalog.UserTask(
        user_task_pk=-flow.user_workflow_pk,
        task_pk=-flow.workflow_pk,
        task_name=flow.name,
        task_description=flow.description,
        task_icon=flow.icon,
        task_type=catalog.TaskType.WORKFLOW,
        steps=tuple(map(_step, flow.steps)),
    )


def _created(told: old.OldExecution) -> executions.CreatedExecution:
    return executions.CreatedExecution(
        user_task_execution_pk=-told.user_workflow_execution_pk,
        json_input=tuple(_field(one.input_name) for one in told.inputs),
        session_id=told.session_id,
    )


def _field(name: str) -> executions.InputSpec:
    """Return an input, of which only the name is told."""
    return executions.InputSpec(
        input_name=name, description_for_user=_words(name), description_for_system=_words(name)
    )


def _step(step: old.OldStep) -> Step:
    return Step(
        workflow_step_pk=step.workflow_step_pk,
        step_name=step.step_name,
        step_name_for_user=_words(step.step_name),
    )


def _done(step: old.OldStepExecution) -> StepExecution:
    return _named(StepExecution.model_validate(step.model_dump(exclude={"session_id"})))


def _named(step: StepExecution) -> StepExecution:
    """Return a step with a name for people, if it has only the other."""
    name = step.step_name_for_user or _words(step.step_name or "")
    return step.model_copy(update={"step_name_for_user": name})


def _text(told: old.OldExecution, done: Sequence[StepExecution]) -> str | None:
    """Return what a run came to, if its last step is through; no route tells it (§6.5)."""
    if len(told.steps) == 0:
        return None
    order = [step.workflow_step_pk for step in told.steps]
    by_step = {pk: [one for one in done if one.workflow_step_pk == pk] for pk in order}
    wanted = sum(len(one.result_items) for one in by_step[order[-2]]) if len(order) > 1 else 1
    last = by_step[order[-1]]
    if not last or len(last) < wanted:
        return None
    values = [next(iter(item.values()), "") for one in last for item in one.result_items[:1]]
    return "\n\n".join(str(value) for value in values)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
