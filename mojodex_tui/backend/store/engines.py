"""The two engines of a database: one that writes, one that reads.

SQLite has one writer at a time. Its driver would open a transaction at the first write only, and
lose updates without a word; so writing transactions begin with `BEGIN IMMEDIATE`, on a single
connection that writers queue for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry

from mojodex_tui.backend.store.tables.base import CLOCK_OPTION

_READERS = 4
_TEAM_CONNECTIONS = 10


@dataclass(frozen=True)
class Engines:
    """A writer and a reader of one database."""

    writer: AsyncEngine
    reader: AsyncEngine

    async def close(self) -> None:
        """Close all connections."""
        await self.writer.dispose()
        if self.reader is not self.writer:
            await self.reader.dispose()


def sqlite_engines(file: Path, clock: Callable[[], datetime] | None = None) -> Engines:
    """Return the engines of a SQLite file; rows are dated by `clock`, else by this computer's."""
    return Engines(
        writer=_sqlite_engine(file, "BEGIN IMMEDIATE", clock, connections=1),
        reader=_sqlite_engine(file, "BEGIN", clock, connections=_READERS),
    )


def team_engines(url: str, clock: Callable[[], datetime] | None = None) -> Engines:
    """Return the engine of a PostgreSQL database, which needs no second one."""
    engine = create_async_engine(
        url,
        pool_size=_TEAM_CONNECTIONS,
        pool_pre_ping=True,
        execution_options={CLOCK_OPTION: clock},
    )
    return Engines(engine, engine)


def _sqlite_engine(
    file: Path, begin: str, clock: Callable[[], datetime] | None, *, connections: int
) -> AsyncEngine:
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{file}",
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        # The driver must not begin transactions of its own: see `_begin`.
        connect_args={"isolation_level": None},
        execution_options={CLOCK_OPTION: clock},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _set_up(connection: DBAPIConnection | SqliteConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "busy_timeout=30000",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
