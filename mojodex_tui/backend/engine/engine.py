"""Runs of tasks over one log: start, resume, cancel, listen, batch (task engine §3.4 to §3.7)."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from typing import Any, Literal
from uuid import uuid4
from weakref import WeakSet

from .log import Log, NoInput, StreamEvent, Tree
from .nodes import FileRef, Node, Nodes, Reply, TaskResult, Usage, chained
from .task import GRACE, Task, same

AnyTask = Task[Any]
_VOICES = {"structured": ("A", "llm"), "tool_call": ("A", "llm"), "tool_result": ("F", "agent")}


class RunBusy(RuntimeError):
    """The run is being driven already; wait for it, or cancel it."""


class RunFailed(Exception):
    """A run of a batch ended with status ERROR."""


class Subscription:
    """The events of one run tree, until its end; a full queue joins tokens instead of growing."""

    def __init__(self, run: str, size: int) -> None:
        self.run, self._size = run, size
        self._queue: deque[StreamEvent | None] = deque()
        self._changed = asyncio.Event()

    def put(self, event: StreamEvent | None) -> None:
        """Queue an event; None is the last one."""
        last = self._queue[-1] if len(self._queue) >= self._size else None
        if event and last and event.kind == "token" and last == replace(event, text=last.text):
            self._queue.pop()
            event = replace(event, text=last.text + event.text)
        self._queue.append(event)
        self._changed.set()

    def close(self) -> None:
        """Hear no more; what is queued can still be read."""
        self.put(None)

    async def __aiter__(self) -> AsyncIterator[StreamEvent]:
        while True:
            while not self._queue:
                self._changed.clear()
                await self._changed.wait()
            if (event := self._queue.popleft()) is None:
                return
            yield event


class Engine:
    """All runs of one process on one log; `max_turns` caps every run, 0 caps none."""

    def __init__(self, log: Log, *, max_turns: int = 0, queue_size: int = 256) -> None:
        self.log = log
        self._max_turns, self._queue_size = max_turns, queue_size
        self._driven: dict[str, Tree] = {}
        self._cancelled: set[str] = set()  # before anybody drove them
        self._subscriptions: WeakSet[Subscription] = WeakSet()

    async def run(
        self,
        task: AnyTask,
        msg: str | Reply | None = None,
        *,
        files: Sequence[FileRef] = (),
        turns: int = -1,
        budget: Usage | None = None,
        at: str | None = None,
        result_type: type | None = None,
        run: str | None = None,
        fresh: bool = False,
    ) -> TaskResult[Any]:
        """Start a root run and drive it until it ends or waits.

        `at` is the node to go on from, instead of the task's memory; `fresh` forgets that memory.
        """
        with self._claim(run or uuid4().hex) as tree:
            if isinstance(msg, Node) and msg.to and not same(msg.to, task.name):
                return TaskResult(status="SKIPPED", run=tree.id)
            before = None
            if at is not None:
                before = (await self.log.chain(at))[-1].run
            elif not (task.config.restart or fresh):
                before = await self.log.last_root(task.name)
            await tree.recall(task.name, at, before)
            opening = _opening(task, tree, msg, files)
            limit = (budget or task.config.budget).model_dump()
            memory = {"at": at, "before": before}
            task.start(tree, tree.id, opening, turns=turns, budget=limit, memory=memory)
            typed = copy(task)
            typed.result_type = result_type or task.result_type
            return await self._drive(typed, tree)

    async def resume(self, task: AnyTask, run: str, msg: str | None = None) -> TaskResult[Any]:
        """Go on with a run that waits or was interrupted; one that ended gives its result again.

        `msg` answers the innermost waiting run; it is ignored when no user was being asked, so that
        delivering it twice after a crash does no harm.
        """
        with self._claim(run) as tree:
            await tree.load()
            if any(known.asking and known.asking[1] == "user" for known in tree.runs.values()):
                tree.inbox = msg
            return await self._drive(task, tree)

    @contextmanager
    def _claim(self, run: str) -> Iterator[Tree]:
        """Let nobody else drive the run, and let it be cancelled from now on."""
        if run in self._driven:
            raise RunBusy(f"Run {run} is being driven already.")
        tree = self._driven[run] = self._tree(run)
        tree.cancelled = run in self._cancelled
        self._cancelled.discard(run)
        try:
            yield tree
        finally:
            del self._driven[run]

    async def _drive(self, task: AnyTask, tree: Tree) -> TaskResult[Any]:
        root = tree.runs[tree.id]
        try:
            status = await task.drive(root)
        except NoInput:
            status = "WAITING"
            for run in reversed(tree.runs.values()):
                if run.status is None:
                    run.record("waiting")
        await tree.flush()
        if status != "WAITING":
            self._tell(tree.id, None)
        return task.result(root, status)

    async def cancel(self, run: str, reason: str = "", grace: float = GRACE) -> None:
        """Cancel a root run: streams stop, replies that arrive within `grace` seconds are kept.

        A run nobody drives ends with KILL when it is started or resumed.
        """
        if run not in self._driven:
            self._cancelled.add(run)
        tree = self._driven.get(run) or self._tree(run)
        asyncio.get_running_loop().call_later(grace, lambda: tree.attempt and tree.attempt.cancel())
        tree.record(run, "", "cancel", reason=reason)
        await tree.flush()

    async def recover(self, task_of: Callable[[str], AnyTask | None]) -> list[TaskResult[Any]]:
        """Resume, at process start, known tasks' interrupted runs; leave waiting ones alone."""
        opened = [(known.run, task_of(known.task), known) for known in await self.log.open_runs()]
        return [await self.resume(t, run) for run, t, known in opened if t and not known.waiting]

    def subscribe(self, run: str) -> Subscription:
        """Listen to a run tree from now on, started or not."""
        subscription = Subscription(run, self._queue_size)
        self._subscriptions.add(subscription)
        return subscription

    def _tree(self, run: str) -> Tree:
        return Tree(run, self.log, lambda event: self._tell(run, event), self._max_turns)

    def _tell(self, run: str, event: StreamEvent | None) -> None:
        for subscription in [known for known in self._subscriptions if known.run == run]:
            subscription.put(event)


