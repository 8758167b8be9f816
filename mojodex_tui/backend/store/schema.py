"""The tables of a new SQLite database, all at once.

Applying one revision after the other to an empty file takes half a second, and a first start waits
for it. So what the revisions come to is kept beside them; a test holds it true, and says how it is
written again after a new revision.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

SCHEMA = Path(__file__).with_name("schema.sql")


def create_tables(connection: Connection) -> None:
    """Bring an empty SQLite database to the packaged revision, inside its transaction."""
    for statement in _statements(SCHEMA.read_text(encoding="utf-8")):
        connection.exec_driver_sql(statement)


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
