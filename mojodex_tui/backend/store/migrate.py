"""Bring a database to the packaged revision.

Alembic is imported only if there is something to do: a usual start pays one query.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from mojodex_tui.backend.store.schema import create_tables

HEAD = "0009"
"""The revision this program needs."""

MIGRATIONS = Path(__file__).parent / "migrations"

_TEAM_LOCK = 4_071_845_001
"""Any number, but always the same one: processes that start together take turns."""


class DatabaseTooNew(Exception):
    """The database was written by a newer version of the program."""


async def migrate(engine: AsyncEngine) -> None:
    """Apply what is missing.

    Raises:
        DatabaseTooNew: the database has a revision this program does not know.
    """
    async with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_TEAM_LOCK})"))
        await connection.run_sync(_bring_to_head)


def _bring_to_head(connection: Connection) -> None:
    tables = inspect(connection).get_table_names()
    if not tables and connection.dialect.name == "sqlite":
        create_tables(connection)
    elif current_revision(connection) != HEAD:
        upgrade(connection)


def upgrade(connection: Connection) -> None:
    """Apply one missing revision after the other.

    Raises:
        DatabaseTooNew: the database has a revision this program does not know.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, HEAD)
    except CommandError as error:
        raise DatabaseTooNew(
            "The database was written by a newer version of mojodex-tui. Update the program."
        ) from error


def current_revision(connection: Connection) -> str | None:
    """Return the revision of a database; `None` if it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
