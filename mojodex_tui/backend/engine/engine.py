"""Runs of tasks over one log: start, resume, cancel, listen, batch (task engine §3.4 to §3.7)."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from typing import Any, Literal
from uuid import uuid4
from weakref import WeakSet

from mojodex_tui.backend.engine.chat import NoInput
from mojodex_tui.backend.engine.log import Log, Tree, load, recall
from mojodex_tui.backend.engine.nodes import (
    AnyContent,
    Budget,
    FileRef,
    Files,
    Message,
    Node,
    TaskResult,
)
from mojodex_tui.backend.engine.session import AnyTask, Session, StreamEvent, Subscription, chained
from mojodex_tui.backend.engine.task import same

_VOICES = {"structured": ("A", "llm"), "tool_call": ("A", "llm"), "tool_result": ("F", "agent")}


class RunBusy(RuntimeError):
    """The run is being driven already; wait for it, or cancel it."""


class RunFailed(Exception):
    """A run of a batch ended with status ERROR."""


class Engine:
    """All runs of one process on one log; `max_turns` caps every run, 0 caps none."""

    def __init__(self, log: Log, *, max_turns: int = 0, queue_size: int = 256) -> None:
        self.log = log
        self._max_turns, self._queue_size = max_turns, queue_size
        self._sessions: dict[str, Session | None] = {}
        self._subscriptions: WeakSet[Subscription] = WeakSet()

    async def run(
        self,
        task: AnyTask,
        msg: str | AnyContent | Node | None = None,
        *,
        files: Sequence[FileRef] = (),
        turns: int = -1,
        budget: Budget | None = None,
        at: str | None = None,
        result_type: type | None = None,
        run: str | None = None,
        fresh: bool = False,
    ) -> TaskResult[Any]:
        """Start a root run and drive it until it ends or waits.

        `at` is the node to go on from, instead of the task's memory; `fresh` forgets that memory.
        """
        run = run or uuid4().hex
        if isinstance(msg, Node) and msg.to and not same(msg.to, task.name):
            return TaskResult(status="SKIPPED", run=run)
        with self._claim(run):
            before = None
            if at is not None:
                before = (await self.log.chain(at))[-1].run
            elif not (task.config.restart or fresh):
                before = await self.log.last_root(task.name)
            memory = {"at": at, "before": before}
            tree = Tree(run, await recall(self.log, task.name, **memory))
            session = Session(self.log, tree, self._max_turns, self._hear)
            limit = (budget or Budget()).model_dump()
            above = (*tree.memory.get(task.name, ()), None)
            opening = chained(run, task.name, above[-2:][0], _opening(task, msg, files))
            session.start(task, run, opening, turns=turns, memory=memory, budget=limit)
            return await self._drive(task, session, result_type)

    async def resume(
        self, task: AnyTask, run: str, msg: str | None = None, *, result_type: type | None = None
    ) -> TaskResult[Any]:
        """Go on with a run that waits or was interrupted; one that ended gives its result again.

        `msg` answers the innermost waiting run; it is ignored when no user was being asked, so that
        delivering it twice after a crash does no harm.
        """
        with self._claim(run):
            tree = await load(self.log, run)
            if any(known.asking and known.asking[1] == "user" for known in tree.runs.values()):
                tree.inbox = msg
            session = Session(self.log, tree, self._max_turns, self._hear)
            return await self._drive(task, session, result_type)

    @contextmanager
    def _claim(self, run: str) -> Iterator[None]:
        """Let nobody else drive the run; what was loaded of it would grow stale."""
        if run in self._sessions:
            raise RunBusy(f"Run {run} is being driven already.")
        self._sessions[run] = None
        try:
            yield
        finally:
            del self._sessions[run]

    async def _drive(self, task: AnyTask, session: Session, kind: type | None) -> TaskResult[Any]:
        root = session.tree.runs[session.tree.id]
        self._sessions[root.id] = session
        task = copy(task)
        task.result_type = kind or task.result_type
        try:
            status = await session.drive(task, root)
        except NoInput:
            status = "WAITING"
        await session.flush()
        return task.result(root, status)

    async def cancel(self, run: str, reason: str = "", grace: float = 2.0) -> None:
        """Cancel a root run: streams stop, replies that arrive within `grace` seconds are kept.

        A run nobody drives ends with KILL when it is resumed.
        """
        session = self._sessions.get(run) or Session(self.log, Tree(run), 0, self._hear)
        asyncio.get_running_loop().call_later(grace, session.abort)
        session.record(session.event(run, "", "cancel", reason=reason))
        await session.flush()

    async def recover(self, task_of: Callable[[str], AnyTask | None]) -> list[TaskResult[Any]]:
        """Resume, at process start, known tasks' interrupted runs; leave waiting ones alone."""
        runs = [
            (run.run, task_of(run.task)) for run in await self.log.open_runs() if not run.waiting
        ]
        return [await self.resume(task, run) for run, task in runs if task is not None]

    def subscribe(self, run: str) -> Subscription:
        """Listen to a run tree from now on, started or not."""
        subscription = Subscription(run, self._queue_size)
        self._subscriptions.add(subscription)
        return subscription

    def _hear(self, root: str, event: StreamEvent | None) -> None:
        for subscription in [known for known in self._subscriptions if known.run == root]:
            subscription.put(event) if event else subscription.close()


def _opening(
    task: AnyTask, msg: str | AnyContent | Node | None, files: Sequence[FileRef]
) -> Iterator[dict[str, Any]]:
    """Return what the first nodes are made of: a files node if there are files, and the message."""
    if files:
        yield {"role": "U", "sender": "user", "content": Files(files=tuple(files))}
    said = task.config.user_message if msg is None else msg
    if isinstance(said, Node):
        yield {name: getattr(said, name) for name in ("role", "sender", "to", "content")}
    elif said or not files:
        content = Message(text=said) if isinstance(said, str) else said
        role, sender = _VOICES.get(content.kind, ("U", "user"))
        yield {"role": role, "sender": sender, "content": content}


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
        if result.status == "ERROR":
            failed = RunFailed(result.node.text if result.node else result.status)
            if on_error == "raise":
                raise failed
            results[index] = failed if on_error == "return_exception" else None
            return
        results[index] = result.content if result.value is None else result.value
        if stop_on_first and results[index] is not None:
            winners.append(index)

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
