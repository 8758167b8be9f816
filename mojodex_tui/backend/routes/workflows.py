"""Runs of workflows, and what users decide about them (wire protocol §6)."""

from mojodex_tui.backend.routes.calls import OWN, Call, Dialect, endpoint
from mojodex_tui.backend.services.executions import Form
from mojodex_tui.backend.services.use_cases import UseCases
from mojodex_tui.wire import workflow_extensions as own
from mojodex_tui.wire import workflows as wire
from mojodex_tui.wire.base import Confirmation
from mojodex_tui.wire.executions import CreatedExecution


async def _judge(uses: UseCases, call: Call[wire.JudgeStepRequest]) -> Confirmation:
    pk = call.body.user_workflow_step_execution_pk
    said = await uses.workflows.judge(call.user, pk, validated=call.body.validated)
    return Confirmation(message=said)


async def _relaunch(uses: UseCases, call: Call[wire.RelaunchStepRequest]) -> Confirmation:
    pk = call.body.user_workflow_step_execution_pk
    return Confirmation(message=await uses.workflows.relaunch(call.user, pk))


async def _edit(uses: UseCases, call: Call[wire.EditStepResultRequest]) -> wire.EditedStepResult:
    body = call.body
    await uses.workflows.edit(call.user, body.user_workflow_step_execution_pk, body.result)
    return wire.EditedStepResult(new_result=body.result)


async def _restart(uses: UseCases, call: Call[wire.RestartWorkflowRequest]) -> Confirmation:
    form = Form(call.body.inputs, call.files)
    pk = call.body.user_task_execution_pk
    return Confirmation(message=await uses.workflows.restart(call.user, pk, form))


async def _relaunch_locked(
    uses: UseCases, call: Call[wire.RelaunchLockedRequest]
) -> wire.RelaunchedSteps:
    uses.scheduler.let_in(call.authorization)
    return wire.RelaunchedSteps(
        user_workflow_step_executions_pk=tuple(await uses.workflows.relaunch_locked())
    )


async def _read(uses: UseCases, call: Call[own.WorkflowRunRequest]) -> own.WorkflowRun:
    return await uses.workflow_views.read(call.user, call.body.user_task_execution_pk)


async def _pause(uses: UseCases, call: Call[own.PauseRequest]) -> Confirmation:
    body = call.body
    said = await uses.workflows.pause(call.user, body.user_task_execution_pk, paused=body.paused)
    return Confirmation(message=said)


async def _stop(uses: UseCases, call: Call[own.WorkflowRunRequest]) -> Confirmation:
    said = await uses.workflows.stop(call.user, call.body.user_task_execution_pk)
    return Confirmation(message=said)


async def _auto_validate(uses: UseCases, call: Call[own.AutoValidateRequest]) -> Confirmation:
    pk = call.body.user_task_execution_pk
    said = await uses.workflows.auto_validate(call.user, pk, enabled=call.body.enabled)
    return Confirmation(message=said)


async def _inbox(uses: UseCases, call: Call[own.InboxRequest]) -> own.WorkflowInbox:
    return await uses.workflow_views.inbox(call.user)


async def _duplicate(uses: UseCases, call: Call[own.WorkflowRunRequest]) -> CreatedExecution:
    body = call.body
    return await uses.workflow_views.duplicate(
        call.user, body.user_task_execution_pk, body.platform
    )


_STEPS = Dialect(
    missing="Missing parameter : {key}",
    empty="Missing JSON body",
    not_json=(
        "Did not attempt to load JSON data because the request Content-Type was not "
        "'application/json'."
    ),
    not_json_status=415,
)

ENDPOINTS = (
    endpoint(wire.JUDGE_STEP, _judge, _STEPS),
    endpoint(wire.RELAUNCH_STEP, _relaunch, _STEPS),
    endpoint(wire.EDIT_STEP_RESULT, _edit, _STEPS),
    endpoint(
        wire.RESTART_WORKFLOW,
        _restart,
        Dialect(missing="Missing parameter : {key}", requires=("datetime", "inputs")),
    ),
    endpoint(wire.RELAUNCH_LOCKED_STEPS, _relaunch_locked),
    endpoint(own.READ_RUN, _read, OWN),
    endpoint(own.PAUSE_RUN, _pause, OWN),
    endpoint(own.STOP_RUN, _stop, OWN),
    endpoint(own.AUTO_VALIDATE, _auto_validate, OWN),
    endpoint(own.READ_INBOX, _inbox, OWN),
    endpoint(own.DUPLICATE_RUN, _duplicate, OWN),
)
