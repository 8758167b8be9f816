"""What was last seen and chosen, kept on this computer."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from pydantic import ConfigDict, JsonValue, TypeAdapter, ValidationError

from mojodex_tui.client.port import CatalogTask
from mojodex_tui.client.store import ClientStore, Shelf
from mojodex_tui.wire.executions import CreatedExecution, Execution, InputValue, ListedExecution
from mojodex_tui.wire.messages import MessageRow

T = TypeVar("T")

_ON_FIRST_USE: Final = ConfigDict(defer_build=True)
"""A start of the program reads the catalog before anything else."""

_CATALOG: Final = TypeAdapter(tuple[CatalogTask, ...], config=_ON_FIRST_USE)
_EXECUTIONS: Final = TypeAdapter(tuple[ListedExecution, ...], config=_ON_FIRST_USE)
_MESSAGES: Final = TypeAdapter(tuple[MessageRow, ...], config=_ON_FIRST_USE)
_EXECUTION: Final = TypeAdapter(Execution)
_CREATED: Final = TypeAdapter(CreatedExecution)
_INPUTS: Final = TypeAdapter(tuple[InputValue, ...], config=_ON_FIRST_USE)
_PKS: Final = TypeAdapter(tuple[int, ...], config=_ON_FIRST_USE)

_RECENT: Final = 20
"""How many tasks count as recent."""


class SeenCache:
    """The last answers of the server; an answer this version cannot read counts as none.

    Args:
        store: The file.
        space: Tells whose answers are wanted.
    """

    def __init__(self, store: ClientStore, space: Callable[[], str]) -> None:
        self._shelf = Shelf(store, "seen", space)

    async def catalog(self) -> tuple[CatalogTask, ...]:
        """Return the tasks; empty if they were never fetched."""
        return _read(_CATALOG, await self._shelf.get("catalog")) or ()

    async def keep_catalog(self, tasks: tuple[CatalogTask, ...]) -> None:
        """Keep the tasks."""
        await self._shelf.put("catalog", _CATALOG.dump_python(tasks, mode="json"))

    async def keep_glance(self, glance: JsonValue) -> None:
        """Keep what the next start paints at once; `client.glance` reads it."""
        await self._shelf.put("glance", glance)

    async def executions(self) -> tuple[ListedExecution, ...]:
        """Return the first page of executions."""
        return _read(_EXECUTIONS, await self._shelf.get("executions")) or ()

    async def keep_executions(self, page: tuple[ListedExecution, ...]) -> None:
        """Keep the first page of executions."""
        await self._shelf.put("executions", _EXECUTIONS.dump_python(page, mode="json"))

    async def execution(self, execution_pk: int) -> Execution | None:
        """Return an execution, if it was seen."""
        return _read(_EXECUTION, await self._shelf.get(f"execution:{execution_pk}"))

    async def keep_execution(self, execution: Execution) -> None:
        """Keep an execution."""
        key = f"execution:{execution.user_task_execution_pk}"
        await self._shelf.put(key, execution.to_wire())

    async def forget_execution(self, execution_pk: int) -> None:
        """Forget an execution that was deleted."""
        await self._shelf.forget(f"execution:{execution_pk}")
        left = [
            row for row in await self.executions() if row.user_task_execution_pk != execution_pk
        ]
        await self.keep_executions(tuple(left))

    async def messages(self, session_id: str) -> tuple[MessageRow, ...]:
        """Return a session's newest messages, the oldest first."""
        return _read(_MESSAGES, await self._shelf.get(f"messages:{session_id}")) or ()

    async def keep_messages(self, session_id: str, rows: tuple[MessageRow, ...]) -> None:
        """Keep a session's newest messages."""
        key = f"messages:{session_id}"
        await self._shelf.put(key, _MESSAGES.dump_python(rows, mode="json"))


class Unfinished:
    """The executions that were created for a form which was not sent.

    Args:
        store: The file.
        space: Tells whose they are.
    """

    def __init__(self, store: ClientStore, space: Callable[[], str]) -> None:
        self._shelf = Shelf(store, "unfinished", space)

    async def of_task(self, user_task_pk: int) -> CreatedExecution | None:
        """Return the one of a task, if there is one."""
        return _read(_CREATED, await self._shelf.get(str(user_task_pk)))

    async def keep(self, user_task_pk: int, created: CreatedExecution) -> None:
        """Remember what was created for a task."""
        await self._shelf.put(str(user_task_pk), created.to_wire())


class KeptPins:
    """Pinned and recent tasks, and what was last given to them.

    Args:
        store: The file.
        space: Tells whose they are.
    """

    def __init__(self, store: ClientStore, space: Callable[[], str]) -> None:
        self._shelf = Shelf(store, "pins", space)

    async def pinned(self) -> tuple[int, ...]:
        """Return the `task_pk`s pinned, in the order they were pinned."""
        return _read(_PKS, await self._shelf.get("pinned")) or ()

    async def pin(self, task_pk: int, *, pinned: bool = True) -> None:
        """Pin a task, or take its pin off."""
        others: list[JsonValue] = [pk for pk in await self.pinned() if pk != task_pk]
        await self._shelf.put("pinned", [*others, task_pk] if pinned else [*others])

    async def recent(self) -> tuple[int, ...]:
        """Return the `task_pk`s last used, the newest first."""
        return _read(_PKS, await self._shelf.get("recent")) or ()

    async def last_inputs(self, task_pk: int) -> tuple[InputValue, ...]:
        """Return what was last given to a task."""
        return _read(_INPUTS, await self._shelf.get(f"inputs:{task_pk}")) or ()

    async def remember_use(self, task_pk: int, inputs: Sequence[InputValue]) -> None:
        """Remember that a task was run, and with what."""
        others: list[JsonValue] = [pk for pk in await self.recent() if pk != task_pk]
        await self._shelf.put("recent", [task_pk, *others][:_RECENT])
        await self._shelf.put(f"inputs:{task_pk}", [given.to_wire() for given in inputs])


def _read(adapter: TypeAdapter[T], document: JsonValue) -> T | None:
    """Return a document as a value; `None` if another version wrote it in another shape."""
    try:
        return adapter.validate_python(document)
    except ValidationError:
        return None
