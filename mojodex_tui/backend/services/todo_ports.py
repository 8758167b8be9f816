"""What To-Dos and jobs need from outside: their rows, who writes, who sends."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.jobs import JobKey, JobName, JobRun
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.domain.todos import (
    Counts,
    DueExecution,
    ExtractionBrief,
    FoundTodo,
    Move,
    Rejected,
    Reminder,
    ReminderBrief,
    Rescheduling,
    ReschedulingBrief,
    Scheduling,
    Todo,
    View,
)
from mojodex_tui.backend.llm.port import Usage


class TodoRows(Protocol):
    """To-Dos and their days."""

    async def get(self, user_id: str, pk: int) -> Todo | None:
        """Return a To-Do of a user, deleted or not."""
        ...

    async def of_execution(self, execution_pk: int, page: Page) -> list[Todo]:
        """Return a page of an execution's To-Dos, done or not, by day."""
        ...

    async def open_from(self, user_id: str, first: date, page: Page) -> list[Todo]:
        """Return a page of a user's open To-Dos from a day on, by day."""
        ...

    async def viewed(self, user_id: str, view: View, today: date, page: Page) -> list[Todo]:
        """Return a page of one part of a user's To-Dos."""
        ...

    async def counts(self, user_id: str, today: date) -> Counts:
        """Return how many To-Dos a user has in each part."""
        ...

    async def count_unread(self, user_id: str, first: date) -> int:
        """Return how many open To-Dos from a day on a user has not read."""
        ...

    async def total(self, user_id: str) -> int:
        """Return how many To-Dos a user ever had."""
        ...

    async def add(
        self,
        execution_pk: int,
        description: str,
        day: date,
        moment: datetime,
        *,
        source: str | None = None,
        by_user: bool = False,
    ) -> int:
        """Keep a new To-Do, put on a day, and return its key."""
        ...

    async def change(self, todo: Todo, cause: str | None = None) -> None:
        """Keep a To-Do as it is now; the cause says why the user deleted it."""
        ...

    async def mark_read(
        self, user_id: str, execution_pk: int | None, moment: datetime
    ) -> list[int]:
        """Mark what a user has not read, of one execution or all, and return it."""
        ...

    async def schedulings(self, pk: int) -> list[Scheduling]:
        """Return the days a To-Do was put on, in that order."""
        ...

    async def put_on(
        self,
        pk: int,
        day: date,
        moment: datetime,
        reason: str | None,
        *,
        by_user: bool,
    ) -> None:
        """Put a To-Do on another day."""
        ...

    async def take_back(self, scheduling_pk: int) -> None:
        """Forget that a To-Do was put on a day."""
        ...

    async def related(self, execution_pk: int) -> list[Todo]:
        """Return the To-Dos of an execution and of those it goes on from."""
        ...

    async def rejected(self, user_id: str, most: int) -> list[Rejected]:
        """Return what a user lately deleted, the newest first."""
        ...

    async def notebook(self, user_id: str, moment: datetime) -> int | None:
        """Return the execution that To-Dos made by hand hang on; `None` if there can be none."""
        ...

    async def due_for_extraction(
        self, before: datetime, moment: datetime, after_pk: int, most: int
    ) -> list[DueExecution]:
        """Return executions whose latest version is older and that were not looked at, by key.

        Those that somebody is on, or that failed and are tried again later, are left out.
        """
        ...

    async def extractable(self, user_id: str, execution_pk: int | None) -> list[DueExecution]:
        """Return a user's executions that were not looked at, however new their version is."""
        ...

    async def mark_extracted(self, execution_pk: int, moment: datetime) -> bool:
        """Note that an execution was looked at; false if it was before."""
        ...

    async def owners_of_overdue(self, before: date) -> list[User]:
        """Return who has open To-Dos planned for a day before another one."""
        ...

    async def overdue(self, user_id: str, before: date, put_before: datetime) -> list[Todo]:
        """Return open To-Dos of a day before, that were put on it before a moment."""
        ...

    async def moved(self, user_id: str, since: datetime, until: datetime) -> list[Move]:
        """Return which open To-Dos the assistant put on another day in a time, and why."""
        ...


