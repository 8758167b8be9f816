"""The three jobs on a real database: once, late if need be, and never half."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from mojodex_tui.backend.asgi import Backend
from mojodex_tui.backend.domain.todos import (
    ExtractionBrief,
    FoundTodo,
    Reminder,
    ReminderBrief,
    Rescheduling,
    ReschedulingBrief,
)
from mojodex_tui.backend.llm.errors import LlmError
from mojodex_tui.backend.llm.port import Usage
from mojodex_tui.backend.services.job_runs import JobRunner
from mojodex_tui.backend.services.jobs import Jobs
from mojodex_tui.backend.services.todo_ports import Letter, MailDelayed, MailRefused
from tests.backend.client import Api, Started
from tests.todos.conftest import FakeClock

FOUND = FoundTodo("Call the printer", date(2030, 1, 2), "I call the printer.")


@dataclass
class Writer:
    """Does what a test says, and keeps what it was asked."""

    before: Callable[[], Awaitable[None]] | None = None
    failures: list[BaseException] = field(default_factory=list)
    day: date | None = None
    asked: list[ExtractionBrief | ReschedulingBrief | ReminderBrief] = field(default_factory=list)

    async def _ask(self, brief: ExtractionBrief | ReschedulingBrief | ReminderBrief) -> None:
        self.asked.append(brief)
        if self.before is not None:
            before, self.before = self.before, None
            await before()
        if self.failures:
            raise self.failures.pop(0)

    async def extract(self, brief: ExtractionBrief) -> tuple[tuple[FoundTodo, ...], Usage | None]:
        await self._ask(brief)
        return (FOUND,), Usage("test", 10, 5)

    async def reschedule(self, brief: ReschedulingBrief) -> tuple[Rescheduling, Usage | None]:
        await self._ask(brief)
        return Rescheduling(self.day or brief.now.date(), "Because."), Usage("test", 10, 5)

    async def remind(self, brief: ReminderBrief) -> tuple[Reminder, Usage | None]:
        await self._ask(brief)
        return Reminder("Your day", "text", "<p>text</p>"), None


@dataclass
class Postbox:
    """Keeps letters, or fails as told."""

    failures: list[BaseException] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)

    async def send(self, letter: Letter) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.letters.append(letter)


def worker(backend: Backend, writer: Writer, postbox: Postbox | None = None) -> Jobs:
    """Return the jobs as another process would do them."""

    async def source() -> Writer:
        return writer

    jobs = backend.uses.jobs
    runner = JobRunner(jobs.store, jobs.clock)
    return replace(
        jobs,
        extraction=replace(jobs.extraction, writer=source, runner=runner),
        rescheduling=replace(jobs.rescheduling, writer=source, runner=runner),
        reminders=replace(jobs.reminders, writer=source, runner=runner, mailer=postbox),
    )


async def _todos(api: Api) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await api.get("/todo_view")).json()["todos"]
    return rows


async def _job(api: Api, name: str) -> dict[str, Any]:
    jobs: list[dict[str, Any]] = (await api.get("/jobs")).json()["jobs"]
    return next(job for job in jobs if job["name"] == name)


@pytest.mark.parametrize(
    ("minutes", "looked_at"), [(9.5, False), (10.5, True), (25, True), (3 * 24 * 60, True)]
)
async def test_looks_at_texts_that_were_left_alone(
    api: Api,
    backend: Backend,
    noted: Started,
    clock: FakeClock,
    minutes: float,
    looked_at: bool,
) -> None:
    """Also at those an original server misses, because it slept over their ten minutes."""
    clock.advance(minutes=minutes)
    writer = Writer()
    for _ in range(2):
        await worker(backend, writer).do_all_due()
    assert len(writer.asked) == len(await _todos(api)) == int(looked_at)
    assert (await noted.read())["working_on_todos"] is not looked_at


async def test_tells_the_writer_what_it_must_know(
    api: Api, backend: Backend, noted: Started, clock: FakeClock
) -> None:
    await api.post("/timezone", timezone_offset=-600)
    clock.advance(minutes=11)
    writer = Writer()
    await worker(backend, writer).do_all_due()
    (brief,) = writer.asked
    assert isinstance(brief, ExtractionBrief)
    assert brief.now.utcoffset() == timedelta(hours=10)
    assert brief.user_name == "Sam"
    assert brief.task.name == "meeting_recap"
    assert brief.draft is not None
    assert brief.draft.body == "What was said."
    assert [given.value for given in brief.inputs if given.value] == [
        "I must send the launch plan to Ana. I'll call the bank."
    ]
    assert all("<" not in turn.text for turn in brief.conversation)


async def test_a_failure_is_told_and_tried_again(
    api: Api, backend: Backend, noted: Started, clock: FakeClock
) -> None:
    clock.advance(minutes=11)
    writer = Writer(failures=[LlmError("The model is away.")])
    jobs = worker(backend, writer)
    await jobs.do_all_due()
    assert await _todos(api) == []
    (failure,) = (await _job(api, "todo_extraction"))["failures"]
    assert (failure["reason"], failure["attempts"]) == ("The model is away.", 1)
    await jobs.do_all_due()
    assert len(writer.asked) == 1
    clock.advance(minutes=1)
    await jobs.do_all_due()
    assert [todo["description"] for todo in await _todos(api)] == [FOUND.description]
    assert (await _job(api, "todo_extraction"))["failures"] == []


async def test_looking_now_forgets_failures(api: Api, backend: Backend, noted: Started) -> None:
    extraction = worker(backend, Writer(failures=[LlmError("Away.")])).extraction
    user = await backend.uses.accounts.authenticate(api.token or "")
    assert (await extraction.look_now(user, None)).failure == "Away."
    looked = await extraction.look_now(user, noted.pk)
    assert (looked.failure, looked.found) == (None, 1)


async def test_a_crash_leaves_nothing_half_and_is_made_good(
    api: Api, backend: Backend, noted: Started, clock: FakeClock
) -> None:
    clock.advance(minutes=11)
    dying = worker(backend, Writer(failures=[asyncio.CancelledError()]))
    with pytest.raises(asyncio.CancelledError):
        await dying.do_all_due()
    other = worker(backend, Writer())
    await other.do_all_due()
    assert await _todos(api) == []
    clock.advance(minutes=11)
    await other.do_all_due()
    assert len(await _todos(api)) == 1


async def test_who_lost_the_claim_keeps_nothing(
    api: Api, backend: Backend, noted: Started, clock: FakeClock
) -> None:
    clock.advance(minutes=11)
    quick = worker(backend, Writer())

    async def overtake() -> None:
        clock.advance(minutes=11)
        await quick.do_all_due()

    await worker(backend, Writer(before=overtake)).do_all_due()
    assert len(await _todos(api)) == 1


async def _made(api: Api, clock: FakeClock, *descriptions: str) -> list[dict[str, Any]]:
    """Make To-Dos for the user's today, a Wednesday, and a clock."""
    clock.moment = datetime.fromisoformat("2030-01-02T10:00:00+00:00")
    await api.post("/timezone", timezone_offset=0)
    for description in descriptions:
        await api.put("/todos", description=description, scheduled_date="2030-01-02")
    return await _todos(api)


