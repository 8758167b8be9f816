"""To-Dos: read, marked, deleted; only the assistant makes them (wire protocol §7)."""

from mojodex_tui.wire.base import (
    Day,
    Items,
    Moment,
    Omittable,
    PageRequest,
    PkText,
    Request,
    WireModel,
)
from mojodex_tui.wire.route import Placement, Route


class TodosRequest(PageRequest):
    """Asks for a page of To-Dos, the earliest first (§7.1)."""

    n_todos: Omittable[int] = None
    user_task_execution_fk: Omittable[int] = None
    """All To-Dos of one execution; without it, the open ones from today on, of all."""


class Todo(WireModel):
    """Something the user said they would do (§7.1)."""

    todo_pk: int
    user_task_execution_fk: int
    description: str
    scheduled_date: Day
    """The latest date it was put on."""
    completed: Moment | None = None
    creation_date: Moment | None = None
    read_by_user: Moment | None = None


class Todos(WireModel):
    """A page of To-Dos, and two facts about all of the user's."""

    todos: Items[Todo] = ()
    user_has_never_done_todo: bool = False
    """Means: there never was a To-Do (§7.1)."""
    n_todos_not_read: int = 0
    """Of the user, whatever execution was asked for."""


class MarkTodosRequest(Request):
    """Marks as read or as done, exactly one of the two (§7.2).

    Done takes a `todo_pk`. Read takes a `todo_pk`, or an execution, or neither, for all.
    """

    todo_pk: Omittable[int] = None
    user_task_execution_pk: Omittable[int] = None
    mark_as_done: Omittable[bool] = None
    mark_as_read: Omittable[bool] = None


class MarkedTodos(WireModel):
    """What was marked: one key of the three, as asked for (§7.2)."""

    todo_pk: Omittable[int] = None
    user_task_execution_pk: Omittable[int] = None
    todo_pks: Omittable[tuple[int, ...]] = None


class DeleteTodoRequest(Request):
    """Takes a To-Do out of the lists (§7.3)."""

    todo_pk: int


class DeletedTodo(WireModel):
    """Which To-Do left the lists."""

    todo_pk: PkText


LIST_TODOS = Route("GET", "/todos", TodosRequest, Todos, Placement.QUERY)
MARK_TODOS = Route("POST", "/todos", MarkTodosRequest, MarkedTodos, Placement.JSON)
DELETE_TODO = Route("DELETE", "/todos", DeleteTodoRequest, DeletedTodo, Placement.QUERY)
