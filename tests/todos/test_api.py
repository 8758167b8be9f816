"""What users do with their To-Dos over HTTP; nobody sees another's."""

from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from mojodex_tui.backend.asgi import Backend
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from tests.backend.client import Api, Started
from tests.todos.conftest import SCHEDULER, FakeClock, recap

Row = dict[str, Any]


async def _extracted(started: Started) -> list[Row]:
    answer = (await started.api.post("/todo_extraction")).json()
    assert answer["user_task_execution_pks"] == [started.pk]
    rows: list[Row] = (await started.api.get("/todos", user_task_execution_fk=started.pk)).json()[
        "todos"
    ]
    assert answer["n_todos"] == len(rows)
    return rows


async def test_lists_counts_and_marks(api: Api, noted: Started, clock: FakeClock) -> None:
    first, second = await _extracted(noted)
    assert first["description"] == "Send the launch plan to Ana"
    assert set(first) == {
        "todo_pk", "user_task_execution_fk", "description", "scheduled_date", "completed",
        "creation_date", "read_by_user",
    }  # fmt: skip
    listed = (await api.get("/todos")).json()
    assert [len(listed["todos"]), listed["n_todos_not_read"]] == [2, 2]
    assert listed["user_has_never_done_todo"] is False
    assert len((await api.get("/todos", n_todos=1, offset=1)).json()["todos"]) == 1

    pk = first["todo_pk"]
    assert (await api.post("/todos", todo_pk=pk, mark_as_read=True)).json() == {"todo_pk": pk}
    assert (await api.get("/todos")).json()["n_todos_not_read"] == 1
    assert (await api.post("/todos", todo_pk=pk, mark_as_done=True)).json() == {"todo_pk": pk}
    again = await api.post("/todos", todo_pk=pk, mark_as_done=True)
    assert (again.status_code, again.json()) == (
        400,
        {"error": "Todo already done, can't do it again."},
    )
    read = await api.post("/todos", mark_as_read=True)
    assert read.json() == {"todo_pks": [second["todo_pk"]]}
    listed = (await api.get("/todos")).json()
    assert [row["todo_pk"] for row in listed["todos"]] == [second["todo_pk"]]
    of_execution = (await api.get("/todos", user_task_execution_fk=noted.pk)).json()
    assert len(of_execution["todos"]) == 2
    shown = await noted.read()
    assert (shown["n_todos"], shown["n_not_read_todos"], shown["working_on_todos"]) == (2, 0, False)

    pk = second["todo_pk"]
    for _ in range(2):
        assert (await api.delete("/todos", todo_pk=pk)).json() == {"todo_pk": str(pk)}
    assert (await api.get("/todos")).json()["todos"] == []


async def test_refuses_as_an_original_does(api: Api, anybody: Api) -> None:
    no_flag = {"error": "mark_as_read and mark_as_done are False. Set just one of them as True"}
    for answer, status, body in (
        (await api.post("/todos", todo_pk=1), 400, no_flag),
        (await api.post("/todos", todo_pk=1, mark_as_done=True, mark_as_read=True), 400, no_flag),
        (await api.post("/todos", mark_as_done=True), 400, {"error": "Missing field todo_pk"}),
        (await api.post("/todos", todo_pk=9, mark_as_done=True), 404, {"error": "Todo not found"}),
        (await api.delete("/todos", todo_pk=9), 404, {"error": "Todo not found"}),
        (
            await api.get("/todos", user_task_execution_fk=9),
            404,
            {"error": "user_task_execution_pk not found"},
        ),
        (
            await api.post("/todos", user_task_execution_pk=9, mark_as_read=True),
            404,
            {"error": "user_task_execution_pk not found"},
        ),
    ):
        assert (answer.status_code, answer.json()) == (status, body)
    assert (await anybody.get("/todos")).status_code == 403


async def test_nobody_touches_another_s(api: Api, other: Api, noted: Started) -> None:
    pk = (await _extracted(noted))[0]["todo_pk"]
    tomorrow = "2029-12-22"
    for answer in (
        await other.get("/todos", user_task_execution_fk=noted.pk),
        await other.post("/todos", todo_pk=pk, mark_as_done=True),
        await other.post("/todos", todo_pk=pk, mark_as_read=True),
        await other.post("/todos", user_task_execution_pk=noted.pk, mark_as_read=True),
        await other.delete("/todos", todo_pk=pk),
        await other.delete("/todos", todo_pk=pk, cause="x"),
        await other.get("/todo_history", todo_pk=pk),
        await other.post("/todo_text", todo_pk=pk, description="x"),
        await other.post("/todo_move", todo_pk=pk, scheduled_date=tomorrow),
        await other.post("/todo_undo", todo_pk=pk, what="done"),
        await other.post("/todo_extraction", user_task_execution_pk=noted.pk),
        await other.put(
            "/todos", description="x", scheduled_date=tomorrow, user_task_execution_pk=noted.pk
        ),
    ):
        assert answer.status_code == 404, answer.text
    assert (await other.post("/todos", mark_as_read=True)).json() == {"todo_pks": []}
    assert (await other.get("/todo_view")).json()["todos"] == []
    assert (await api.get("/todos")).json()["n_todos_not_read"] == 2


