"""What an external scheduler may trigger (wire protocol §8); unlike an original's, it is locked."""

from mojodex_tui.backend.routes.calls import Call, Dialect, endpoint
from mojodex_tui.backend.services.use_cases import UseCases
from mojodex_tui.wire import background as wire


async def _extract(
    uses: UseCases, call: Call[wire.ExtractTodosRequest]
) -> wire.ExtractedExecutions:
    uses.scheduler.let_in(call.authorization)
    return wire.ExtractedExecutions(
        user_task_execution_pks=tuple(await uses.jobs.start_extraction())
    )


async def _reschedule(
    uses: UseCases, call: Call[wire.RescheduleTodosRequest]
) -> wire.RescheduledTodos:
    uses.scheduler.let_in(call.authorization)
    return wire.RescheduledTodos(todo_pks=tuple(await uses.jobs.start_rescheduling()))


async def _generate(uses: UseCases, call: Call[wire.GenerateEventsRequest]) -> wire.ReachedUsers:
    uses.scheduler.let_in(call.authorization)
    return wire.ReachedUsers(user_ids=tuple(await uses.jobs.start_events(call.body.event_type)))


async def _sends_mail(uses: UseCases, call: Call[wire.ServiceStatusRequest]) -> wire.ServiceStatus:
    uses.scheduler.let_in(call.authorization)
    return wire.ServiceStatus(is_configured=uses.jobs.sends_mail)


async def _notifies(uses: UseCases, call: Call[wire.ServiceStatusRequest]) -> wire.ServiceStatus:
    uses.scheduler.let_in(call.authorization)
    return wire.ServiceStatus(is_configured=False)


_INVALID = Dialect(missing="invalid inputs", not_json="invalid inputs", invalid="invalid inputs")
_EVENTS = Dialect(
    missing="invalid inputs",
    not_json="invalid inputs",
    invalid="invalid inputs",
    requires=("datetime", "event_type"),
)

ENDPOINTS = (
    endpoint(wire.EXTRACT_TODOS, _extract, _INVALID),
    endpoint(wire.RESCHEDULE_TODOS, _reschedule, _INVALID),
    endpoint(wire.GENERATE_EVENTS, _generate, _EVENTS),
    endpoint(wire.EMAIL_STATUS, _sends_mail, _INVALID),
    endpoint(wire.PUSH_STATUS, _notifies, _INVALID),
)
