"""To-Dos (wire protocol §7), and what we add to them."""

from starlette.responses import Response

from mojodex_tui.backend.domain.todos import View
from mojodex_tui.backend.routes.calls import OWN, Call, Dialect, endpoint, page_of
from mojodex_tui.backend.services.errors import Refused
from mojodex_tui.backend.services.use_cases import UseCases
from mojodex_tui.wire import todo_extensions as own
from mojodex_tui.wire import todos as wire
from mojodex_tui.wire.base import Success

_ONE_FLAG = "mark_as_read and mark_as_done are False. Set just one of them as True"
_FILES = {
    own.ExportFormat.ICALENDAR: ("text/calendar; charset=utf-8", "todos.ics"),
    own.ExportFormat.MARKDOWN: ("text/markdown; charset=utf-8", "todos.md"),
}


async def _list(uses: UseCases, call: Call[wire.TodosRequest]) -> wire.Todos:
    body = call.body
    page = page_of(body.n_todos, body.offset)
    return await uses.todos.list_open(call.user, page, body.user_task_execution_fk)


async def _mark(uses: UseCases, call: Call[wire.MarkTodosRequest]) -> wire.MarkedTodos:
    body = call.body
    if bool(body.mark_as_done) == bool(body.mark_as_read):
        raise Refused(_ONE_FLAG)
    if body.mark_as_done:
        if body.todo_pk is None:
            raise Refused("Missing field todo_pk")
        await uses.todos.mark_done(call.user, body.todo_pk)
        return wire.MarkedTodos(todo_pk=body.todo_pk)
    if body.todo_pk is not None:
        await uses.todos.mark_read(call.user, body.todo_pk)
        return wire.MarkedTodos(todo_pk=body.todo_pk)
    marked = await uses.todos.mark_all_read(call.user, body.user_task_execution_pk)
    if body.user_task_execution_pk is not None:
        return wire.MarkedTodos(user_task_execution_pk=body.user_task_execution_pk)
    return wire.MarkedTodos(todo_pks=tuple(marked))


async def _delete(uses: UseCases, call: Call[wire.DeleteTodoRequest]) -> wire.DeletedTodo:
    await uses.todos.delete(call.user, call.body.todo_pk)
    return wire.DeletedTodo(todo_pk=call.body.todo_pk)


async def _reject(uses: UseCases, call: Call[own.RejectTodoRequest]) -> wire.DeletedTodo:
    await uses.todos.delete(call.user, call.body.todo_pk, call.body.cause)
    return wire.DeletedTodo(todo_pk=call.body.todo_pk)


async def _view(uses: UseCases, call: Call[own.TodoViewRequest]) -> own.ViewedTodos:
    body = call.body
    return await uses.todos.view(
        call.user, View(body.view.value), page_of(body.n_todos, body.offset)
    )


async def _history(uses: UseCases, call: Call[own.TodoRequest]) -> own.TodoHistory:
    return await uses.todos.history(call.user, call.body.todo_pk)


async def _create(uses: UseCases, call: Call[own.CreateTodoRequest]) -> own.TodoRow:
    body = call.body
    return await uses.todos.create(
        call.user, body.description, body.scheduled_date, body.user_task_execution_pk
    )


async def _edit(uses: UseCases, call: Call[own.EditTodoRequest]) -> own.TodoRow:
    return await uses.todos.edit(call.user, call.body.todo_pk, call.body.description)


async def _move(uses: UseCases, call: Call[own.MoveTodoRequest]) -> own.TodoRow:
    body = call.body
    return await uses.todos.move(call.user, body.todo_pk, body.scheduled_date, body.reason)


async def _undo(uses: UseCases, call: Call[own.UndoTodoRequest]) -> own.TodoRow:
    return await uses.todos.undo(call.user, call.body.todo_pk, call.body.what)


async def _extract(uses: UseCases, call: Call[own.ExtractNowRequest]) -> own.ExtractedNow:
    looked = await uses.jobs.extraction.look_now(call.user, call.body.user_task_execution_pk)
    return own.ExtractedNow(
        user_task_execution_pks=looked.execution_pks,
        n_todos=looked.found,
        failure=looked.failure,
    )


async def _digest(uses: UseCases, call: Call[own.DigestRequest]) -> own.Digest:
    return await uses.todo_digests.read(call.user)


async def _export(uses: UseCases, call: Call[own.ExportTodosRequest]) -> Response:
    match call.body.format:
        case own.ExportFormat.ICALENDAR:
            content: bytes | str = await uses.todo_exports.calendar(call.user)
        case own.ExportFormat.MARKDOWN:
            content = await uses.todo_exports.markdown(call.user)
    return _file(content, call.body.format)


async def _make_feed(uses: UseCases, call: Call[own.FeedRequest]) -> own.Feed:
    key = await uses.todo_exports.make_feed(call.user)
    return own.Feed(path=f"{own.READ_FEED.path}?key={key}")


async def _read_feed(uses: UseCases, call: Call[own.ReadFeedRequest]) -> Response:
    content = await uses.todo_exports.feed(call.body.key)
    return _file(content, own.ExportFormat.ICALENDAR)


async def _set_reminder(uses: UseCases, call: Call[own.ReminderRequest]) -> Success:
    await uses.todo_settings.set_reminder(call.user, wanted=call.body.todo_email_reception)
    return Success(success=True)


async def _set_zone(uses: UseCases, call: Call[own.ZoneRequest]) -> Success:
    await uses.todo_settings.set_zone(call.user, call.body.timezone_offset, call.body.timezone)
    return Success(success=True)


async def _jobs(uses: UseCases, call: Call[own.JobsRequest]) -> own.Jobs:
    return await uses.jobs.status(call.user)


def _file(content: bytes | str, kind: own.ExportFormat) -> Response:
    media_type, name = _FILES[kind]
    return Response(
        content,
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


_POSTING = Dialect(not_json="Invalid request")
_DELETING = Dialect(invalid="Error deleting todo : {reason}")

ENDPOINTS = (
    endpoint(
        wire.LIST_TODOS,
        _list,
        Dialect(missing="Missing {key} in args", invalid="Error getting todos : {reason}"),
    ),
    endpoint(wire.MARK_TODOS, _mark, _POSTING),
    endpoint(wire.DELETE_TODO, _delete, _DELETING),
    endpoint(own.REJECT_TODO, _reject, _DELETING),
    endpoint(own.VIEW_TODOS, _view, OWN),
    endpoint(own.READ_TODO, _history, OWN),
    endpoint(own.CREATE_TODO, _create, OWN),
    endpoint(own.EDIT_TODO, _edit, OWN),
    endpoint(own.MOVE_TODO, _move, OWN),
    endpoint(own.UNDO_TODO, _undo, OWN),
    endpoint(own.EXTRACT_NOW, _extract, OWN),
    endpoint(own.READ_DIGEST, _digest, OWN),
    endpoint(own.EXPORT_TODOS, _export, OWN),
    endpoint(own.MAKE_FEED, _make_feed, OWN),
    endpoint(own.READ_FEED, _read_feed, OWN),
    endpoint(own.SET_REMINDER, _set_reminder, OWN),
    endpoint(own.SET_ZONE, _set_zone, OWN),
    endpoint(own.READ_JOBS, _jobs, OWN),
)