@pytest.mark.parametrize("offset", [660, 300, 0, -60, -840])
async def test_today_is_the_user_s_day(
    api: Api, noted: Started, clock: FakeClock, offset: int
) -> None:
    """A To-Do of today is listed all day long, wherever the user is (C11)."""
    rows = await _extracted(noted)
    due = date.fromisoformat(rows[0]["scheduled_date"])
    await api.post("/timezone", timezone_offset=offset)
    midnight = clock.moment.replace(hour=0, minute=0, second=0, microsecond=0)
    begins = midnight + timedelta(days=(due - midnight.date()).days, minutes=offset)
    for moment, listed in (
        (begins + timedelta(minutes=1), 2),
        (begins + timedelta(hours=23, minutes=59), 2),
        (begins + timedelta(hours=24, minutes=1), 0),
    ):
        clock.moment = moment
        assert len((await api.get("/todos")).json()["todos"]) == listed


async def test_moves_with_reasons_and_takes_back(
    api: Api, noted: Started, clock: FakeClock
) -> None:
    row = (await _extracted(noted))[0]
    pk, first_day = row["todo_pk"], row["scheduled_date"]
    later = str(date.fromisoformat(first_day) + timedelta(days=3))
    moved = await api.post("/todo_move", todo_pk=pk, scheduled_date=later, reason="Ana is away")
    assert (moved.json()["scheduled_date"], moved.json()["n_moves"]) == (later, 1)
    history = (await api.get("/todo_history", todo_pk=pk)).json()
    assert history["todo"]["source"] == "I must send the launch plan to Ana."
    told = [
        (each["scheduled_date"], each["reason"], each["by_user"]) for each in history["schedulings"]
    ]
    assert told == [(first_day, None, False), (later, "Ana is away", True)]
    # Also to an earlier day.
    today = str(clock.moment.date())
    assert (await api.post("/todo_move", todo_pk=pk, scheduled_date=today)).json()[
        "scheduled_date"
    ] == today
    for expected in (later, first_day):
        undone = await api.post("/todo_undo", todo_pk=pk, what="move")
        assert undone.json()["scheduled_date"] == expected
    assert (await api.post("/todo_undo", todo_pk=pk, what="move")).status_code == 400
    past = await api.post("/todo_move", todo_pk=pk, scheduled_date="2020-01-01")
    assert past.json() == {"error": "That day is past. Choose today or a later one."}


async def test_done_and_deleted_can_be_taken_back(api: Api, noted: Started) -> None:
    pk = (await _extracted(noted))[0]["todo_pk"]
    await api.post("/todos", todo_pk=pk, mark_as_done=True)
    assert (await api.get("/todo_view", view="done")).json()["counts"]["done"] == 1
    assert (await api.post("/todo_undo", todo_pk=pk, what="done")).json()["completed"] is None
    await api.delete("/todos", todo_pk=pk)
    assert len((await api.get("/todos")).json()["todos"]) == 1
    await api.post("/todo_undo", todo_pk=pk, what="deletion")
    assert len((await api.get("/todos")).json()["todos"]) == 2
    refused = await api.post("/todo_undo", todo_pk=pk, what="deletion")
    assert refused.json() == {"error": "This To-Do is not deleted."}


async def test_makes_and_rewords_by_hand(api: Api, clock: FakeClock) -> None:
    today = str(clock.moment.date())
    made = (await api.put("/todos", description=" Buy  milk ", scheduled_date=today)).json()
    assert (made["description"], made["by_user"]) == ("Buy milk", True)
    assert made["read_by_user"] is not None
    edited = await api.post("/todo_text", todo_pk=made["todo_pk"], description="Buy oat milk")
    assert edited.json()["description"] == "Buy oat milk"
    again = (await api.put("/todos", description="Walk", scheduled_date=today)).json()
    assert again["user_task_execution_fk"] == made["user_task_execution_fk"]
    assert [row["description"] for row in (await api.get("/todos")).json()["todos"]] == [
        "Buy oat milk",
        "Walk",
    ]
    # What they hang on is in no list, and is not offered as an unused form.
    assert (await api.get("/user_task_execution")).json() == {"user_task_executions": []}
    assert (await api.created()).pk != made["user_task_execution_fk"]
    assert (await api.put("/todos", description="  ", scheduled_date=today)).status_code == 400


async def test_parts_of_the_list(api: Api, clock: FakeClock) -> None:
    start = clock.moment.date()
    for days in (0, 1, 5):
        await api.put(
            "/todos", description=f"in {days}", scheduled_date=str(start + timedelta(days=days))
        )
    clock.advance(days=1)
    for view, expected in (
        ("overdue", ["in 0"]),
        ("today", ["in 1"]),
        ("upcoming", ["in 5"]),
        ("done", []),
        ("all", ["in 0", "in 1", "in 5"]),
    ):
        answer = (await api.get("/todo_view", view=view)).json()
        assert [row["description"] for row in answer["todos"]] == expected
        assert answer["counts"] == {
            "overdue": 1, "today": 1, "upcoming": 1, "done": 0, "unread": 0,
        }  # fmt: skip


