"""The workflow routes of servers before April 2024 (wire protocol §15).

The step routes kept their paths, and their answers hold all that was told at that time.
"""

from mojodex_tui.backend.routes.calls import Call, endpoint, page_of
from mojodex_tui.backend.services.use_cases import UseCases
from mojodex_tui.wire import old_workflows as wire


async def _list(uses: UseCases, call: Call[wire.OldWorkflowsRequest]) -> wire.OldWorkflows:
    body = call.body
    if body.user_workflow_pk is not None:
        one = await uses.old_workflows.read_one(call.user, body.user_workflow_pk)
        return wire.OldWorkflows(user_workflows=(one,))
    page = page_of(body.n_user_workflows, body.offset)
    return await uses.old_workflows.list_all(call.user, body.platform, page)


async def _create(uses: UseCases, call: Call[wire.CreateOldExecutionRequest]) -> wire.OldExecution:
    body = call.body
    return await uses.old_workflows.create(call.user, body.user_workflow_pk, body.platform)


async def _start(
    uses: UseCases, call: Call[wire.StartOldExecutionRequest]
) -> wire.StartedOldExecution:
    body = call.body
    await uses.old_workflows.start(call.user, body.user_workflow_execution_pk, body.json_inputs)
    return wire.StartedOldExecution(user_workflow_execution_pk=body.user_workflow_execution_pk)


async def _read(uses: UseCases, call: Call[wire.OldExecutionRequest]) -> wire.OldExecution:
    return await uses.old_workflows.read(call.user, call.body.user_workflow_execution_pk)


ENDPOINTS = (
    endpoint(wire.LIST_OLD_WORKFLOWS, _list),
    endpoint(wire.CREATE_OLD_EXECUTION, _create),
    endpoint(wire.START_OLD_EXECUTION, _start),
    endpoint(wire.READ_OLD_EXECUTION, _read),
)
