"""The append-only log as the engine needs it, and run state as its fold (task engine §3.5)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from mojodex_tui.backend.engine.nodes import NO_ANSWER, Message, Node, Status, Usage, Value

EventType = Literal["start", "attempt", "reply", "step", "waiting", "cancel", "end"]


class Event(Value):
    """One entry of the log, with the nodes it announces; `root` is the run tree it belongs to."""

    run: str
    root: str
    task: str
    type: EventType
    data: dict[str, Any] = {}
    nodes: tuple[Node, ...] = ()
    at: datetime


@dataclass(frozen=True)
class OpenRun:
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
        ...

    async def chain(self, node: str) -> list[Node]:
        """Return the path from the first ancestor to this node."""
        ...

    async def last_root(self, task: str) -> str | None:
        """Return the newest root run of the task with this name."""

    async def open_runs(self) -> list[OpenRun]:
        """Return the root runs that have not ended, oldest first."""
        ...


@dataclass(eq=False)
class Run:
    """One execution of a task; every field follows from the events."""

    id: str
    task: str
    tree: "Tree" = field(repr=False)
    caller: "Run | None"
    began: datetime
    given: dict[str, Any]
    thread: tuple[Node, ...]
    status: Status | None = None
    history: tuple[Node, ...] = ()
    replies: tuple[tuple[str, str, str], ...] = ()
    usage: Usage = field(default_factory=Usage)
    step: int = 0
    tried: tuple[str, ...] = ()
    asking: tuple[str, str] | None = None  # id and responder of an attempt without reply
    route: str = ""
    stall: int = 0
    errors: int = 0
    alternations: int = 0
    unanswered_step: int = -9
    progress: bool = False
    step_done: bool = False
    passed: bool = False
    spare: tuple[Node, ...] = ()  # the step's last reply that said NO_ANSWER and was not accepted

    @property
    def pending(self) -> Node:
        """What the next step must find an answer to."""
        return self.thread[-1]

    @property
    def recipient(self) -> str:
        """Who alone may answer, blank for anyone."""
        return self.route or self.pending.to

    @property
    def depth(self) -> int:
        """Distance from the root run."""
        return self.caller.depth + 1 if self.caller else 0

    @property
    def view(self) -> tuple[Node, ...]:
        """What later runs remember of this one."""
        if not (self.status and self.given["erase"]):
            return self.thread
        return self.thread[: len(self.thread) - len(self.history)] + self.history[-1:]

    def apply(self, event: Event) -> None:
        """Fold one of this run's events."""
        data = event.data
        if event.nodes:
            self._accept(event.nodes)
        match event.type:
            case "attempt":
                self.asking, self.tried = (data["id"], data["by"]), (*self.tried, data["by"])
            case "reply":
                self.asking, self.progress = None, data["accepted"]
                self.step_done, self.passed = data["done"], data.get("pass", False)
                self.route = data.get("route") or self.route
                self.usage += Usage.model_validate(data["usage"])
                self.spare = tuple(map(Node.model_validate, data.get("spare", ()))) or self.spare
                if event.nodes:
                    said = self.pending
                    self.stall, self.replies = 0, (*self.replies, (said.sender, said.to, said.text))
            case "step":
                self.stall += data["stalls"]
                self.step, self.tried, self.spare = self.step + 1, (), ()
                self.progress = self.passed = False
            case "end":
                self.status = data["status"]

    def _accept(self, nodes: tuple[Node, ...]) -> None:
        self.thread, self.history, self.route = self.thread + nodes, self.history + nodes, ""
        self.errors += sum(node.error is not None for node in nodes)
        if NO_ANSWER in self.pending.text:
            apart, self.unanswered_step = self.step - self.unanswered_step, self.step
            self.alternations = self.alternations + 1 if apart == 2 else 0


@dataclass
class Tree:
    """A root run and all runs below it; `memory` holds each task's thread."""

    id: str
    memory: dict[str, tuple[Node, ...]] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    cancelled: bool = False
    inbox: str | None = None  # a user's message for the waiting run

    def usage(self, run: Run) -> Usage:
        """What the tree cost, with `run` in place of the tree's run of that id."""
        return sum((other.usage for other in self.runs.values() if other.id != run.id), run.usage)

    def child(self, attempt: str) -> Run | None:
        """Return the run an attempt started."""
        return next((run for run in self.runs.values() if run.given["attempt"] == attempt), None)

    def apply(self, event: Event) -> None:
        """Fold one event."""
        if event.type == "cancel":
            self.cancelled = True
            return
        if event.type == "start":
            self._start(event)
        run = self.runs[event.run]
        if event.type != "start":
            run.apply(event)
        self.memory[run.task] = run.view
        if run.status and run.given["erase"]:
            started = list(self.runs.values())
            for below in started[started.index(run) + 1 :]:
                self.memory.pop(below.task, None)

    def _start(self, event: Event) -> None:
        """Begin a run; a sub-run's start is the caller's pending node as a user's message."""
        caller, opening = self.runs.get(event.data["caller"]), event.nodes
        if caller is not None:
            node = caller.pending
            content = node.content if node.kind == "tool_call" else Message(text=node.text)
            seen = {"role": "U", "sender": "user", "to": caller.recipient, "signal": ""}
            opening = (node.model_copy(update={**seen, "content": content}),)
        known = () if event.data["forget"] else self.memory.get(event.task, ())
        place = (event.run, event.task, self, caller, event.at)
        self.runs[event.run] = Run(*place, event.data, (*known, *opening))


async def load(log: Log, run: str) -> Tree:
    """Fold the tree a run belongs to; raises KeyError if the log knows no such run."""
    events = await log.events(run)
    start = next((event for event in events if event.type == "start"), None)
    if start is None:
        raise KeyError(run)
    tree = Tree(start.root, await recall(log, start.task, **start.data["memory"]))
    for event in events:
        tree.apply(event)
    return tree


async def recall(log: Log, task: str, at: str | None, before: str | None) -> dict[str, Any]:
    """Return the memory of the run `before`, for this task the chain ending in `at` if given."""
    memory = {} if before is None else (await load(log, before)).memory
    return memory if at is None else {**memory, task: tuple(await log.chain(at))}
