"""The append-only log, and the state of runs as its fold (task engine §3.5)."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, Protocol

from .nodes import NO_ANSWER, Node, Nodes, Status, Value

EventType = Literal["start", "attempt", "reply", "step", "waiting", "cancel", "end"]


class NoInput(Exception):
    """Nobody is there to answer yet; the run waits (task engine §3.5)."""


class Event(Value):
    """One entry of the log, with the nodes it announces; `root` is the run tree it belongs to."""

    run: str
    root: str
    task: str
    type: EventType
    data: dict[str, Any] = {}
    nodes: Nodes = ()
    at: datetime


class OpenRun(NamedTuple):
    """A root run that has not ended; a waiting one needs a user's message."""

    run: str
    task: str
    waiting: bool


class Log(Protocol):
    """Where events and their nodes are kept."""

    async def append(self, events: Sequence[Event]) -> None:
        """Write events and their nodes in one transaction."""

    async def events(self, run: str) -> list[Event]:
        """Return all events of the tree a run belongs to, oldest first, with their nodes."""

    async def chain(self, node: str) -> list[Node]:
        """Return the path from the first ancestor to this node."""

    async def last_root(self, task: str) -> str | None:
        """Return the newest root run of the task with this name."""

    async def open_runs(self) -> list[OpenRun]:
        """Return the root runs that have not ended, oldest first."""


@dataclass(frozen=True)
class StreamEvent:
    """What a subscriber hears; tokens precede the node they grow into and are never stored."""

    kind: Literal["token", "node", "attempt", "status"]
    task: str
    text: str = ""
    channel: str = ""
    node: Node | None = None


@dataclass(eq=False)
class Run:
    """One execution of a task; every field follows from the events, whose data name fields."""

    id: str
    task: str
    tree: "Tree" = field(repr=False)
    caller: "Run | None"
    given: dict[str, Any]
    thread: Nodes
    status: Status | None = None
    history: Nodes = ()  # what was accepted
    replies: tuple[tuple[str, str, str], ...] = ()  # the same without null results
    tokens: int = 0
    cost: float = 0.0
    turns: int = 0
    tried: Sequence[str] = ()  # in this step
    asking: Sequence[str] | None = None  # id and responder of an attempt without reply
    route: str = ""
    stall: int = 0
    alternations: int = 0
    unanswered: int = -9  # the turn of the last NO_ANSWER
    accepted: bool = False  # the last reply; the next two are its too
    passed: bool = False
    step_done: bool = False
    spare: Sequence[Any] = ()  # what said NO_ANSWER in this step and was not accepted

    @property
    def pending(self) -> Node:
        """What the next step must find an answer to."""
        return self.thread[-1]

    @property
    def recipient(self) -> str:
        """Who alone may answer, blank for anyone."""
        return self.route or self.pending.to

    @property
    def line(self) -> tuple[str, ...]:
        """This run and those that called it, up to the root."""
        return (self.id, *(self.caller.line if self.caller else ()))

    @property
    def seconds_left(self) -> float:
        """Time until the run's limit, or that of a caller."""
        return (self.given.get("ends") or float("inf")) - time.time()

    def record(self, kind: EventType, nodes: Nodes = (), **data: object) -> None:
        """Log an event of this run."""
        self.tree.record(self.id, self.task, kind, nodes, **data)

    def fold(self, data: dict[str, Any], nodes: Nodes) -> None:
        """Append nodes, and take over the fields that an event's data name."""
        if nodes:
            self.thread, self.history, self.route = self.thread + nodes, self.history + nodes, ""
            if NO_ANSWER in self.pending.text:
                apart, self.unanswered = self.turns - self.unanswered, self.turns
                self.alternations = self.alternations + 1 if apart == 2 else 0
            if data.get("accepted"):
                said = self.pending
                self.replies = (*self.replies, (said.sender, said.to, said.text))
        vars(self).update({name: data[name] for name in vars(self).keys() & data.keys()})