class JobRows(Protocol):
    """What was done on the clock."""

    async def claim(
        self, key: JobKey, user_id: str, owner: str, moment: datetime, *, anew: bool = False
    ) -> JobRun | None:
        """Take a job on, unless it is done, given up, paused, or somebody else is on it.

        Args:
            key: what is done once.
            user_id: whom it is for.
            owner: the process that takes it on.
            moment: now.
            anew: whether earlier failures are forgotten, because the user asks for it.
        """
        ...

    async def finish(self, key: JobKey, owner: str, moment: datetime) -> bool:
        """Note that a job is done; false if it is no longer the owner's."""
        ...

    async def fail(self, key: JobKey, owner: str, sentence: str, next_try: datetime | None) -> None:
        """Note why a job failed, and when it is tried again, if ever."""
        ...

    async def renew(self, key: JobKey, owner: str, moment: datetime) -> bool:
        """Keep a claim for longer; false if it is no longer the owner's."""
        ...

    async def set_sending(self, key: JobKey, owner: str, moment: datetime | None) -> bool:
        """Note that a mail is being handed over, or is not any more."""
        ...

    async def last_days(self, job: JobName, user_ids: Collection[str]) -> dict[str, date]:
        """Return the last day a job was begun and needs nothing more, for each user."""
        ...

    async def runs_of(self, user_id: str, job: JobName, most: int) -> list[JobRun]:
        """Return the latest runs of a job for a user, the newest first."""
        ...

    async def reminded(self, after_id: str, most: int) -> list[User]:
        """Return users who want a reminder, by id."""
        ...

    async def add_event(self, user_id: str, event_type: str, message: JsonObject) -> None:
        """Keep that a mail went out."""
        ...


class FeedRows(Protocol):
    """Who may read which calendar."""

    async def set_digest(self, user_id: str, digest: str | None) -> None:
        """Keep the digest of a feed's key, in place of the one before."""
        ...

    async def user_of_digest(self, digest: str) -> User | None:
        """Return whose feed a key opens."""
        ...


class TodoWriter(Protocol):
    """Finds To-Dos, finds days for them, and writes reminders."""

    async def extract(self, brief: ExtractionBrief) -> tuple[tuple[FoundTodo, ...], Usage | None]:
        """Return the To-Dos of a text.

        Raises:
            LlmError: there is no answer, or none that can be read.
        """
        ...

    async def reschedule(self, brief: ReschedulingBrief) -> tuple[Rescheduling, Usage | None]:
        """Return a new day for an overdue To-Do.

        Raises:
            LlmError: there is no answer, or none that can be read.
        """
        ...

    async def remind(self, brief: ReminderBrief) -> tuple[Reminder, Usage | None]:
        """Return the mail of a morning.

        Raises:
            LlmError: there is no answer, or none that can be read.
        """
        ...


class TodoWriterSource(Protocol):
    """Answers with who writes now."""

    async def __call__(self) -> TodoWriter:
        """Return the model's writer, or the rules if there is no model.

        Raises:
            LlmError: the model's settings cannot be used.
        """
        ...


class MailFailed(Exception):
    """A mail could not be sent; the text says why."""


class MailDelayed(MailFailed):
    """It may go later: the server said so, or was not there."""


class MailRefused(MailFailed):
    """It will never go."""


@dataclass(frozen=True)
class Letter:
    """A mail to send."""

    to: str
    subject: str
    text: str
    html: str
    key: str
    """What makes its Message-ID: the same letter always has the same one."""


class Mailer(Protocol):
    """Sends mails."""

    async def send(self, letter: Letter) -> None:
        """Hand a letter over to the mail server.

        Raises:
            MailDelayed: it may go later.
            MailRefused: it will never go.
        """
        ...
