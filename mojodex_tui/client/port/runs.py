"""Tasks, and their runs."""

from dataclasses import dataclass
from typing import Protocol

from mojodex_tui.wire.catalog import UserTask
from mojodex_tui.wire.executions import CreatedExecution, Execution, ListedExecution


@dataclass(frozen=True)
class CatalogTask:
    """A task, and the platforms it is offered on."""

    task: UserTask
    platforms: tuple[str, ...]


class Tasks(Protocol):
    """The tasks of the catalog; every method raises an `ApiError` when it fails."""

    async def catalog(self) -> tuple[CatalogTask, ...]:
        """Return all tasks of all platforms, each once, by `task_pk`."""
        ...


class Runs(Protocol):
    """Runs of tasks; every method raises an `ApiError` when it fails."""

    async def create_execution(
        self, user_task_pk: int, *, follows: int | None = None
    ) -> CreatedExecution:
        """Return an execution to fill in: the unfinished one of this task if there is one.

        Args:
            user_task_pk: The task.
            follows: The execution a predefined action goes on from; never reuses another one.
        """
        ...

    async def executions(self, page: int = 0, search: str = "") -> tuple[ListedExecution, ...]:
        """Return a page of at most 50 started executions, the newest first; empty at the end."""
        ...

    async def execution(self, execution_pk: int) -> Execution:
        """Return one execution."""
        ...

    async def delete_execution(self, execution_pk: int) -> None:
        """Take an execution out of the lists."""
        ...

    async def rename(self, execution_pk: int, title: str) -> None:
        """Give an execution a title."""
        ...
