"""One running tree: asking responders and logging what they say (task engine §3.4 to §3.7)."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4

from mojodex_tui.backend.engine.chat import NoInput, Turn, chat, prompt_text
from mojodex_tui.backend.engine.log import Event, EventType, Log, Run, Tree
from mojodex_tui.backend.engine.nodes import NO_ANSWER, Node, Reply, Said, Status, Usage
from mojodex_tui.backend.engine.replies import Refused, failure
from mojodex_tui.backend.engine.task import Task, same

_SILENT = {"STALLED", "MAX_TURNS", "INF_LOOP", "ERROR", "SKIPPED", "KILL", "USER_QUIT"}
AnyTask = Task[Any]


@dataclass(frozen=True)
class StreamEvent:
    """What a subscriber hears; tokens precede the node they grow into and are never stored."""

    kind: Literal["token", "node", "attempt", "status"]
    task: str
    text: str = ""
    channel: str = ""
    node: Node | None = None


class Subscription:
    """The events of one run tree, until its end; a full queue joins tokens instead of growing."""

    def __init__(self, run: str, size: int) -> None:
        self.run, self._size, self._ended = run, size, False
        self._queue: deque[StreamEvent] = deque()
        self._changed = asyncio.Event()

    def put(self, event: StreamEvent) -> None:
        """Queue an event."""
        last = self._queue[-1] if len(self._queue) >= self._size else None
        if last and event.kind == "token" and last == replace(event, text=last.text):
            event = replace(event, text=self._queue.pop().text + event.text)
        self._queue.append(event)
        self._changed.set()

    def close(self) -> None:
        """Hear no more; what is queued can still be read."""
        self._ended = True
        self._changed.set()

    async def __aiter__(self) -> AsyncIterator[StreamEvent]:
        while self._queue or not self._ended:
            while self._queue:
                yield self._queue.popleft()
            self._changed.clear()
            if not self._ended:
                await self._changed.wait()


def chained(
    run: str, task: str, above: Node | None, said: Iterable[dict[str, Any]]
) -> tuple[Node, ...]:
    """Return new nodes of a run, each the child of the one before."""
    nodes: list[Node] = []
    for fields in said:
        parent = nodes[-1] if nodes else above
        place = {"run": run, "task": task, "parent": parent.id if parent else None}
        nodes.append(Node.model_validate({**fields, **place}))
    return tuple(nodes)


class Session:
    """Drives the runs of one tree; events are written before the next responder is asked."""

    def __init__(
        self, log: Log, tree: Tree, cap: int, hear: Callable[[str, StreamEvent | None], None]
    ) -> None:
        self.tree = tree
        self._log, self._cap, self._hear = log, cap, hear
        self._unwritten: list[Event] = []
        self._attempt: asyncio.Future[tuple[Reply, ...]] | None = None

    def event(
        self, run: str, task: str, kind: EventType, nodes: tuple[Node, ...] = (), **data: object
    ) -> Event:
        """Return an event of this tree."""
        data["nodes"] = [node.id for node in nodes]
        place = {"run": run, "root": self.tree.id, "task": task, "at": datetime.now(UTC)}
        return Event(type=kind, data=data, nodes=nodes, **place)

    def record(self, event: Event) -> None:
        """Fold an event at once; `flush` writes it."""
        self.tree.apply(event)
        self._unwritten.append(event)

    async def flush(self) -> None:
        """Write what was recorded in one transaction, whoever cancels meanwhile."""
        events, self._unwritten = self._unwritten, []
        if events:
            await asyncio.shield(self._log.append(events))
        for event in events:
            for told in _told(event):
                self._hear(event.root, told)
            if event.type == "end" and event.run == event.root:
                self._hear(event.root, None)

    def abort(self) -> None:
        """End the attempt that outlived the grace period of a cancellation."""
        if self._attempt:
            self._attempt.cancel()

    async def drive(self, task: AnyTask, run: Run) -> Status:
        """Step until the run ends; raises NoInput if it waits for a user."""
        while run.status is None:
            between = run.step and not run.tried
            if status := task.verdict(run, self._cap) if between else None:
                self.record(self.event(run.id, run.task, "end", status=status))
                continue
            try:
                await self.step(task, run)
            except NoInput:
                self.record(self.event(run.id, run.task, "waiting"))
                raise
        return run.status

    async def step(self, task: AnyTask, run: Run) -> None:
        """Ask the candidates in order until one reply is accepted or the step is done."""
        if run.recipient and run.recipient.casefold() not in task.names and not run.tried:
            error = failure(Refused(f"Invalid recipient: {run.recipient}"))
            self._answer(task, run, "agent", (error,))
        while run.asking or not (run.progress or (run.tried and run.step_done)):
            # a PASS may have re-addressed the node, so the candidates are looked at anew
            free = (by for by in task.responders if by not in run.tried)
            admitted = (b for b in free if not self.tree.cancelled and task.may_answer(run, b))
            by = run.asking[1] if run.asking else next(admitted, None)
            if by is None:
                break
            await self._ask(task, run, by)
        self._close(task, run)

    def _close(self, task: AnyTask, run: Run) -> None:
        """Count the step; if nothing was accepted, a NO_ANSWER reply is, or the step stalled."""
        if run.spare and not run.progress:
            kept: dict[str, Any] = {"accepted": True, "done": run.step_done, "usage": {}}
            self.record(self.event(run.id, run.task, "reply", run.spare, **kept))
        null: tuple[Node, ...] = ()
        stalls = 0 if run.progress else 1
        allowed = task.config.allow_null_result and not run.passed and not self.tree.cancelled
        if stalls and allowed:
            by = "llm" if run.pending.sender == "user" else "user"
            null = self._nodes(run, by, (Reply(text=NO_ANSWER),))
        elif stalls and not (run.tried or task.turn_limit(run, self._cap)):
            stalls = max(1, task.config.max_stalled_steps - run.stall)
        self.record(self.event(run.id, run.task, "step", null, progress=not stalls, stalls=stalls))

    def _answer(self, task: AnyTask, run: Run, by: str, replies: tuple[Reply, ...]) -> None:
        """Judge and record the replies to one attempt (step 4 and 5)."""
        last = replies[-1] if replies else None
        passes = last is not None and last.passes
        nodes = () if passes else self._nodes(run, by, replies)
        data: dict[str, Any] = {
            "attempt": run.asking and run.asking[0],
            "accepted": True,
            "empty": last is None or last.empty,
            "error": last.error.model_dump() if last and last.error else None,
            "pass": passes,
            "done": task.step_done(last, by),
            "route": last.to if last and passes else "",
            "usage": sum((reply.usage for reply in replies), Usage()).model_dump(),
        }
        event = self.event(run.id, run.task, "reply", nodes, **data)
        if not task.valid(run, last, event):
            spare = [node.model_dump(mode="json") for node in nodes if NO_ANSWER in nodes[-1].text]
            data |= {"accepted": False, "spare": spare}
            event = self.event(run.id, run.task, "reply", **data)
        self.record(event)

    def _nodes(self, run: Run, by: str, replies: Iterable[Reply]) -> tuple[Node, ...]:
        """Turn replies into nodes below the pending one; an error is the agent's."""
        said: list[dict[str, Any]] = []
        for reply in replies:
            sender = "agent" if reply.error else by
            role = {"llm": "A", "agent": "S"}.get(sender, "U")
            if sender == "agent" and (reply.results or reply.calls):
                role = "F" if reply.results else "A"
            kept = {name: getattr(reply, name) for name in Said.model_fields}
            said.append({**kept, "role": role, "sender": sender, "content": reply.content})
        return chained(run.id, run.task, run.pending, said)

    async def _ask(self, task: AnyTask, run: Run, by: str) -> None:
        """Ask one candidate, or go on with the attempt that a crash or a wait interrupted."""
        interrupted = run.asking is not None
        if run.asking is None:
            asked: dict[str, Any] = {"id": uuid4().hex, "by": by, "step": run.step}
            self.record(self.event(run.id, run.task, "attempt", **asked))
            await self.flush()
        sub = task.sub_task(by)
        if sub is not None:
            replies = await self._ask_sub_task(task, run, sub)
        elif self.tree.cancelled:
            replies = ()
        elif (
            interrupted
            and by == "agent"
            and not all(t.idempotent for t in task.handled(run).values())
        ):
            replies = (failure(Refused("interrupted, outcome unknown")),)
        else:
            replies = await self._ask_native(task, run, by)
        self._answer(task, run, by, replies)

    async def _ask_native(self, task: AnyTask, run: Run, by: str) -> tuple[Reply, ...]:
        """Ask in an asyncio task of its own; exceptions become replies (T22)."""
        row = task.row(run, by)
        if row is None:
            return ()

        def emit(text: str, channel: str = "message") -> None:
            self._hear(self.tree.id, StreamEvent("token", task.name, text, channel))

        after = "" if task.interpret else prompt_text(row, task.specs, task.result_type)
        thread = chat(run.thread, task.config.system_message, after)
        turn = Turn(run.pending, thread, emit, lambda: self.tree.cancelled)
        self._attempt = asyncio.ensure_future(task.ask(run, row, turn))
        (said,) = await asyncio.gather(self._attempt, return_exceptions=True)
        if isinstance(said, asyncio.CancelledError):
            return ()
        if isinstance(said, Exception) and not (by == "user" and isinstance(said, NoInput)):
            return (failure(said, turn.executed).model_copy(update={"usage": turn.spent}),)
        if isinstance(said, BaseException):
            raise said
        return said

    async def _ask_sub_task(self, task: AnyTask, run: Run, sub: AnyTask) -> tuple[Reply, ...]:
        """Run the sub-task, or go on with the run this attempt began (task engine §3.4, §3.5)."""
        if run.recipient and not same(run.recipient, sub.name):
            return ()  # it would be skipped
        attempt = run.asking[0] if run.asking else ""
        child = self.tree.child(attempt)
        if child is None:
            if run.depth >= task.config.max_depth:
                return (failure(Refused(f"Tasks are nested deeper than {run.depth}.")),)
            child = self.start(sub, uuid4().hex, caller=run.id, attempt=attempt)
        status = await self.drive(sub, child)
        if status in _SILENT or (status == "FIXED_TURNS" and not child.history):
            return ()
        result = sub.result(child, status)
        final = "final" if child.pending.signal == "final" else ""
        said = {"text": result.content or "", "to": result.to, "value": result.value}
        return (Reply(signal=final, **said),)

    def start(
        self,
        task: AnyTask,
        run: str,
        nodes: tuple[Node, ...] = (),
        *,
        turns: int = -1,
        **of: object,
    ) -> Run:
        """Record the start of a run; a sub-run appends no node."""
        config = task.config
        if turns < 0 and config.single_round:
            turns = 2 if config.llm_delegate else 1
        forget = "caller" in of and config.restart_as_subtask
        given = {
            "caller": "",
            "attempt": "",
            "forget": forget,
            "erase": config.erase_substeps,
            **of,
        }
        self.record(self.event(run, task.name, "start", nodes, turns=turns, **given))
        return self.tree.runs[run]


def _told(event: Event) -> Iterable[StreamEvent]:
    """What a subscriber hears of a logged event."""
    if event.type == "attempt":
        yield StreamEvent("attempt", event.task, event.data["by"])
    for node in event.nodes:
        yield StreamEvent("node", event.task, node=node)
    if event.type in ("end", "waiting"):
        yield StreamEvent("status", event.task, event.data.get("status", "WAITING"))
