"""A log on a SQLite file, on the backend's own writer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from mojodex_tui.backend.store.engine_log import append_only_ddl, engine_metadata
from mojodex_tui.backend.store.engines import sqlite_engines


@asynccontextmanager
async def database(path: Path) -> AsyncIterator[AsyncEngine]:
    """Open the file; create tables and triggers if it is new."""
    new = not path.exists()
    engines = sqlite_engines(path)
    try:
        if new:
            async with engines.writer.begin() as connection:
                await connection.run_sync(engine_metadata.create_all)
                for statement in append_only_ddl("sqlite"):
                    await connection.execute(text(statement))
        yield engines.writer
    finally:
        await engines.close()
