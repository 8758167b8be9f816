"""What our own backend adds to To-Dos; original servers answer 404 or 405 to all of it.

Original clients never ask for it, and what they do ask for (wire protocol §7) stays as it is.
"""

from enum import StrEnum

from mojodex_tui.wire.accounts import TimezoneRequest
from mojodex_tui.wire.base import (
    Day,
    Items,
    Moment,
    Omittable,
    PageRequest,
    Request,
    Success,
    WireModel,
)
from mojodex_tui.wire.route import Access, Placement, Route
from mojodex_tui.wire.todos import DeletedTodo, DeleteTodoRequest, Todo


class TodoView(StrEnum):
    """The parts of the list."""

    OVERDUE = "overdue"
    TODAY = "today"
    UPCOMING = "upcoming"
    DONE = "done"
    ALL = "all"


class TodoViewRequest(PageRequest):
    """Asks for a page of one part of the list."""

    view: TodoView = TodoView.ALL
    n_todos: Omittable[int] = None


class TodoRow(Todo):
    """A To-Do with what an original server does not tell of it."""

    source: str | None = None
    """The sentence it came from."""
    by_user: bool = False
    """Made by hand; then its execution holds nothing to open."""
    n_moves: int = 0
    execution_title: str | None = None


class TodoCounts(WireModel):
    """How many To-Dos there are in each part."""

    overdue: int = 0
    today: int = 0
    upcoming: int = 0
    done: int = 0
    unread: int = 0


class ViewedTodos(WireModel):
    """A page of one part of the list."""

    todos: Items[TodoRow] = ()
    counts: TodoCounts = TodoCounts()
    today: Day
    """The user's day, by which the parts are told apart."""
    next_night: Moment | None = None
    """When overdue To-Dos get a new day."""
    next_morning: Moment | None = None
    """When the reminder is mailed; `None` if it is not."""
    sends_mail: bool = False
    """Whether this server can mail it."""
    todo_email_reception: bool = False
    """Whether the user wants it mailed."""


class TodoRequest(Request):
    """Asks about one To-Do."""

    todo_pk: int


class TodoScheduling(WireModel):
    """A day a To-Do was put on."""

    scheduled_date: Day
    creation_date: Moment
    reason: str | None = None
    by_user: bool = False


class TodoHistory(WireModel):
    """Why a To-Do is on its day."""

    todo: TodoRow
    schedulings: Items[TodoScheduling] = ()
    """The first one first."""


class CreateTodoRequest(Request):
    """Makes a To-Do by hand."""

    description: str
    scheduled_date: Day
    user_task_execution_pk: Omittable[int] = None
    """The execution it belongs to, if any."""


class EditTodoRequest(Request):
    """Rewords a To-Do."""

    todo_pk: int
    description: str


class MoveTodoRequest(Request):
    """Puts a To-Do on another day."""

    todo_pk: int
    scheduled_date: Day
    reason: Omittable[str] = None


class Undoable(StrEnum):
    """What can be taken back."""

    DONE = "done"
    DELETION = "deletion"
    MOVE = "move"
    """The last one, if the user made it."""


class UndoTodoRequest(Request):
    """Takes back what was done to a To-Do."""

    todo_pk: int
    what: Undoable


class RejectTodoRequest(DeleteTodoRequest):
    """Deletes a To-Do with a cause, from which the next extraction learns."""

    cause: str


class ExtractNowRequest(Request):
    """Looks for To-Dos now, in one execution or in all that were not looked at."""

    user_task_execution_pk: Omittable[int] = None


class ExtractedNow(WireModel):
    """The executions that were looked at, and how many To-Dos were found."""

    user_task_execution_pks: Items[int] = ()
    n_todos: int = 0
    failure: str | None = None
    """Why some could not be looked at."""


class DigestRequest(Request):
    """Asks for what the morning's mail would say now."""


class Digest(WireModel):
    """The morning's mail, for the screen."""

    subject: str
    text: str
    html: str
    line: str
    """The same in one line, for a status bar."""
    n_due: int = 0
    """How many To-Dos are late or due today."""
    n_moved: int = 0
    """How many were moved since the morning before."""
    day: Omittable[Day] = None
    """The user's day."""
    failure: str | None = None
    """Why the last mail did not go out."""


class ExportFormat(StrEnum):
    """What open To-Dos can be written as."""

    ICALENDAR = "ics"
    MARKDOWN = "markdown"


class ExportTodosRequest(Request):
    """Asks for all open To-Dos as one file."""

    format: ExportFormat = ExportFormat.ICALENDAR


class FeedRequest(Request):
    """Makes an address calendar programs can subscribe to; the one before opens no more."""


class Feed(WireModel):
    """Where the calendar is; whoever knows the path can read it."""

    path: str


class ReadFeedRequest(Request):
    """Reads a calendar; calendar programs send nothing but the key."""

    key: str


class ReminderRequest(Request):
    """Switches the morning's mail on or off."""

    todo_email_reception: bool


class ZoneRequest(TimezoneRequest):
    """Tells the account's clock by the name of its zone too, which knows summer time."""

    timezone: str


class JobsRequest(Request):
    """Asks how the jobs of the caller go."""


class JobFailure(WireModel):
    """A job that did not go well."""

    subject: str
    day: Day
    reason: str
    attempts: int
    next_try: Moment | None = None
    """`None` if it was given up."""


class Job(WireModel):
    """A job, as far as the caller is concerned."""

    name: str
    rule: str
    """When it comes due, in words."""
    last_run: Moment | None = None
    last_success: Moment | None = None
    next_run: Moment | None = None
    failures: Items[JobFailure] = ()


class Jobs(WireModel):
    """What is done on the clock."""

    jobs: Items[Job] = ()


VIEW_TODOS = Route("GET", "/todo_view", TodoViewRequest, ViewedTodos, Placement.QUERY)
READ_TODO = Route("GET", "/todo_history", TodoRequest, TodoHistory, Placement.QUERY)
CREATE_TODO = Route("PUT", "/todos", CreateTodoRequest, TodoRow, Placement.JSON)
EDIT_TODO = Route("POST", "/todo_text", EditTodoRequest, TodoRow, Placement.JSON)
MOVE_TODO = Route("POST", "/todo_move", MoveTodoRequest, TodoRow, Placement.JSON)
UNDO_TODO = Route("POST", "/todo_undo", UndoTodoRequest, TodoRow, Placement.JSON)
REJECT_TODO = Route(
    "DELETE", "/todos", RejectTodoRequest, DeletedTodo, Placement.QUERY, picked_by="cause"
)
EXTRACT_NOW = Route("POST", "/todo_extraction", ExtractNowRequest, ExtractedNow, Placement.JSON)
READ_DIGEST = Route("GET", "/todo_digest", DigestRequest, Digest, Placement.QUERY)
EXPORT_TODOS = Route(
    "GET", "/todo_export", ExportTodosRequest, Success, Placement.QUERY, media=True
)
MAKE_FEED = Route("POST", "/todo_feed", FeedRequest, Feed, Placement.JSON)
READ_FEED = Route(
    "GET",
    "/todo_feed.ics",
    ReadFeedRequest,
    Success,
    Placement.QUERY,
    Access.NOBODY,
    media=True,
)
SET_REMINDER = Route("PUT", "/todo_reminder", ReminderRequest, Success, Placement.JSON)
SET_ZONE = Route("POST", "/timezone", ZoneRequest, Success, Placement.JSON, picked_by="timezone")
READ_JOBS = Route("GET", "/jobs", JobsRequest, Jobs, Placement.QUERY)
