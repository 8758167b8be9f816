"""Jobs: what is done on the clock, once for each subject and day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

MOST_ATTEMPTS = 6
CLAIM = timedelta(minutes=10)
"""How long a job may take until another process takes it for dead."""
_FIRST_PAUSE = timedelta(minutes=1)
_FACTOR = 4
"""1, 4, 16, 64, 256 minutes."""


class JobName(StrEnum):
    """The jobs there are."""

    EXTRACTION = "todo_extraction"
    NIGHT = "todo_rescheduling"
    MORNING = "todo_reminder"


@dataclass(frozen=True)
class JobKey:
    """What is done once: a job for a user or an execution, on a day."""

    job: JobName
    subject: str
    day: date


@dataclass(frozen=True)
class JobRun:
    """A job that was begun."""

    key: JobKey
    user_id: str
    attempts: int
    claimed_by: str | None = None
    claimed_until: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    sending: datetime | None = None
    """Set while a mail is handed over: whether it went out is unknown until it is cleared."""
    next_try: datetime | None = None
    failure: str | None = None
    gave_up: bool = False


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after that many attempts."""
    return _FIRST_PAUSE * int(_FACTOR ** (max(attempts, 1) - 1))


def may_begin(run: JobRun, moment: datetime) -> bool:
    """Whether somebody may take a run on: it is neither done, given up, claimed, nor paused."""
    return (
        run.ended is None
        and not run.gave_up
        and (run.claimed_until is None or run.claimed_until <= moment)
        and (run.next_try is None or run.next_try <= moment)
    )
