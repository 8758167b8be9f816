"""What is done on the clock: all that has come due, and how it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.clocks import MORNING_HOUR, NIGHT_HOUR, next_time
from mojodex_tui.backend.domain.jobs import JobName, JobRun
from mojodex_tui.backend.domain.todos import extraction_due
from mojodex_tui.backend.services.background import Background
from mojodex_tui.backend.services.errors import NotFound
from mojodex_tui.backend.services.ports import Clock, Store
from mojodex_tui.backend.services.todo_extraction import TodoExtraction
from mojodex_tui.backend.services.todo_reminders import TodoReminders
from mojodex_tui.backend.services.todo_rescheduling import TodoRescheduling
from mojodex_tui.wire import todo_extensions as own
from mojodex_tui.wire.background import EventType

_MOST_RUNS = 50
_RULES = {
    JobName.EXTRACTION: "10 minutes after the last version of a text",
    JobName.NIGHT: "Monday to Friday at 01:00, your time",
    JobName.MORNING: "Monday to Friday at 08:00, your time",
}


@dataclass(frozen=True)
class Jobs:
    """The three jobs. Whoever starts them, and how often: each is done once.

    Args:
        store: where it is noted how they went.
        clock: tells when.
        extraction: finds To-Dos.
        rescheduling: works at night.
        reminders: writes in the morning.
        background: holds what goes on after a scheduler was answered.
    """

    store: Store
    clock: Clock
    extraction: TodoExtraction
    rescheduling: TodoRescheduling
    reminders: TodoReminders
    background: Background

    async def do_all_due(self) -> None:
        """Do whatever has come due."""
        await self.extraction.look_at(await self.extraction.due())
        await self.rescheduling.work_through(await self.rescheduling.due())
        await self.reminders.work_through(await self.reminders.due())

    async def start_extraction(self) -> list[int]:
        """Begin to look at what is due, and return it (wire protocol §8.1)."""
        due = await self.extraction.due()

        async def look() -> None:
            await self.extraction.look_at(due)

        self.background.start(look(), "extraction")
        return [each.execution_pk for each in due]

    async def start_rescheduling(self) -> list[int]:
        """Begin to move what is overdue, and return it (wire protocol §8.1)."""
        due = await self.rescheduling.due()
        self.background.start(self.rescheduling.work_through(due), "rescheduling")
        return [pk for night in due for pk in night.todo_pks]

    async def start_events(self, event_type: str) -> list[str]:
        """Begin to write the mails of a kind, and return to whom (wire protocol §8.1).

        Raises:
            NotFound: there are no such mails.
        """
        if event_type != EventType.TODO_DAILY_EMAILS:
            raise NotFound(f"Error generating events : Unknown event type {event_type}")
        due = await self.reminders.due()
        self.background.start(self.reminders.work_through(due), "reminders")
        return [each.user.user_id for each in due]

    @property
    def sends_mail(self) -> bool:
        """Whether a mail server is set."""
        return self.reminders.mailer is not None

    async def status(self, user: User) -> own.Jobs:
        """Return how the jobs of a user go."""
        async with self.store.read() as work:
            runs = {job: await work.jobs.runs_of(user.user_id, job, _MOST_RUNS) for job in JobName}
            waiting = await work.todos.extractable(user.user_id, None)
        nexts = {
            JobName.EXTRACTION: min(
                (extraction_due(each.latest_version) for each in waiting), default=None
            ),
            JobName.NIGHT: self._next(user, NIGHT_HOUR),
            JobName.MORNING: (
                self._next(user, MORNING_HOUR)
                if self.sends_mail and user.todo_email_reception
                else None
            ),
        }
        return own.Jobs(jobs=tuple(_job(job, runs[job], nexts[job]) for job in JobName))

    async def mail_failure(self, user: User) -> str | None:
        """Return why the last mail did not go out, if it did not."""
        async with self.store.read() as work:
            runs = await work.jobs.runs_of(user.user_id, JobName.MORNING, 1)
        return runs[0].failure if runs else None

    def _next(self, user: User, hour: int) -> datetime | None:
        return next_time(user.clock, self.clock(), hour) if user.clock else None


def _job(job: JobName, runs: Sequence[JobRun], next_run: datetime | None) -> own.Job:
    retries = [run.next_try for run in runs if run.next_try is not None and run.ended is None]
    return own.Job(
        name=job,
        rule=_RULES[job],
        last_run=max((run.started for run in runs if run.started), default=None),
        last_success=max((run.ended for run in runs if run.ended), default=None),
        next_run=min((moment for moment in (*retries, next_run) if moment), default=None),
        failures=tuple(
            own.JobFailure(
                subject=run.key.subject,
                day=run.key.day,
                reason=run.failure,
                attempts=run.attempts,
                next_try=run.next_try,
            )
            for run in runs
            if run.failure is not None and run.ended is None
        ),
    )
