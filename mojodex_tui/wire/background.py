"""What a scheduler asks for on the clock (wire protocol §8).

Original servers ask for no secret on the first three; the scheduler sends it all the same (§8.5).
"""

from enum import StrEnum

from mojodex_tui.wire.base import Items, Omittable, PageRequest, Request, WireModel
from mojodex_tui.wire.route import Access, Placement, Route


class EventType(StrEnum):
    """The mails that can be generated."""

    TODO_DAILY_EMAILS = "todo_daily_emails"


class ExtractTodosRequest(Request):
    """Looks for To-Dos in texts that are 10 to 20 minutes old (§8.2)."""


class ExtractedExecutions(WireModel):
    """The executions whose texts are being looked at."""

    user_task_execution_pks: Items[int] = ()


class RescheduleTodosRequest(Request):
    """Gives overdue To-Dos a new date, where it is night (§8.3)."""


class RescheduledTodos(WireModel):
    """The To-Dos that get a new date."""

    todo_pks: Items[int] = ()


class GenerateEventsRequest(PageRequest):
    """Writes the day's mails, where it is morning (§8.4)."""

    event_type: str = EventType.TODO_DAILY_EMAILS
    n_events: Omittable[int] = None


class ReachedUsers(WireModel):
    """The users something is being written to."""

    user_ids: Items[str] = ()


class ServiceStatusRequest(Request):
    """Asks whether a service is set up (§8.5)."""


class ServiceStatus(WireModel):
    """Whether a service is set up."""

    is_configured: bool


EXTRACT_TODOS = Route(
    "POST",
    "/extract_todos",
    ExtractTodosRequest,
    ExtractedExecutions,
    Placement.JSON,
    Access.SCHEDULER,
)
RESCHEDULE_TODOS = Route(
    "POST",
    "/reschedule_todo",
    RescheduleTodosRequest,
    RescheduledTodos,
    Placement.JSON,
    Access.SCHEDULER,
)
GENERATE_EVENTS = Route(
    "POST",
    "/events_generation",
    GenerateEventsRequest,
    ReachedUsers,
    Placement.JSON,
    Access.SCHEDULER,
)
EMAIL_STATUS = Route(
    "GET",
    "/is_email_service_configured",
    ServiceStatusRequest,
    ServiceStatus,
    Placement.QUERY,
    Access.SCHEDULER,
)
PUSH_STATUS = Route(
    "GET",
    "/is_push_notif_service_configured",
    ServiceStatusRequest,
    ServiceStatus,
    Placement.QUERY,
    Access.SCHEDULER,
)
