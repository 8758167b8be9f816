"""Rows that show what the engine's log holds, written in the transaction that logs it.

A turn of a conversation knows what is to be shown of its run; the log asks it for every event, and
writes nothing if it refuses. So a message, a version, what they cost and the end of the wait for
them exist if and only if the nodes they come from do (task engine §3.5).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from mojodex_tui.backend.engine.log import Event
from mojodex_tui.backend.services.ports import Work


class Projected(Protocol):
    """Shows a run."""

    async def project(self, work: Work, event: Event) -> None:
        """Write the rows of an event of the run's tree; what is raised undoes the event."""
        ...


class Projections:
    """Who shows which run."""

    def __init__(self) -> None:
        self._shown_by: dict[str, Projected] = {}

    @contextmanager
    def by(self, projected: Projected, run: str) -> Iterator[None]:
        """Have a run shown for the length of a block."""
        self._shown_by[run] = projected
        try:
            yield
        finally:
            del self._shown_by[run]

    async def project(self, work: Work, event: Event) -> None:
        """Write the rows of an event."""
        projected = self._shown_by.get(event.root)
        if projected is not None:
            await projected.project(work, event)
