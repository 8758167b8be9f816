"""What all tables have in common."""

from datetime import UTC, datetime
from typing import Any

from pydantic import JsonValue
from sqlalchemy import JSON, DateTime, Dialect, MetaData, TypeDecorator
from sqlalchemy.engine.interfaces import ExecutionContext
from sqlalchemy.orm import DeclarativeBase


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment; SQLite, which knows no zones, keeps it as naive UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write the moment in UTC."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read the moment as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


CLOCK_OPTION = "clock"
"""The execution option of an engine that names another clock than this computer's."""


def now(context: ExecutionContext) -> datetime:
    """Return this moment, as the clock of the engine shows it."""
    clock = context.execution_options.get(CLOCK_OPTION)
    moment: datetime = clock() if clock is not None else datetime.now(UTC)
    return moment


class Table(DeclarativeBase):
    """The base of all tables; constraints are named so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    # SQLAlchemy's own signature of the map; the values are types of columns.
    type_annotation_map: dict[Any, Any] = {
        datetime: UtcDateTime,
        dict[str, JsonValue]: JSON,
        list[JsonValue]: JSON,
        list[dict[str, JsonValue]]: JSON,
    }