async def test_exports_and_feeds(api: Api, anybody: Api, noted: Started, clock: FakeClock) -> None:
    await _extracted(noted)
    await api.put(
        "/todos", description="Ça: *now*; 5 € \N{PARTY POPPER}" * 9, scheduled_date="2030-01-02"
    )
    calendar = await api.get("/todo_export", format="ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert all(len(line) <= 75 for line in calendar.content.split(b"\r\n"))
    tasks = Calendar.from_ical(calendar.content).walk("VTODO")
    assert "Send the launch plan to Ana" in [str(task["summary"]) for task in tasks]
    assert tasks[-1].decoded("due") == date(2030, 1, 2)
    text = (await api.get("/todo_export", format="markdown")).text
    assert "- [ ] Send the launch plan to Ana (" in text
    assert r"\*now\*" in text

    path = (await api.post("/todo_feed")).json()["path"]
    feed = await anybody.http.get(path)
    assert feed.content.count(b"BEGIN:VTODO") == 3
    renewed = (await api.post("/todo_feed")).json()["path"]
    assert (await anybody.http.get(path)).status_code == 403
    assert (await anybody.http.get(renewed)).status_code == 200


async def test_what_was_rejected_is_not_found_again(
    api: Api, backend: Backend, llm: ScriptedLlm, noted: Started
) -> None:
    pk = (await _extracted(noted))[0]["todo_pk"]
    await api.delete("/todos", todo_pk=pk, cause="Ana has it already")
    again = await recap(api, backend, llm, "I must send the launch plan to Ana. I'll pay the rent.")
    rows = await _extracted(again)
    assert [row["description"] for row in rows] == ["Pay the rent"]


async def test_the_digest_and_the_switch(api: Api, noted: Started, clock: FakeClock) -> None:
    rows = await _extracted(noted)
    clock.moment = clock.moment.replace(hour=12) + timedelta(
        days=(date.fromisoformat(rows[0]["scheduled_date"]) - clock.moment.date()).days
    )
    digest = (await api.get("/todo_digest")).json()
    assert digest["line"] == "2 today"
    assert "Send the launch plan to Ana" in digest["text"]
    await api.post("/timezone", timezone_offset=0)
    assert (await api.get("/todo_view")).json()["todo_email_reception"] is True
    await api.put("/todo_reminder", todo_email_reception=False)
    told = (await api.get("/todo_view")).json()
    # Without a mail server there is nothing to switch, but the wish is kept.
    assert (told["todo_email_reception"], told["sends_mail"], told["next_morning"]) == (
        False,
        False,
        None,
    )


async def test_zones_by_name(api: Api) -> None:
    told = await api.post("/timezone", timezone_offset=-60, timezone="Europe/Paris")
    assert told.json() == {"success": True}
    bad = await api.post("/timezone", timezone_offset=0, timezone="Mars/Base")
    assert bad.json() == {"error": "There is no time zone 'Mars/Base'."}


async def test_a_scheduler_triggers_the_jobs(
    anybody: Api, api: Api, backend: Backend, noted: Started, clock: FakeClock
) -> None:
    scheduler = anybody.of(SCHEDULER)
    for path in ("/extract_todos", "/reschedule_todo"):
        assert (await anybody.post(path)).status_code == 403
        assert (await api.post(path)).status_code == 403
        missing = await scheduler.http.post(path, json={}, headers={"Authorization": SCHEDULER})
        assert (missing.status_code, missing.json()) == (400, {"error": "invalid inputs"})
    assert (await scheduler.post("/extract_todos")).json() == {"user_task_execution_pks": []}
    clock.advance(minutes=11)
    found = await scheduler.post("/extract_todos")
    assert found.json() == {"user_task_execution_pks": [noted.pk]}
    await backend.background.idle()
    assert (await scheduler.post("/extract_todos")).json() == {"user_task_execution_pks": []}
    assert len((await api.get("/todos")).json()["todos"]) == 2
    unknown = await scheduler.post("/events_generation", event_type="other")
    assert (unknown.status_code, unknown.json()) == (
        404,
        {"error": "Error generating events : Unknown event type other"},
    )
    assert (await scheduler.post("/events_generation")).json() == {"error": "invalid inputs"}
    mail = await scheduler.get("/is_email_service_configured")
    assert mail.json() == {"is_configured": False}


async def test_tells_how_the_jobs_go(api: Api, noted: Started, clock: FakeClock) -> None:
    await api.post("/timezone", timezone_offset=0)
    before = {job["name"]: job for job in (await api.get("/jobs")).json()["jobs"]}
    assert before["todo_extraction"]["next_run"] is not None
    assert before["todo_rescheduling"]["next_run"] is not None
    assert before["todo_extraction"]["last_success"] is None
    await _extracted(noted)
    after = {job["name"]: job for job in (await api.get("/jobs")).json()["jobs"]}
    assert after["todo_extraction"]["last_success"] is not None
    assert after["todo_extraction"]["next_run"] is None
    assert after["todo_extraction"]["failures"] == []
