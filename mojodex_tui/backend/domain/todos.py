"""To-Dos, as values, and the rules about them (wire protocol §7, §8)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from mojodex_tui.backend.domain.briefs import Draft, InputValue, TaskBrief, Turn

EXTRACTION_AGE = timedelta(minutes=10)
"""How long a text must have been left alone before it is looked at (§8.2)."""
MOST_DESCRIPTION = 1000
"""The longest description, in characters."""


@dataclass(frozen=True)
class Todo:
    """Something the user said they would do."""

    pk: int
    user_id: str
    execution_pk: int
    description: str
    day: date
    """The day it is planned for now."""
    created: datetime
    completed: datetime | None = None
    read: datetime | None = None
    deleted: datetime | None = None
    source: str | None = None
    """The sentence it came from."""
    by_user: bool = False
    """Made by hand."""
    moves: int = 0
    """How often it was put on another day."""
    title: str | None = None
    """Of the execution it came from."""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.completed is None and self.deleted is None


@dataclass(frozen=True)
class Scheduling:
    """A day a To-Do was put on."""

    pk: int
    day: date
    made: datetime
    reason: str | None = None
    by_user: bool = False


@dataclass(frozen=True)
class Move:
    """A To-Do that got another day."""

    description: str
    before: date
    after: date
    reason: str


@dataclass(frozen=True)
class Rejected:
    """A To-Do the user did not want, and why."""

    description: str
    cause: str | None


class View(StrEnum):
    """The parts of a list of To-Dos."""

    OVERDUE = "overdue"
    TODAY = "today"
    UPCOMING = "upcoming"
    DONE = "done"
    ALL = "all"


@dataclass(frozen=True)
class Counts:
    """How many To-Dos there are in each part."""

    overdue: int = 0
    today: int = 0
    upcoming: int = 0
    done: int = 0
    unread: int = 0


@dataclass(frozen=True)
class DueExecution:
    """An execution that is to be looked at for To-Dos."""

    execution_pk: int
    user_id: str
    latest_version: datetime


@dataclass(frozen=True)
class ExtractionBrief:
    """A finished text, in which the To-Dos are to be found (§8.2)."""

    task: TaskBrief
    language: str
    user_name: str
    now: datetime
    """The user's local time, aware."""
    goal: str | None = None
    company: str | None = None
    inputs: tuple[InputValue, ...] = ()
    conversation: tuple[Turn, ...] = ()
    draft: Draft | None = None
    known: tuple[tuple[date, str], ...] = ()
    """The To-Dos of the executions this one goes on from; they are not to be found again."""
    rejected: tuple[Rejected, ...] = ()
    """What the user lately deleted."""


@dataclass(frozen=True)
class FoundTodo:
    """A To-Do that was found."""

    description: str
    due: date
    source: str | None = None


@dataclass(frozen=True)
class ReschedulingBrief:
    """An overdue To-Do that needs a new day (§8.3)."""

    task: TaskBrief
    language: str
    user_name: str
    now: datetime
    """The user's local time, aware."""
    description: str
    day: date
    """When it was due."""
    moves: int
    others: tuple[tuple[date, str], ...] = ()
    """The user's other open To-Dos, with their days."""
    goal: str | None = None
    company: str | None = None
    conversation: tuple[Turn, ...] = ()
    draft: Draft | None = None


@dataclass(frozen=True)
class Rescheduling:
    """A new day, and the reason for it."""

    day: date
    argument: str


@dataclass(frozen=True)
class ReminderBrief:
    """What a user should know in the morning (§8.4)."""

    language: str
    user_name: str
    day: date
    today: tuple[tuple[str, str | None], ...] = ()
    """What is due, each with the title of the execution it came from."""
    overdue: tuple[tuple[str, date], ...] = ()
    moved: tuple[Move, ...] = ()
    goal: str | None = None
    company: str | None = None


@dataclass(frozen=True)
class Reminder:
    """A mail in the morning; the body is HTML and plain text."""

    subject: str
    text: str
    html: str


def extraction_due(latest_version: datetime) -> datetime:
    """Return from when on an execution is looked at.

    An original server stops ten minutes later, and so misses what it slept through (§8.2).
    """
    return latest_version + EXTRACTION_AGE
