"""What the revisions of a SQLite database come to, as `schema.sql` keeps it.

After a new revision, write it again::

    uv run python -m tests.backend.schema
"""

import asyncio
import sqlite3
import tempfile
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from mojodex_tui.backend.store.engines import sqlite_engines
from mojodex_tui.backend.store.migrate import upgrade
from mojodex_tui.backend.store.schema import SCHEMA


async def upgraded(engine: AsyncEngine) -> None:
    """Apply one revision after the other."""
    async with engine.begin() as connection:
        await connection.run_sync(upgrade)


def statements(file: Path) -> list[str]:
    """Return what makes a database anew, without its transaction."""
    connection = sqlite3.connect(file)
    try:
        _begin, *made, _commit = connection.iterdump()
    finally:
        connection.close()
    return made


def parts(statement: str) -> list[str]:
    """Return what a statement says, in one order: a table that was altered has its own."""
    return sorted(line.strip(" \t,") for line in statement.splitlines())


async def _write(file: Path) -> None:
    engines = sqlite_engines(file)
    await upgraded(engines.writer)
    await engines.close()
    SCHEMA.write_text("".join(f"{one}\n" for one in statements(file)), encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_write(Path(folder, "empty.sqlite")))
