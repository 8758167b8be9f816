"""What tools need to know of the user, and who can tell them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True)
class PastText:
    """A text the user produced before, as it is now."""

    text_pk: int
    title: str | None
    production: str
    created_at: datetime


@dataclass(frozen=True)
class OpenTodo:
    """A To-Do that is neither done nor deleted."""

    todo_pk: int
    description: str
    due: date | None


class ExecutionUnknown(Exception):
    """The execution does not exist, or belongs to somebody else."""


class PastTexts(Protocol):
    """The texts of all users."""

    async def search(self, user_id: str, query: str, limit: int) -> list[PastText]:
        """Return a user's texts that hold every word of the query, the newest first."""
        ...


class TodoBook(Protocol):
    """The To-Dos of all users."""

    async def open(self, user_id: str) -> list[OpenTodo]:
        """Return a user's open To-Dos, the most urgent first."""
        ...

    async def add(self, user_id: str, execution_pk: int, description: str, due: date) -> int:
        """Add a To-Do to an execution of the user and return its key.

        Raises:
            ExecutionUnknown: the user has no such execution.
        """
        ...