async def test_moves_what_is_overdue_by_rules(api: Api, backend: Backend, clock: FakeClock) -> None:
    """Four overdue To-Dos do not all fit the next day, and each says why it is where it is."""
    await _made(api, clock, "One", "Two", "Three", "Four")
    clock.moment = datetime.fromisoformat("2030-01-03T00:59:00+00:00")
    await backend.uses.jobs.do_all_due()
    assert {todo["scheduled_date"] for todo in await _todos(api)} == {"2030-01-02"}
    clock.moment = datetime.fromisoformat("2030-01-03T01:10:00+00:00")
    for _ in range(2):
        await backend.uses.jobs.do_all_due()
    todos = {todo["description"]: todo for todo in await _todos(api)}
    assert [todos[name]["scheduled_date"] for name in ("One", "Two", "Three", "Four")] == [
        "2030-01-03", "2030-01-03", "2030-01-03", "2030-01-04",
    ]  # fmt: skip
    assert {todo["n_moves"] for todo in todos.values()} == {1}
    history = (await api.get("/todo_history", todo_pk=todos["Four"]["todo_pk"])).json()
    assert history["schedulings"][-1]["reason"] == (
        "It was due on Wednesday 2 January. "
        "The working days before Friday 4 January are full; other To-Dos on it: 0."
    )
    assert history["schedulings"][-1]["by_user"] is False


