"""What a statement did."""

from typing import Any

from sqlalchemy import CursorResult, Result


def changed(result: Result[Any]) -> int:
    """Return how many rows an update or a delete touched."""
    if not isinstance(result, CursorResult):
        raise TypeError("Only the result of an update or a delete counts rows")
    return result.rowcount
