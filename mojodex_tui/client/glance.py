"""What the first screen is painted from, before anything heavy is imported."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pydantic import JsonValue

_LOCAL: Final = ("local", "seen", "glance")
"""Of the backend on this computer, whose user is whoever sits at it: nobody has to be known."""


def read_glance(data_dir: Path) -> JsonValue:
    """Return what the last start kept of the backend on this computer; `None` if nothing."""
    path = data_dir / "client.sqlite3"
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path, timeout=0)) as db:
            row = db.execute(
                "SELECT body FROM document WHERE space = ? AND shelf = ? AND key = ?", _LOCAL
            ).fetchone()
    except sqlite3.Error:
        return None  # who opens the file for work will say what is wrong with it
    if row is None:
        return None
    glance: JsonValue = json.loads(row[0])
    return glance