async def test_what_the_user_moves_meanwhile_stays(
    api: Api, backend: Backend, clock: FakeClock
) -> None:
    (todo,) = await _made(api, clock, "One")
    clock.moment = datetime.fromisoformat("2030-01-03T01:10:00+00:00")

    async def move() -> None:
        await api.post("/todo_move", todo_pk=todo["todo_pk"], scheduled_date="2030-02-01")

    await worker(backend, Writer(before=move)).do_all_due()
    (todo,) = await _todos(api)
    assert (todo["scheduled_date"], todo["n_moves"]) == ("2030-02-01", 1)


async def test_a_day_in_the_past_is_no_answer(api: Api, backend: Backend, clock: FakeClock) -> None:
    await _made(api, clock, "One")
    clock.moment = datetime.fromisoformat("2030-01-03T01:10:00+00:00")
    await worker(backend, Writer(day=date(2029, 12, 1))).do_all_due()
    (todo,) = await _todos(api)
    assert (todo["scheduled_date"], todo["n_moves"]) == ("2030-01-02", 0)


async def test_reminds_once_and_tries_later_when_told_to(
    api: Api, backend: Backend, clock: FakeClock
) -> None:
    await _made(api, clock, "One")
    clock.moment = datetime.fromisoformat("2030-01-03T01:10:00+00:00")
    postbox = Postbox([MailDelayed("451 later"), MailDelayed("451 later")])
    writer = Writer()
    jobs = worker(backend, writer, postbox)
    await jobs.do_all_due()
    for minutes in range(7 * 60, 10 * 60):
        clock.moment = datetime.fromisoformat("2030-01-03T00:00:00+00:00") + timedelta(
            minutes=minutes
        )
        await jobs.do_all_due()
        if minutes == 8 * 60:
            (failure,) = (await _job(api, "todo_reminder"))["failures"]
            assert failure["reason"] == "451 later"
    (letter,) = postbox.letters
    assert (letter.to, letter.subject) == ("sam@example.com", "Your day")
    told = [brief for brief in writer.asked if isinstance(brief, ReminderBrief)]
    assert len(told) == 3
    assert told[-1].today == (("One", None),)
    assert [(move.description, str(move.after), move.reason) for move in told[-1].moved] == [
        ("One", "2030-01-03", "Because.")
    ]


async def test_a_refused_mail_is_told_and_not_tried_again(
    api: Api, backend: Backend, clock: FakeClock
) -> None:
    await _made(api, clock, "One")
    clock.moment = datetime.fromisoformat("2030-01-03T08:10:00+00:00")
    postbox = Postbox([MailRefused("The mail server answered 550 no such mailbox")])
    jobs = worker(backend, Writer(), postbox)
    await jobs.do_all_due()
    clock.advance(hours=5)
    await jobs.do_all_due()
    assert postbox.letters == []
    (failure,) = (await _job(api, "todo_reminder"))["failures"]
    assert failure["next_try"] is None
    assert "550" in (await api.get("/todo_digest")).json()["failure"]


async def test_a_mail_whose_fate_is_unknown_is_not_sent_again(
    api: Api, backend: Backend, clock: FakeClock
) -> None:
    await _made(api, clock, "One")
    clock.moment = datetime.fromisoformat("2030-01-03T08:10:00+00:00")
    postbox = Postbox([asyncio.CancelledError()])
    with pytest.raises(asyncio.CancelledError):
        await worker(backend, Writer(), postbox).do_all_due()
    clock.advance(minutes=11)
    await worker(backend, Writer(), postbox).do_all_due()
    assert postbox.letters == []
    assert "may have gone out" in (await _job(api, "todo_reminder"))["failures"][0]["reason"]


async def test_no_mail_to_who_does_not_want_one_or_has_nothing_to_do(
    api: Api, other: Api, backend: Backend, clock: FakeClock
) -> None:
    await _made(api, clock, "One")
    await other.post("/timezone", timezone_offset=0)
    await api.put("/todo_reminder", todo_email_reception=False)
    clock.moment = datetime.fromisoformat("2030-01-03T08:10:00+00:00")
    postbox = Postbox()
    await worker(backend, Writer(), postbox).do_all_due()
    assert postbox.letters == []
