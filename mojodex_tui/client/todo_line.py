"""The To-Dos in one line for a status bar, out of what was last seen; asks no server.

A status bar draws it every few seconds: nothing is imported but the standard library.
"""

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Final

SEEN_SHELF: Final = "todos"
SEEN_KEY: Final = "listing"
"""Where the list that was last seen is kept."""

_PATIENCE = 0.2
"""Seconds to wait for a program that is writing."""


def todo_line(store: Path, space: str, today: date) -> str:
    """Return how many To-Dos are late and due.

    Args:
        store: The client's file.
        space: Whose they are: `local`, or the address of a server, for all its accounts here.
        today: The day on this computer.
    """
    days = _days(store, space)
    late = sum(day < today.isoformat() for day in days)
    due = sum(day == today.isoformat() for day in days)
    parts = [f"{late} overdue"] * bool(late) + [f"{due} today"] * bool(due)
    return ", ".join(parts) or "nothing due"


def _days(store: Path, space: str) -> list[str]:
    """Return the ISO days of all open To-Dos that were seen."""
    if not store.exists():
        return []
    with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True, timeout=_PATIENCE)) as db:
        rows = db.execute(
            "SELECT body FROM document WHERE shelf = ? AND key = ?"
            " AND (space = ? OR substr(space, 1, length(?) + 1) = ? || ' ')",
            (SEEN_SHELF, SEEN_KEY, space, space, space),
        ).fetchall()
    return [
        str(row["scheduled_date"])
        for (body,) in rows
        for row in (json.loads(body) or {}).get("rows", ())
        if row["completed"] is None
    ]
