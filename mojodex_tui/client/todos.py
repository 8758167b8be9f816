"""To-Dos over HTTP, and as last seen."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from pydantic import ConfigDict, TypeAdapter, ValidationError

from mojodex_tui.client.api import Caller
from mojodex_tui.client.errors import NotFound, NotSupportedByServer
from mojodex_tui.client.port.todos import TodoListing
from mojodex_tui.client.store import ClientStore, Shelf
from mojodex_tui.client.todo_line import SEEN_KEY, SEEN_SHELF
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
        self._shelf = Shelf(store, SEEN_SHELF, space)

    async def listing(self) -> TodoListing:
        """Return the To-Dos, and keep them for the next start."""
        try:
            found = await self._viewed()
        except NotSupportedByServer:
            found = await self._merged()
        await self._keep(found)
        return found

    async def seen_listing(self) -> TodoListing | None:
        """Return them as last seen; what another version wrote in another shape counts as none."""
        try:
            return _LISTING.validate_python(await self._shelf.get(SEEN_KEY))
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
            sends_mail=done.sends_mail,
            wants_mail=done.todo_email_reception,
            next_morning=done.next_morning,
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
        await self._see_less(todo_pk)

    async def delete(self, todo_pk: int, cause: str) -> None:
        """Take a To-Do out of the lists."""
        await self._call(own.REJECT_TODO, own.RejectTodoRequest(todo_pk=todo_pk, cause=cause))
        await self._see_less(todo_pk)

    async def move(self, todo_pk: int, day: date) -> own.TodoRow:
        """Put a To-Do on another day."""
        request = own.MoveTodoRequest(todo_pk=todo_pk, scheduled_date=day)
        return await self._see(await self._call(own.MOVE_TODO, request))

    async def undo(self, todo_pk: int, what: own.Undoable) -> own.TodoRow:
        """Take back what was done to a To-Do."""
        request = own.UndoTodoRequest(todo_pk=todo_pk, what=what)
        return await self._see(await self._call(own.UNDO_TODO, request))

    async def create(
        self, description: str, day: date, execution_pk: int | None = None
    ) -> own.TodoRow:
        """Make a To-Do by hand."""
        request = own.CreateTodoRequest(
            description=description, scheduled_date=day, user_task_execution_pk=execution_pk
        )
        # Not twice: a call that got lost on its way back has made it all the same.
        return await self._see(await self._call.once(own.CREATE_TODO, request))

    async def reword(self, todo_pk: int, description: str) -> own.TodoRow:
        """Say a To-Do in other words."""
        request = own.EditTodoRequest(todo_pk=todo_pk, description=description)
        return await self._see(await self._call(own.EDIT_TODO, request))

    async def history(self, todo_pk: int) -> own.TodoHistory:
        """Return why a To-Do is on its day."""
        return await self._call(own.READ_TODO, own.TodoRequest(todo_pk=todo_pk))

    async def export(self, kind: own.ExportFormat) -> bytes:
        """Return all open To-Dos as a file."""
        return await self._call.file(own.EXPORT_TODOS, own.ExportTodosRequest(format=kind))

    async def set_mail(self, *, wanted: bool) -> None:
        """Switch the morning's mail on or off."""
        await self._call(own.SET_REMINDER, own.ReminderRequest(todo_email_reception=wanted))

    async def digest(self) -> own.Digest:
        """Return what is due today and what was moved in the night."""
        return await self._call(own.READ_DIGEST, own.DigestRequest())

    async def jobs(self) -> own.Jobs:
        """Return how the work that comes due on the clock goes."""
        return await self._call(own.READ_JOBS, own.JobsRequest())

    async def look_now(self) -> own.ExtractedNow:
        """Look for To-Dos in all finished runs that were not looked at."""
        # Twice would only look once more, but the second answer would say nothing was found.
        return await self._call.once(own.EXTRACT_NOW, own.ExtractNowRequest())

    async def _see(self, row: own.TodoRow) -> own.TodoRow:
        """Keep what was last seen in step with a To-Do that has changed."""
        seen = await self.seen_listing()
        if seen is not None:
            others = tuple(each for each in seen.rows if each.todo_pk != row.todo_pk)
            await self._keep(replace(seen, rows=(*others, row)))
        return row

    async def _see_less(self, todo_pk: int) -> None:
        """Forget a To-Do that is open no more: until the list is fetched again."""
        seen = await self.seen_listing()
        if seen is not None:
            others = tuple(each for each in seen.rows if each.todo_pk != todo_pk)
            await self._keep(replace(seen, rows=others))

    async def _keep(self, listing: TodoListing) -> None:
        await self._shelf.put(SEEN_KEY, _LISTING.dump_python(listing, mode="json"))


def _row(todo: wire.Todo, execution: ListedExecution | None) -> own.TodoRow:
    """Return what an original server tells, as our own backend would."""
    title = None if execution is None else execution.title or execution.produced_text_title
    return own.TodoRow.model_validate(
        {**{name: getattr(todo, name) for name in wire.Todo.model_fields}, "execution_title": title}
    )
