from datetime import date

import pytest
from starlette.responses import JSONResponse, Response

from mojodex_tui.client.errors import NotSupportedByServer
from mojodex_tui.wire.todo_extensions import Undoable
from tests.client.conftest import NewClient
from tests.client.loopback import Call, Server, says

TODAY = "2026-11-20"


def todo(pk: int, day: str = TODAY, execution: int = 1, **more: object) -> dict[str, object]:
    """Return a To-Do as an original server writes it."""
    return {
        "todo_pk": pk,
        "user_task_execution_fk": execution,
        "description": f"Do {pk}",
        "scheduled_date": day,
        "completed": None,
        "creation_date": "2026-11-20T10:00:00+00:00",
        "read_by_user": None,
        **more,
    }


def run(pk: int, n_todos: int) -> dict[str, object]:
    """Return a run as a list has it."""
    return {
        "user_task_execution_pk": pk,
        "session_id": f"s{pk}",
        "user_task_pk": 1,
        "title": f"Run {pk}",
        "n_todos": n_todos,
    }


def calls_of(server: Server, path: str) -> list[Call]:
    """Return what was asked at a path."""
    return [call for call in server.calls if call.path == path]


async def test_our_own_backend_is_asked_for_every_part_and_page(
    server: Server, client: NewClient
) -> None:
    parts = {"overdue": [1], "today": range(10, 130), "upcoming": [200], "done": [300]}

    async def view(call: Call) -> Response:
        first = int(call.fields["offset"])
        pks = list(parts[call.fields["view"]])[first : first + 50]
        return JSONResponse(
            {
                "todos": [todo(pk, source="He said so.") for pk in pks],
                "counts": {"done": 7},
                "today": TODAY,
            }
        )

    server.on("GET", "/todo_view", view)
    async with client() as mojodex:
        listing = await mojodex.todos.listing()
        assert await mojodex.todos.seen_listing() == listing
    assert {row.todo_pk for row in listing.rows} == {1, *range(10, 130), 200, 300}
    assert (listing.today, listing.has_extras, listing.n_done) == (date(2026, 11, 20), True, 7)
    assert listing.rows[0].source == "He said so."


async def test_the_lists_of_an_original_server_are_merged(
    server: Server, client: NewClient
) -> None:
    async def todos(call: Call) -> Response:
        of_run = call.fields.get("user_task_execution_fk")
        rows = [todo(1)] if of_run is None else [todo(1), todo(2, "2026-11-01")]
        return JSONResponse({"todos": rows, "n_todos_not_read": 1})

    async def runs(call: Call) -> Response:
        first = int(call.fields["offset"])
        rows = [run(pk, n_todos=2 if pk == 1 else 0) for pk in (1, 2)]
        return JSONResponse({"user_task_executions": [] if first else rows})

    server.on("GET", "/todos", todos)
    server.on("GET", "/user_task_execution", runs)
    async with client() as mojodex:
        listing = await mojodex.todos.listing()
    assert [(row.todo_pk, row.execution_title) for row in listing.rows] == [
        (1, "Run 1"),
        (2, "Run 1"),
    ]
    assert not listing.has_extras
    asked = [call.fields.get("user_task_execution_fk") for call in calls_of(server, "/todos")]
    assert asked == [None, "1"]


async def test_nothing_was_seen_before_the_first_time(client: NewClient) -> None:
    async with client() as mojodex:
        assert await mojodex.todos.seen_listing() is None


async def test_what_a_user_does_is_said_as_the_server_wants_it(
    server: Server, client: NewClient
) -> None:
    server.on("POST", "/todos", says({"todo_pk": 1}))
    server.on("DELETE", "/todos", says({"todo_pk": "1"}))
    server.on("POST", "/todo_move", says(todo(1, "2026-11-23")))
    server.on("POST", "/todo_undo", says(todo(1)))
    async with client() as mojodex:
        await mojodex.todos.mark_read([1])
        await mojodex.todos.finish(1)
        await mojodex.todos.delete(1, "not mine")
        moved = await mojodex.todos.move(1, date(2026, 11, 23))
        await mojodex.todos.undo(1, Undoable.MOVE)
    assert moved.scheduled_date == date(2026, 11, 23)
    read, done, deleted = (call.fields for call in calls_of(server, "/todos"))
    assert (read["mark_as_read"], "mark_as_done" in read) == ("True", False)
    assert (done["mark_as_done"], "mark_as_read" in done) == ("True", False)
    assert deleted["cause"] == "not mine"
    assert calls_of(server, "/todo_move")[0].fields["scheduled_date"] == "2026-11-23"
    assert calls_of(server, "/todo_undo")[0].fields["what"] == "move"


async def test_the_log_and_looking_now_are_asked_for(server: Server, client: NewClient) -> None:
    step = {"scheduled_date": TODAY, "creation_date": "2026-11-19T10:00:00+00:00", "reason": "so"}
    server.on("GET", "/todo_history", says({"todo": todo(1), "schedulings": [step]}))
    server.on("POST", "/todo_extraction", says({"user_task_execution_pks": [4], "n_todos": 2}))
    async with client() as mojodex:
        assert (await mojodex.todos.history(1)).schedulings[0].reason == "so"
        assert (await mojodex.todos.look_now()).n_todos == 2


async def test_an_original_server_does_not_move(client: NewClient) -> None:
    async with client() as mojodex:
        with pytest.raises(NotSupportedByServer):
            await mojodex.todos.move(1, date(2026, 11, 23))
