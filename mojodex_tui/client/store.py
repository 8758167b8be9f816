"""The client's own file: what must outlive the program, on this computer."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TypeVar

if TYPE_CHECKING:
    from pydantic import JsonValue

T = TypeVar("T")

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS document (
    space TEXT NOT NULL,
    shelf TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (space, shelf, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    space TEXT NOT NULL,
    item TEXT NOT NULL,
    request TEXT NOT NULL,
    again INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS outbox_file (
    item_id TEXT NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    filename TEXT NOT NULL,
    content_type TEXT NOT NULL,
    content BLOB NOT NULL
);
PRAGMA user_version = 1;
"""


class ClientStore:
    """A SQLite file, used in a thread of its own so that a slow disk never stops the screen.

    Args:
        path: The file; made, readable by its owner alone, if it is not there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="client-store")
        self._open: sqlite3.Connection | None = None

    async def __aenter__(self) -> Self:
        """Open the file."""
        self._open = await self._in_thread(lambda: _connect(self._path))
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        connection, self._open = self._open, None
        if connection is not None:
            await self._in_thread(connection.close)
        self._thread.shutdown()

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` in one transaction, which is on disk when this returns."""
        connection = self._open
        if connection is None:
            raise RuntimeError("The store is used outside of its `async with`.")

        def transaction() -> T:
            with connection:
                return work(connection)

        return await self._in_thread(transaction)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Run `work` where the connection lives, and to its end even if the caller is cancelled."""
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, work))


class Shelf:
    """Documents of one kind, kept apart by server and account.

    Args:
        store: The file.
        name: What they are.
        space: Tells whose they are now.
    """

    def __init__(self, store: ClientStore, name: str, space: Callable[[], str]) -> None:
        self._store = store
        self._name = name
        self._space = space

    async def get(self, key: str) -> JsonValue:
        """Return a document; `None` if there is none."""
        place = (self._space(), self._name, key)
        row = await self._store.run(
            lambda db: db.execute(
                "SELECT body FROM document WHERE space = ? AND shelf = ? AND key = ?", place
            ).fetchone()
        )
        if row is None:
            return None
        body: JsonValue = json.loads(row[0])
        return body

    async def put(self, key: str, value: JsonValue) -> None:
        """Keep a document; it is on disk when this returns."""
        row = (self._space(), self._name, key, json.dumps(value))
        await self._store.run(
            lambda db: db.execute("INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?)", row)
        )

    async def forget(self, key: str) -> None:
        """Remove a document, if there is one."""
        place = (self._space(), self._name, key)
        await self._store.run(
            lambda db: db.execute(
                "DELETE FROM document WHERE space = ? AND shelf = ? AND key = ?", place
            )
        )


def _connect(path: Path) -> sqlite3.Connection:
    """Open the file, in the thread that will use it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # SQLite gives its journal files the mode of the database, but would make that one readable.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    connection = sqlite3.connect(path, timeout=10)
    connection.execute("PRAGMA journal_mode = WAL")
    # With WAL this loses nothing when the program is killed, and little when the power is.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.executescript(_SCHEMA)
    return connection
