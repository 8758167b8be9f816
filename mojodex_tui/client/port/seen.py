"""What is kept on this computer of what was seen and chosen."""

from collections.abc import Sequence
from typing import Protocol

from pydantic import JsonValue

from mojodex_tui.client.port.runs import CatalogTask
from mojodex_tui.wire.executions import Execution, InputValue, ListedExecution
from mojodex_tui.wire.messages import MessageRow


class Cache(Protocol):
    """What was last seen, to be shown until the server answers; filled by asking."""

    async def catalog(self) -> tuple[CatalogTask, ...]:
        """Return the tasks; empty if they were never fetched."""
        ...

    async def keep_glance(self, glance: JsonValue) -> None:
        """Keep what the next start paints at once."""
        ...

    async def executions(self) -> tuple[ListedExecution, ...]:
        """Return the first page of executions."""
        ...

    async def execution(self, execution_pk: int) -> Execution | None:
        """Return an execution, if it was seen."""
        ...

    async def messages(self, session_id: str) -> tuple[MessageRow, ...]:
        """Return a session's newest messages, the oldest first."""
        ...


class Pins(Protocol):
    """What the user's own choices say about tasks; kept on this computer."""

    async def pinned(self) -> tuple[int, ...]:
        """Return the `task_pk`s pinned, in the order they were pinned."""
        ...

    async def pin(self, task_pk: int, *, pinned: bool = True) -> None:
        """Pin a task, or take its pin off."""
        ...

    async def recent(self) -> tuple[int, ...]:
        """Return the `task_pk`s last used, the newest first."""
        ...

    async def last_inputs(self, task_pk: int) -> tuple[InputValue, ...]:
        """Return what was last given to a task."""
        ...

    async def remember_use(self, task_pk: int, inputs: Sequence[InputValue]) -> None:
        """Remember that a task was run, and with what."""
        ...