@dataclass(eq=False)
class Tree:
    """A root run and all below it; `tell` hears what happens, `max_turns` (if any) caps each."""

    id: str
    log: Log
    tell: Callable[[StreamEvent], None]
    max_turns: int = 0
    memory: dict[str, Nodes] = field(default_factory=dict)  # the thread of each task
    runs: dict[str, Run] = field(default_factory=dict)
    cancelled: bool = False
    inbox: str | None = None  # a user's message for the waiting run
    attempt: "asyncio.Future[Any] | None" = None
    _unwritten: list[Event] = field(default_factory=list)
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def record(
        self, run: str, task: str, kind: EventType, nodes: Nodes = (), **data: object
    ) -> None:
        """Fold an event; `flush` writes it."""
        place = {"run": run, "root": self.id, "task": task, "at": datetime.now(UTC)}
        data["nodes"] = [node.id for node in nodes]
        event = Event(type=kind, data=data, nodes=nodes, **place)
        self.apply(event)
        self._unwritten.append(event)

    async def flush(self) -> None:
        """Write what was recorded in one transaction, in order, whoever cancels meanwhile."""
        events, self._unwritten = self._unwritten, []
        async with self._writing:
            if events:
                writing = asyncio.ensure_future(self.log.append(events))
                try:
                    await asyncio.shield(writing)
                finally:  # who cancels waits until it is clear what was written
                    await asyncio.wait({writing})
        for event in events:
            if event.type == "attempt":
                self.tell(StreamEvent("attempt", event.task, event.data["by"]))
            for node in event.nodes:
                self.tell(StreamEvent("node", event.task, node=node))
            if event.type in ("end", "waiting"):
                self.tell(StreamEvent("status", event.task, event.data.get("status", "WAITING")))

    def apply(self, event: Event) -> None:
        """Fold one event; a sub-run starts with the caller's pending node as a user's message."""
        data, nodes = event.data, event.nodes
        if event.type == "cancel":
            self.cancelled = True
            return
        if event.type == "start":
            if caller := self.runs.get(data["caller"]):
                seen: dict[str, Any] = {"role": "U", "sender": "user", "to": caller.recipient}
                seen |= {"signal": "", "data": None, "results": (), "files": ()}
                nodes = (caller.pending.model_copy(update=seen),)
            known = () if data["forget"] else self.memory.get(event.task, ())
            run = Run(event.run, event.task, self, caller, dict(data), known + nodes)
            self.runs[event.run] = run
        else:
            run = self.runs[event.run]
            run.fold(data, nodes)
        self.memory[run.task] = run.thread
        if run.status and run.given["erase"]:
            self.memory[run.task] = run.thread[: -len(run.history) or None] + run.history[-1:]
            started = list(self.runs.values())
            for below in started[started.index(run) + 1 :]:
                self.memory.pop(below.task, None)

    async def load(self) -> "Tree":
        """Fold the tree this run belongs to; raises KeyError if the log knows no such run."""
        events = await self.log.events(self.id)
        start = next((event for event in events if event.type == "start"), None)
        if start is None:
            raise KeyError(self.id)
        self.id = start.root
        await self.recall(start.task, **start.data["memory"])
        moments = [*(event.at for event in events[1:]), datetime.now(UTC)]
        for event, then in zip(events, moments, strict=True):
            self.apply(event)
            for run in self.runs.values() if event.type == "waiting" else ():
                if run.given.get("ends"):  # the time in which a user is waited for does not count
                    run.given["ends"] += (then - event.at).total_seconds()
        return self

    async def recall(self, task: str, at: str | None, before: str | None) -> None:
        """Remember what the run `before` did, and for this task the chain ending in `at`."""
        if before is not None:
            self.memory = (await Tree(before, self.log, self.tell).load()).memory
        if at is not None:
            self.memory[task] = tuple(await self.log.chain(at))
