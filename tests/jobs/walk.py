"""Users all over the world, and a clock that walks through their days hour by hour."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.domain.jobs import JobName
from mojodex_tui.backend.domain.todos import (
    ExtractionBrief,
    FoundTodo,
    Reminder,
    ReminderBrief,
    Rescheduling,
    ReschedulingBrief,
)
from mojodex_tui.backend.llm.port import Usage
from mojodex_tui.backend.services.background import Background
from mojodex_tui.backend.services.job_runs import JobRunner
from mojodex_tui.backend.services.jobs import Jobs
from mojodex_tui.backend.services.todo_extraction import TodoExtraction
from mojodex_tui.backend.services.todo_ports import Letter
from mojodex_tui.backend.services.todo_reminders import TodoReminders
from mojodex_tui.backend.services.todo_rescheduling import TodoRescheduling
from mojodex_tui.backend.store.engines import Engines
from mojodex_tui.backend.store.migrate import migrate
from mojodex_tui.backend.store.sql_store import SqlStore
from mojodex_tui.backend.store.tables import accounts, catalog, conversations, jobs, todos
from mojodex_tui.wire.dates import offset_of

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Somebody:
    """A user somewhere."""

    name: str
    zone: str
    tells_zone: bool
    """Whether their client tells the zone's name, or only the offset, which it corrects at noon."""

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone))


ZONES = (
    "Pacific/Pago_Pago", "Pacific/Honolulu", "Pacific/Marquesas", "America/Anchorage",
    "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York",
    "America/Havana", "America/Santiago", "America/St_Johns", "America/Sao_Paulo",
    "Atlantic/Azores", "Europe/London", "Europe/Paris", "Africa/Cairo", "Asia/Jerusalem",
    "Europe/Moscow", "Asia/Tehran", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Shanghai",
    "Australia/Eucla", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland",
    "Pacific/Chatham", "Pacific/Tongatapu", "Pacific/Kiritimati",
)  # fmt: skip

USERS = tuple(
    Somebody(f"{zone.rpartition('/')[2]}-{'zone' if tells else 'offset'}", zone, tells)
    for zone in ZONES
    for tells in (True, False)
)


@dataclass
class Watch:
    """A clock that is set."""

    moment: datetime = LONG_AGO

    def __call__(self) -> datetime:
        return self.moment


@dataclass
class Postbox:
    """Keeps letters, with the moment they came; may be told to fail."""

    watch: Watch
    letters: list[tuple[datetime, Letter]] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    async def send(self, letter: Letter) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.letters.append((self.watch(), letter))


class TodayAgain:
    """Puts everything on today, so that it is overdue again the next night."""

    async def extract(self, brief: ExtractionBrief) -> tuple[tuple[FoundTodo, ...], Usage | None]:
        return (), None

    async def reschedule(self, brief: ReschedulingBrief) -> tuple[Rescheduling, Usage | None]:
        return Rescheduling(brief.now.date(), "again"), None

    async def remind(self, brief: ReminderBrief) -> tuple[Reminder, Usage | None]:
        return Reminder(str(brief.day), "text", "html"), None


@dataclass
class World:
    """Users with something overdue, and the jobs done for them."""

    engines: Engines
    watch: Watch
    postbox: Postbox
    store: SqlStore

    def worker(self) -> Jobs:
        """Return the jobs of one process."""
        writer = TodayAgain()

        async def source() -> TodayAgain:
            return writer

        runner = JobRunner(self.store, self.watch)
        return Jobs(
            self.store,
            self.watch,
            TodoExtraction(self.store, self.watch, source, runner),
            TodoRescheduling(self.store, self.watch, source, runner),
            TodoReminders(self.store, self.watch, source, runner, self.postbox),
            Background(),
        )

    async def settle(self, users: tuple[Somebody, ...], begin: datetime) -> None:
        """Make the users, each with a To-Do that is overdue."""
        async with AsyncSession(self.engines.writer) as session, session.begin():
            task = catalog.Task(
                type="instruct", name_for_system="recap", definition_for_system="A recap."
            )
            session.add(task)
            await session.flush()
            for user in users:
                session.add(
                    accounts.User(
                        user_id=user.name,
                        email=f"{user.name}@example.com",
                        name=user.name,
                        creation_date=LONG_AGO,
                        timezone=user.zone if user.tells_zone else None,
                        timezone_offset=offset_of(user.local(begin)),
                    )
                )
                await session.flush()
                owned = catalog.UserTask(user_id=user.name, task_fk=task.task_pk)
                room = conversations.Session(session_id=user.name, user_id=user.name)
                session.add_all((owned, room))
                await session.flush()
                run = conversations.Execution(
                    user_task_fk=owned.user_task_pk,
                    session_id=user.name,
                    json_input_values=[],
                    todos_extracted=LONG_AGO,
                )
                session.add(run)
                await session.flush()
                todo = todos.Todo(
                    user_task_execution_fk=run.user_task_execution_pk,
                    description="Water the plants",
                    creation_date=LONG_AGO,
                )
                session.add(todo)
                await session.flush()
                session.add(
                    todos.TodoScheduling(
                        todo_fk=todo.todo_pk,
                        scheduled_date=date(2020, 1, 1),
                        creation_date=LONG_AGO,
                    )
                )

    async def correct_offsets(self, users: tuple[Somebody, ...]) -> None:
        """Have the clients of the users where it is noon tell their offset."""
        async with AsyncSession(self.engines.writer) as session, session.begin():
            for user in users:
                local = user.local(self.watch())
                if local.hour == 12 and not user.tells_zone:
                    row = await session.get_one(accounts.User, user.name)
                    row.timezone_offset = offset_of(local)

    async def nights(self) -> list[tuple[str, date, datetime]]:
        """Return every night that was worked: for whom, of which day, when."""
        async with AsyncSession(self.engines.reader) as session:
            rows = await session.scalars(
                select(jobs.JobRun)
                .where(jobs.JobRun.job == JobName.NIGHT)
                .order_by(jobs.JobRun.day)
            )
            worked = []
            for row in rows:
                assert row.ended is not None, row.failure
                assert row.attempts == 1
                worked.append((row.user_id, row.day, row.ended))
            return worked

    async def moves(self) -> Counter[str]:
        """Return how often each user's To-Do was moved."""
        async with AsyncSession(self.engines.reader) as session:
            rows = await session.execute(
                select(conversations.Execution.session_id)
                .join(
                    todos.Todo,
                    todos.Todo.user_task_execution_fk
                    == conversations.Execution.user_task_execution_pk,
                )
                .join(todos.TodoScheduling, todos.TodoScheduling.todo_fk == todos.Todo.todo_pk)
                .where(todos.TodoScheduling.reschedule_justification.is_not(None))
            )
            return Counter(user for (user,) in rows)


@asynccontextmanager
async def world(engines: Engines) -> AsyncIterator[World]:
    """Open an empty world."""
    await migrate(engines.writer)
    watch = Watch()
    yield World(engines, watch, Postbox(watch), SqlStore(engines))


def slots(
    user: Somebody, hour: int, begin: datetime, end: datetime, *, tick: timedelta
) -> set[date]:
    """Return the working days whose `hour` the walk passes, found by looking at every tick."""
    days = set()
    moment = begin
    while moment < end:
        local = user.local(moment)
        before = user.local(moment - tick)
        came = local.hour >= hour and (before.date() < local.date() or before.hour < hour)
        if came and local.weekday() < 5:
            days.add(local.date())
        moment += tick
    return days
