"""Runs of workflows over HTTP: of our own backend, of original servers, and of older ones."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from pydantic import JsonValue

from mojodex_tui.client.api import Caller
from mojodex_tui.client.errors import NotSupportedByServer
from mojodex_tui.client.port import Outbox, OutboxItem, OutboxKind
from mojodex_tui.client.port.workflows import SteeredRun
from mojodex_tui.wire import workflow_extensions as own
from mojodex_tui.wire import workflows as wire
from mojodex_tui.wire.base import FilePart
from mojodex_tui.wire.executions import (
    CreatedExecution,
    Execution,
    InputValue,
    ListedExecution,
)
from mojodex_tui.wire.steps import StepExecution

_LOOKED_AT: Final = 10
"""How many runs of an original server are looked at for decisions that wait."""

Executions = Callable[[int], Awaitable[tuple[ListedExecution, ...]]]
"""Returns a page of started executions, the newest first."""

ReadExecution = Callable[[int], Awaitable[Execution]]
"""Returns one execution."""


class HttpWorkflows:
    """The port to ask and decide about runs.

    Args:
        call: Calls the server.
        outbox: Takes decisions.
        read: Reads one execution.
        executions: Lists executions.
    """

    def __init__(
        self, call: Caller, outbox: Outbox, read: ReadExecution, executions: Executions
    ) -> None:
        self._call = call
        self._outbox = outbox
        self._read = read
        self._executions = executions

    async def read(self, execution_pk: int) -> SteeredRun:
        """Return a run as it is now."""
        execution = await self._read(execution_pk)
        request = own.WorkflowRunRequest(user_task_execution_pk=execution_pk)
        try:
            run = await self._call(own.READ_RUN, request)
        except NotSupportedByServer:
            run, has_extras = run_of(execution), False
        else:
            has_extras = True
        return SteeredRun(run, execution.session_id, has_extras=has_extras, execution=execution)

    async def inbox(self) -> tuple[own.WaitingRun, ...]:
        """Return the runs that wait for their user, the longest waiting first."""
        try:
            return (await self._call(own.READ_INBOX, own.InboxRequest())).waiting
        except NotSupportedByServer:
            return await self._merged_inbox()

    async def validate(self, run: SteeredRun, step_execution_pk: int) -> OutboxItem:
        """Take the result of a step."""
        return await self._judge(run, step_execution_pk, validated=True)

    async def reject(self, run: SteeredRun, step_execution_pk: int) -> OutboxItem:
        """Open the talk about a result."""
        return await self._judge(run, step_execution_pk, validated=False)

    async def edit(
        self, run: SteeredRun, step_execution_pk: int, items: Sequence[dict[str, JsonValue]]
    ) -> OutboxItem:
        """Replace the result of a step by the user's."""
        result: list[JsonValue] = list(items)
        request = wire.EditStepResultRequest(
            user_workflow_step_execution_pk=step_execution_pk, result=result
        )
        return await self._decide(OutboxKind.RESULT, run, request)

    async def relaunch(self, run: SteeredRun, step_execution_pk: int) -> OutboxItem:
        """Run a failed step again."""
        request = wire.RelaunchStepRequest(user_workflow_step_execution_pk=step_execution_pk)
        return await self._decide(OutboxKind.RELAUNCH, run, request)

    async def restart(
        self, run: SteeredRun, inputs: Sequence[InputValue], files: Sequence[FilePart] = ()
    ) -> OutboxItem:
        """Run the first step again, with other inputs."""
        request = wire.RestartWorkflowRequest(
            user_task_execution_pk=run.run.user_task_execution_pk, inputs=tuple(inputs)
        )
        return await self._decide(OutboxKind.RESTART, run, request, files)

    async def pause(self, execution_pk: int, *, paused: bool) -> None:
        """Keep a run from beginning its next step, or let it go on."""
        request = own.PauseRequest(user_task_execution_pk=execution_pk, paused=paused)
        await self._call(own.PAUSE_RUN, request)

    async def stop(self, execution_pk: int) -> None:
        """Let a run rest where it is."""
        await self._call(own.STOP_RUN, own.WorkflowRunRequest(user_task_execution_pk=execution_pk))

    async def auto_validate(self, execution_pk: int, *, enabled: bool) -> None:
        """Take the remaining results of the present step without asking, or stop doing so."""
        request = own.AutoValidateRequest(user_task_execution_pk=execution_pk, enabled=enabled)
        await self._call(own.AUTO_VALIDATE, request)

    async def duplicate(self, execution_pk: int) -> CreatedExecution:
        """Create a run with the same inputs, not started."""
        request = own.WorkflowRunRequest(user_task_execution_pk=execution_pk)
        # Twice would be two runs.
        return await self._call.once(own.DUPLICATE_RUN, request)

    async def _judge(
        self, run: SteeredRun, step_execution_pk: int, *, validated: bool
    ) -> OutboxItem:
        request = wire.JudgeStepRequest(
            user_workflow_step_execution_pk=step_execution_pk, validated=validated
        )
        return await self._decide(OutboxKind.JUDGE, run, request)

    async def _decide(
        self,
        kind: OutboxKind,
        run: SteeredRun,
        request: wire.JudgeStepRequest
        | wire.EditStepResultRequest
        | wire.RelaunchStepRequest
        | wire.RestartWorkflowRequest,
        files: Sequence[FilePart] = (),
    ) -> OutboxItem:
        return await self._outbox.decide(
            kind, run.session_id, run.run.user_task_execution_pk, request, files
        )

    async def _merged_inbox(self) -> tuple[own.WaitingRun, ...]:
        """Look at the newest runs of a server that keeps no inbox."""
        listed = [row for row in await self._executions(0) if row.task_type == "workflow"]
        waiting: list[own.WaitingRun] = []
        for row in listed[:_LOOKED_AT]:
            execution = await self._read(row.user_task_execution_pk)
            run = run_of(execution)
            if run.state in {own.RunState.WAITING, own.RunState.FAILED}:
                waiting.append(_waiting(execution, run))
        return tuple(sorted(waiting, key=lambda one: one.since))


def run_of(execution: Execution) -> own.WorkflowRun:
    """Return what an original server's execution tells of a run: neither tries nor versions."""
    rows = [
        own.RunStepExecution.model_validate(step.model_dump())
        for step in execution.step_executions or ()
    ]
    return own.WorkflowRun(
        user_task_execution_pk=execution.user_task_execution_pk,
        state=_state(execution),
        steps=execution.steps or (),
        step_executions=tuple(rows),
    )


def _state(execution: Execution) -> own.RunState:
    if execution.start_date is None:
        return own.RunState.NEW
    steps: tuple[StepExecution, ...] = execution.step_executions or ()
    if not steps:
        return own.RunState.RUNNING
    last = steps[-1]
    if last.error_status is not None:
        return own.RunState.FAILED
    if last.result is not None and last.user_validation_required and last.validated is None:
        return own.RunState.WAITING
    return own.RunState.DONE if execution.produced_text_pk is not None else own.RunState.RUNNING


def _waiting(execution: Execution, run: own.WorkflowRun) -> own.WaitingRun:
    last = run.step_executions[-1]
    failed = run.state is own.RunState.FAILED
    return own.WaitingRun(
        user_task_execution_pk=execution.user_task_execution_pk,
        session_id=execution.session_id,
        title=execution.title,
        workflow_name=execution.task_name,
        icon=execution.icon,
        step_name=last.step_name_for_user,
        since=last.creation_date or datetime.now(UTC),
        kind=own.WaitingKind.FAILURE if failed else own.WaitingKind.DECISION,
    )
