"""Runs of tasks, as lists show them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mojodex_tui.state.search import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mojodex_tui.state.catalog import TaskEntry
    from mojodex_tui.wire.executions import CreatedExecution, ListedExecution


HOME = "Home chat, no task yet"
"""What a home chat is called before a task has begun in it."""

NO_EXECUTION = 0
"""The key of no execution: that of a home chat in which no task has begun."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a task: a line of the history, and what opens a session."""

    execution_pk: int
    session_id: str
    title: str = "Untitled"
    task_name: str = ""
    user_task_pk: int | None = None
    icon: str = ""
    started: datetime | None = None
    """Aware, on this computer's clock."""
    versions: int = 0
    is_workflow: bool = False
    in_home: bool = False
    """It was begun in a home chat, where another task may take its place."""
    came_from: str = ""
    """The title of the run whose result it goes on with, where that was just seen."""


@dataclass(frozen=True, slots=True)
class HistoryState:
    """The runs the history knows; what it shows follows from it."""

    runs: tuple[Run, ...] = ()
    """The newest first."""
    query: str = ""
    is_loading: bool = True
    """Nothing is known yet, not even from the cache."""

    def shown(self) -> tuple[Run, ...]:
        """Return the runs that hold every word of the search in their title or task."""
        words = plain(self.query).split()
        return tuple(
            run
            for run in self.runs
            if all(word in plain(f"{run.title} {run.task_name}") for word in words)
        )


def run_of(execution: ListedExecution) -> Run:
    """Return what lists show of an execution."""
    started = execution.start_date
    return Run(
        execution_pk=execution.user_task_execution_pk,
        session_id=execution.session_id,
        title=execution.title or execution.produced_text_title or "Untitled",
        task_name=execution.task_name or "",
        user_task_pk=execution.user_task_pk,
        icon=execution.icon or "",
        started=None if started is None else on_this_clock(started),
        versions=execution.produced_text_version_index or 0,
        is_workflow=execution.task_type == "workflow",
    )


def run_of_task(task: TaskEntry, created: CreatedExecution) -> Run:
    """Return the run that was just created of `task`."""
    return Run(
        execution_pk=created.user_task_execution_pk,
        session_id=created.session_id,
        title=task.name,
        task_name=task.name,
        user_task_pk=task.user_task_pk,
        icon=task.icon,
        is_workflow=task.is_workflow,
    )


def run_of_home(session_id: str, executions: Iterable[ListedExecution]) -> Run:
    """Return what a home chat goes on with: the task begun last, or none.

    Args:
        session_id: The home chat.
        executions: The user's executions, the newest first.
    """
    begun = (run_of(one) for one in executions if one.session_id == session_id)
    run = next(begun, Run(NO_EXECUTION, session_id, title=HOME))
    return replace(run, in_home=True)


def on_this_clock(moment: datetime) -> datetime:
    """Return a server's time in local time; its naive ones are UTC (wire protocol §0.4)."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone()
