"""What screens may ask about To-Dos, of our own backend and of an original server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from mojodex_tui.wire.todo_extensions import (
    Digest,
    ExportFormat,
    ExtractedNow,
    Jobs,
    TodoHistory,
    TodoRow,
    Undoable,
)


@dataclass(frozen=True)
class TodoListing:
    """The user's To-Dos, as far as the server tells them."""

    rows: tuple[TodoRow, ...]
    today: date | None = None
    """The user's day; `None` from an original server, which does not tell it."""
    next_night: datetime | None = None
    """When overdue To-Dos get a new day."""
    has_extras: bool = False
    """Whether the server moves, reopens, explains and looks now: only our own backend does."""
    n_done: int | None = None
    """How many are done, of which the list has the last ones; `None` if nobody counts."""
    sends_mail: bool = False
    """Whether the server can mail the morning's reminder."""
    wants_mail: bool = False
    """Whether the user wants it mailed."""
    next_morning: datetime | None = None
    """When it is mailed next, if it is."""


class Todos(Protocol):
    """What a user may want with To-Dos; every method raises an `ApiError` when it fails."""

    async def listing(self) -> TodoListing:
        """Return the To-Dos: all that are open, and the last that were done."""
        ...

    async def seen_listing(self) -> TodoListing | None:
        """Return them as last seen; `None` if they never were. Asks no server."""
        ...

    async def mark_read(self, todo_pks: Sequence[int]) -> None:
        """Note that the user has seen To-Dos."""
        ...

    async def finish(self, todo_pk: int) -> None:
        """Note that a To-Do is done.

        Raises:
            Refused: it is done already.
        """
        ...

    async def delete(self, todo_pk: int, cause: str) -> None:
        """Take a To-Do out of the lists; servers that do not learn leave the cause unread."""
        ...

    async def move(self, todo_pk: int, day: date) -> TodoRow:
        """Put a To-Do on another day.

        Raises:
            NotSupportedByServer: an original server moves nothing.
        """
        ...

    async def undo(self, todo_pk: int, what: Undoable) -> TodoRow:
        """Take back what was done to a To-Do.

        Raises:
            NotSupportedByServer: an original server takes nothing back.
        """
        ...

    async def history(self, todo_pk: int) -> TodoHistory:
        """Return why a To-Do is on its day.

        Raises:
            NotSupportedByServer: an original server does not tell.
        """
        ...

    async def create(self, description: str, day: date, execution_pk: int | None = None) -> TodoRow:
        """Make a To-Do by hand, of an execution or of none.

        Raises:
            NotSupportedByServer: an original server makes none.
        """
        ...

    async def reword(self, todo_pk: int, description: str) -> TodoRow:
        """Say a To-Do in other words.

        Raises:
            NotSupportedByServer: an original server keeps its words.
        """
        ...

    async def export(self, kind: ExportFormat) -> bytes:
        """Return all open To-Dos as a file.

        Raises:
            NotSupportedByServer: an original server writes none.
        """
        ...

    async def set_mail(self, *, wanted: bool) -> None:
        """Switch the morning's mail on or off.

        Raises:
            NotSupportedByServer: an original server always sends it.
        """
        ...

    async def digest(self) -> Digest:
        """Return what is due today and what was moved in the night, in words.

        Raises:
            NotSupportedByServer: an original server only mails it.
        """
        ...

    async def jobs(self) -> Jobs:
        """Return how the work that comes due on the clock goes.

        Raises:
            NotSupportedByServer: an original server does not tell.
        """
        ...

    async def look_now(self) -> ExtractedNow:
        """Look for To-Dos in all finished runs that were not looked at.

        Raises:
            NotSupportedByServer: an original server looks when it likes.
        """
        ...