def _opening(task: AnyTask, tree: Tree, msg: str | Reply | None, files: Sequence[FileRef]) -> Nodes:
    """Return the first nodes: a files node if there are files (T20, T21), and the message."""
    said = [Reply(files=tuple(files))] if files else []
    msg = task.config.user_message if msg is None else msg
    if msg or not files:
        said.append(Reply(text=msg) if isinstance(msg, str) else msg)
    voiced = [(*_VOICES.get(reply.kind, ("U", "user")), reply) for reply in said]
    if isinstance(msg, Node):
        words = msg.said if msg.calls else msg.text
        voiced[-1] = (msg.role, msg.sender, msg.model_copy(update={"text": words}))
    return chained(voiced, tree.memory.get(task.name, ())[-1:], tree.id, task.name)


async def run_batch(
    engine: Engine,
    make_task: Callable[[int], AnyTask],
    inputs: Sequence[str],
    *,
    concurrency: int = 1,
    stop_on_first: bool = False,
    on_error: Literal["raise", "return_none", "return_exception"] = "raise",
    turns: int = -1,
) -> list[object]:
    """Run a task per input; return contents or typed values in input order (task engine §3.4)."""
    results: list[object] = [None] * len(inputs)
    gate, winners = asyncio.Semaphore(concurrency), list[int]()

    async def one(index: int) -> None:
        async with gate:
            if winners:
                return
            result = await engine.run(make_task(index), inputs[index], turns=turns, fresh=True)
        told: object = result.content if result.value is None else result.value
        if result.status == "ERROR":
            failed = RunFailed(result.node.text if result.node else result.status)
            if on_error == "raise":
                raise failed
            told = failed if on_error == "return_exception" else None
        elif stop_on_first and told is not None:
            winners.append(index)
        results[index] = told

    attempts = [asyncio.ensure_future(one(index)) for index in range(len(inputs))]
    try:
        for finished in asyncio.as_completed(attempts):
            await finished
            if winners:
                break
    finally:
        for attempt in attempts:
            attempt.cancel()
        await asyncio.gather(*attempts, return_exceptions=True)
    return [r if index in winners[:1] or not winners else None for index, r in enumerate(results)]
