"""The log in memory, for tests of rules rather than of storage."""

from collections.abc import Sequence

from mojodex_tui.backend.engine.log import Event, OpenRun
from mojodex_tui.backend.engine.nodes import Node


class MemoryLog:
    """All events of all runs, in one list."""

    def __init__(self) -> None:
        self.written: list[Event] = []

    async def append(self, events: Sequence[Event]) -> None:
        self.written += events

    async def events(self, run: str) -> list[Event]:
        roots = {event.root for event in self.written if event.run == run}
        return [event for event in self.written if event.root in roots]

    async def chain(self, node: str) -> list[Node]:
        nodes = {n.id: n for event in self.written for n in event.nodes}
        path: list[Node] = []
        at: str | None = node
        while at is not None:
            path.append(nodes[at])
            at = nodes[at].parent
        return path[::-1]

    async def last_root(self, task: str) -> str | None:
        starts = [e for e in self.written if e.type == "start" and e.run == e.root]
        return next((e.run for e in reversed(starts) if e.task == task), None)

    async def open_runs(self) -> list[OpenRun]:
        ended = {event.run for event in self.written if event.type == "end"}
        last = {event.root: event.type for event in self.written}
        return [
            OpenRun(e.run, e.task, last[e.run] == "waiting")
            for e in self.written
            if e.type == "start" and e.run == e.root and e.run not in ended
        ]
