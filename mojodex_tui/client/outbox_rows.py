"""The outbox on disk."""

import fcntl
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pydantic import TypeAdapter

from mojodex_tui.client.port import OutboxItem, OutboxKind, OutboxStatus
from mojodex_tui.client.store import ClientStore
from mojodex_tui.wire.base import FilePart, Request
from mojodex_tui.wire.executions import RunExecutionRequest
from mojodex_tui.wire.messages import SendMessageRequest
from mojodex_tui.wire.produced_texts import SaveProducedTextRequest
from mojodex_tui.wire.workflows import (
    EditStepResultRequest,
    JudgeStepRequest,
    RelaunchStepRequest,
    RestartWorkflowRequest,
)

_ITEM: Final = TypeAdapter(OutboxItem)

_REQUESTS: Final[dict[OutboxKind, type[Request]]] = {
    OutboxKind.MESSAGE: SendMessageRequest,
    OutboxKind.RUN: RunExecutionRequest,
    OutboxKind.EDIT: SaveProducedTextRequest,
    OutboxKind.JUDGE: JudgeStepRequest,
    OutboxKind.RESULT: EditStepResultRequest,
    OutboxKind.RELAUNCH: RelaunchStepRequest,
    OutboxKind.RESTART: RestartWorkflowRequest,
}


@dataclass(frozen=True)
class Outgoing:
    """An item with all that is to be sent."""

    item: OutboxItem
    request: Request
    files: tuple[FilePart, ...] = ()
    again: bool = False
    """Of a run: it is not the execution's first."""


class FirstProgram:
    """Whether this program is the first of those that use a folder.

    Only the first takes up what an earlier one left unsent: two would send it twice.

    Args:
        path: The file whose lock says so; the lock ends with the program, however it ends.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None
        self.is_first = False

    def __enter__(self) -> Self:
        """Take the lock, if nobody has it."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._handle = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.is_first = False
        else:
            self.is_first = True
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Give the lock back."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class OutboxRows:
    """Stores items until they are delivered.

    Args:
        store: The file.
        space: Tells whose items are wanted.
        first: Whether to take up what is there.
    """

    def __init__(self, store: ClientStore, space: Callable[[], str], first: FirstProgram) -> None:
        self._store = store
        self._space = space
        self._first = first

    async def load(self) -> list[Outgoing]:
        """Return what is unsent, in the order of writing."""
        if not self._first.is_first:
            return []
        space = self._space()
        return await self._store.run(lambda db: _load(db, space))

    async def add(self, outgoing: Outgoing) -> None:
        """Store an item, with its files, at the end; it is on disk when this returns."""
        space = self._space()
        await self._store.run(lambda db: _add(db, space, outgoing))

    async def update(self, item: OutboxItem) -> None:
        """Store what has changed about an item."""
        text = _ITEM.dump_json(item).decode()
        await self._store.run(
            lambda db: db.execute("UPDATE outbox SET item = ? WHERE id = ?", (text, item.id))
        )

    async def remove(self, item_id: str) -> None:
        """Remove an item: it is delivered, or given up."""
        await self._store.run(lambda db: db.execute("DELETE FROM outbox WHERE id = ?", (item_id,)))


def _add(db: sqlite3.Connection, space: str, outgoing: Outgoing) -> None:
    """Insert an item and its files."""
    item = outgoing.item
    # An item that is written again, to have a message answered again, takes its old place.
    db.execute("DELETE FROM outbox WHERE id = ?", (item.id,))
    db.execute(
        "INSERT INTO outbox (id, space, item, request, again) VALUES (?, ?, ?, ?, ?)",
        (
            item.id,
            space,
            _ITEM.dump_json(item).decode(),
            outgoing.request.model_dump_json(),
            outgoing.again,
        ),
    )
    db.executemany(
        "INSERT INTO outbox_file VALUES (?, ?, ?, ?, ?)",
        [(item.id, f.name, f.filename, f.content_type, f.content) for f in outgoing.files],
    )


def _load(db: sqlite3.Connection, space: str) -> list[Outgoing]:
    """Read all items of a space."""
    rows = db.execute(
        "SELECT item, request, again FROM outbox WHERE space = ? ORDER BY seq", (space,)
    ).fetchall()
    return [_read(db, item, request, again=bool(again)) for item, request, again in rows]


def _read(db: sqlite3.Connection, item_text: str, request: str, *, again: bool) -> Outgoing:
    """Read one item."""
    item = _ITEM.validate_json(item_text)
    if item.status is OutboxStatus.SENDING:
        # The program ended while it was on its way.
        item = replace(item, status=OutboxStatus.WAITING)
    files = db.execute(
        "SELECT name, filename, content_type, content FROM outbox_file WHERE item_id = ?"
        " ORDER BY rowid",
        (item.id,),
    ).fetchall()
    return Outgoing(
        item,
        _REQUESTS[item.kind].model_validate_json(request),
        tuple(
            FilePart(name=name, filename=filename, content_type=kind, content=content)
            for name, filename, kind, content in files
        ),
        again=again,
    )
