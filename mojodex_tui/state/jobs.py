"""The work that comes due on the clock, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mojodex_tui.wire.todo_extensions import Job, JobFailure

_NAMES = {
    "todo_extraction": "Find To-Dos",
    "todo_rescheduling": "Move late To-Dos",
    "todo_reminder": "Mail the reminder",
}


def told_jobs(jobs: Iterable[Job]) -> str:
    """Return when each job ran last, when it will, and what went wrong, on this clock."""
    return "\n\n".join("\n".join(_lines(job)) for job in jobs)


def _lines(job: Job) -> Iterator[str]:
    yield f"{_NAMES.get(job.name, job.name)}: {job.rule}"
    yield f"  last run      {_moment(job.last_run)}"
    if job.last_run is not None:
        yield f"  last success  {_moment(job.last_success)}"
    yield f"  next run      {_moment(job.next_run) if job.next_run else 'none is planned'}"
    for failure in job.failures:
        yield from _failure(failure)


def _failure(failure: JobFailure) -> Iterator[str]:
    again = "given up" if failure.next_try is None else f"tried again {_moment(failure.next_try)}"
    times = "once" if failure.attempts == 1 else f"{failure.attempts} times"
    yield f"  failed        {failure.day:%a %d %b}, tried {times}, {again}: {failure.reason}"


def _moment(moment: datetime | None) -> str:
    return "never" if moment is None else f"{moment.astimezone():%a %d %b %H:%M}"
