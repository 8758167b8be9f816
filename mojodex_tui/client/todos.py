"""To-Dos over HTTP, and as last seen."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Final

from pydantic import ConfigDict, TypeAdapter, ValidationError

from mojodex_tui.client.api import Caller
from mojodex_tui.client.errors import NotFound, NotSupportedByServer
from mojodex_tui.client.store import ClientStore, Shelf
from mojodex_tui.client.todo_port import TodoListing
from mojodex_tui.wire import todo_extensions as own
from mojodex_tui.wire import todos as wire
from mojodex_tui.wire.base import PAGE_LIMIT
from mojodex_tui.wire.executions import ListedExecution

_LISTING: Final[TypeAdapter[TodoListing | None]] = TypeAdapter(
    TodoListing | None, config=ConfigDict(defer_build=True)
)
_OPEN_VIEWS: Final = (own.TodoView.OVERDUE, own.TodoView.TODAY, own.TodoView.UPCOMING)

Executions = Callable[[int], Awaitable[tuple[ListedExecution, ...]]]
"""Returns a page of started executions; empty at the end."""


class HttpTodos:
    """The port to ask about To-Dos.

    Args:
        call: Calls the server.
        executions: Lists what To-Dos can come from.
        store: The file.
        space: Tells whose To-Dos are wanted.
    """

    def __init__(
        self, call: Caller, executions: Executions, store: ClientStore, space: Callable[[], str]
    ) -> None:
        self._call = call
        self._executions = executions
        self._shelf = Shelf(store, "todos", space)

    async def listing(self) -> TodoListing:
        """Return the To-Dos, and keep them for the next start."""
        try:
            found = await self._viewed()
        except NotSupportedByServer:
            found = await self._merged()
        await self._shelf.put("listing", _LISTING.dump_python(found, mode="json"))
        return found

    async def seen_listing(self) -> TodoListing | None:
        """Return them as last seen; what another version wrote in another shape counts as none."""
        try:
            return _LISTING.validate_python(await self._shelf.get("listing"))
        except ValidationError:
            return None

    async def _viewed(self) -> TodoListing:
        """Ask our own backend."""
        done = await self._view_page(own.TodoView.DONE, 0)
        rows = {row.todo_pk: row for row in done.todos}
        for view in _OPEN_VIEWS:
            offset = 0
            while page := (await self._view_page(view, offset)).todos:
                rows |= {row.todo_pk: row for row in page}
                offset += len(page)
                if len(page) < PAGE_LIMIT:
                    break
        return TodoListing(
            tuple(rows.values()),
            today=done.today,
            next_night=done.next_night,
            has_extras=True,
            n_done=done.counts.done,
        )

    async def _view_page(self, view: own.TodoView, offset: int) -> own.ViewedTodos:
        request = own.TodoViewRequest(view=view, n_todos=PAGE_LIMIT, offset=offset)
        return await self._call(own.VIEW_TODOS, request)

    async def _merged(self) -> TodoListing:
        """Ask an original server.

        Its list of all knows open ones from today on; only the list of an execution has those
        that are overdue or done (wire protocol §7.1).
        """
        rows = {todo.todo_pk: _row(todo, None) for todo in await self._pages(None)}
        page = 0
        while executions := await self._executions(page):
            for execution in executions:
                if execution.n_todos:
                    found = await self._of_execution(execution.user_task_execution_pk)
                    rows |= {todo.todo_pk: _row(todo, execution) for todo in found}
            page += 1
        return TodoListing(tuple(rows.values()))

    async def _of_execution(self, execution_pk: int) -> list[wire.Todo]:
        """Return an execution's To-Dos; none if it was deleted since it was listed."""
        try:
            return await self._pages(execution_pk)
        except NotFound:
            return []

    async def _pages(self, execution_pk: int | None) -> list[wire.Todo]:
        """Return all pages of one list."""
        found: list[wire.Todo] = []
        while True:
            request = wire.TodosRequest(
                n_todos=PAGE_LIMIT, offset=len(found), user_task_execution_fk=execution_pk
            )
            page = (await self._call(wire.LIST_TODOS, request)).todos
            found += page
            if len(page) < PAGE_LIMIT:
                return found

    async def mark_read(self, todo_pks: Sequence[int]) -> None:
        """Note that the user has seen To-Dos."""
        for pk in todo_pks:
            request = wire.MarkTodosRequest(todo_pk=pk, mark_as_read=True)
            await self._call(wire.MARK_TODOS, request)

    async def finish(self, todo_pk: int) -> None:
        """Note that a To-Do is done."""
        request = wire.MarkTodosRequest(todo_pk=todo_pk, mark_as_done=True)
        await self._call(wire.MARK_TODOS, request)

    async def delete(self, todo_pk: int, cause: str) -> None:
        """Take a To-Do out of the lists."""
        await self._call(own.REJECT_TODO, own.RejectTodoRequest(todo_pk=todo_pk, cause=cause))

    async def move(self, todo_pk: int, day: date) -> own.TodoRow:
        """Put a To-Do on another day."""
        request = own.MoveTodoRequest(todo_pk=todo_pk, scheduled_date=day)
        return await self._call(own.MOVE_TODO, request)

    async def undo(self, todo_pk: int, what: own.Undoable) -> own.TodoRow:
        """Take back what was done to a To-Do."""
        return await self._call(own.UNDO_TODO, own.UndoTodoRequest(todo_pk=todo_pk, what=what))

    async def history(self, todo_pk: int) -> own.TodoHistory:
        """Return why a To-Do is on its day."""
        return await self._call(own.READ_TODO, own.TodoRequest(todo_pk=todo_pk))

    async def look_now(self) -> own.ExtractedNow:
        """Look for To-Dos in all finished runs that were not looked at."""
        # Twice would only look once more, but the second answer would say nothing was found.
        return await self._call.once(own.EXTRACT_NOW, own.ExtractNowRequest())


def _row(todo: wire.Todo, execution: ListedExecution | None) -> own.TodoRow:
    """Return what an original server tells, as our own backend would."""
    title = None if execution is None else execution.title or execution.produced_text_title
    return own.TodoRow.model_validate(
        {**{name: getattr(todo, name) for name in wire.Todo.model_fields}, "execution_title": title}
    )
