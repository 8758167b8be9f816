"""A task: who may answer, which replies count, when it is over (task engine §3.4)."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Generic, Literal
from uuid import uuid4

from . import replies
from .log import NoInput, Run, Tree
from .nodes import NO_ANSWER, Node, Nodes, Reply, Signal, Status, T, TaskConfig, TaskResult, chained
from .replies import Refused, failure
from .table import ROWS

GRACE = 2.0
"""Seconds that a responder is given to end once its run is to end (task engine §3.7)."""
_SILENT = {"STALLED", "MAX_TURNS", "INF_LOOP", "ERROR", "SKIPPED", "KILL", "USER_QUIT"}
_NO_CONTENT = {"STALLED", "MAX_TURNS", "INF_LOOP", "ERROR", "WAITING", "SKIPPED"}


def same(one: str, other: str) -> bool:
    """Compare names; case does not count."""
    return one.casefold() == other.casefold()


@dataclass(eq=False)
class Task(ABC, Generic[T]):
    """Configuration, sub-tasks and the rules of a run; a subclass asks user, agent and llm."""

    name: str
    _: KW_ONLY
    sub_tasks: Sequence["Task[Any]"] = ()
    config: TaskConfig = field(default_factory=TaskConfig)
    result_type: type[T] | None = None

    def __post_init__(self) -> None:
        self._sequences = [replies.sequence(text) for text in self.config.done_sequences]
        self.subs = {sub.name: sub for sub in self.sub_tasks}
        names = ["user", "agent", "llm", *(sub.name for sub in self.sub_tasks)]
        present = {*self.parties(), *self.subs}
        self.responders = [by for by in names if by in present]
        self.interactive = self.config.interactive and "user" in present
        self.names = {by.casefold() for by in (self.name, *names)}
        if len({by.casefold() for by in names}) < len(names):
            raise ValueError(f"Two responders of {self.name} have the same name.")

    @abstractmethod
    def parties(self) -> Collection[str]:
        """Return which of `user`, `agent` and `llm` there are."""

    @abstractmethod
    def handled(self, node: Node) -> Mapping[str, bool]:
        """Return which of the node's calls the agent executes: names, and if twice is harmless."""

    @abstractmethod
    async def ask(self, run: Run, by: str) -> tuple[Reply, ...]:
        """Return what a party says: nothing, a reply, or a structured reply and what it means."""

    def may_answer(self, run: Run, responder: str) -> bool:
        """A table row admits the responder for the run's pending node (step 2)."""
        node, to, sub = run.pending, run.recipient, self.subs.get(responder)
        if self.lost(run):
            return responder == "agent"
        if to and not same(to, responder) and not same(to, self.name):
            return False
        named, own = same(to, responder), node.sender == "llm" and node.role == "A"
        evaluated = [known.kind for known in run.thread[-2:-1]] == ["structured"]
        other = sub.config if sub else self.config
        guards = {
            "always": True,
            "interactive or named": self.interactive or named,
            "agent handles it": self.handled(node),
            "no sub-task handles it": not any(task.handled(node) for task in self.sub_tasks),
            "this sub-task handles it": sub and sub.handled(node),
            "open to it": not other.tools_only and (named or not other.addressed_only),
            "fallback due": other.fallback is not None and (own or "llm" not in self.responders),
            "autonomous": other.autonomous and own and not evaluated,
        }
        others, by = not same(node.sender, responder), "sub-task" if sub else responder
        rows = (row for row in ROWS if row.responder == by and (row.own or others))
        fits = (row for row in rows if node.kind in row.kinds.split() and node.role in row.roles)
        return any(guards[row.guard] for row in fits)

    def lost(self, run: Run) -> bool:
        """The pending node is addressed to nobody there is; the agent says so."""
        return bool(run.recipient) and run.recipient.casefold() not in self.names

    def valid(self, run: Run, reply: Reply | None, data: dict[str, Any], nodes: Nodes) -> bool:
        """Accept the reply (step 5), which would be logged as this data and these nodes, or not."""
        text = nodes[-1].text.strip(" \t\r\n,.!?:") if nodes else ""
        if reply and not reply.empty and text != NO_ANSWER:
            return True
        trial = copy(run)
        trial.fold(data, nodes)
        return reply is not None and self.done(trial) is not None

    def done(self, run: Run) -> Status | None:
        """Return the status the pending node ends the run with: the first clause that applies."""
        config, node, tree = self.config, run.pending, run.tree
        signal = node.signal if run.history else ""  # that of the start node does not count
        quits = bool(run.history) and node.sender == "user"
        quits = quits and (signal == "done" or node.text.strip() in replies.QUIT_WORDS)
        guarded = run.caller is None and config.only_user_quits_root
        guarded = guarded and (self.interactive or same(node.to, "user"))
        back = run.caller and run.history and same(node.to, run.caller.task)
        idle = config.idle == "finish" and (node.kind, node.role) == ("message", "A")
        clauses: tuple[tuple[Status | None, object], ...] = (
            ("KILL", tree.cancelled),
            ("DONE", config.done_if_tool and node.kind == "tool_call"),
            ("DONE", any(replies.ends_with(run.history, events) for events in self._sequences)),
            ("STALLED", run.stall >= config.max_stalled_steps),
            ("ERROR", sum(n.error is not None for n in run.history) >= config.max_errors),
            ("MAX_COST", self._overspent(run, "cost")),
            ("MAX_TOKENS", self._overspent(run, "tokens")),
            ("TIMEOUT", run.seconds_left <= 0),
            ("DONE", node.signal == "final"),
            ("USER_QUIT", guarded and quits),
            (None, guarded),
            ("DONE", run.step_done),
            ("USER_QUIT", quits),
            ("DONE", signal == "done" or back),
            ("DONE", idle and not any(self.may_answer(run, by) for by in self.responders)),
        )
        return next((status for status, holds in clauses if holds), None)

    def _overspent(self, run: Run, what: Literal["tokens", "cost"]) -> bool:
        """The run or one of its callers has spent more than its budget, with all below it."""
        runs, own = run.tree.runs, {run.id: run}  # of a trial, the tree holds another copy
        for above in run.line:
            limit = runs[above].given.get("budget", {}).get(what, 0)
            if 0 < limit < sum(getattr(r, what) for r in (runs | own).values() if above in r.line):
                return True
        return False

    def result(self, run: Run, status: Status) -> TaskResult[T]:
        """Return how the run ended, with the pending node's text and value, if there are any."""
        node, said = run.pending, {}
        if status not in _NO_CONTENT:
            text = node.text if node.result_text is None else node.result_text
            said = {"content": text, "to": node.to, "value": node.value}
        return TaskResult[Any](status=status, node=node, run=run.id, **said)

    def start(
        self, tree: Tree, run: str, nodes: Nodes = (), caller: Run | None = None, **given: object
    ) -> Run:
        """Record the start of a run; a sub-run appends no node."""
        config, above = self.config, caller.given if caller else {}
        if given.get("turns", -1) == -1:
            given["turns"] = 1 + config.llm_delegate if config.single_round else config.turns
        own = None if config.timeout is None else time.time() + config.timeout
        ends = min(filter(None, (own, above.get("ends"))), default=None)
        given |= {"caller": caller.id if caller else "", "erase": config.erase_substeps}
        given |= {"forget": caller is not None and config.restart_as_subtask, "ends": ends}
        given = {"attempt": "", "budget": config.budget.model_dump(), **given}
        tree.record(run, self.name, "start", nodes, **given)
        return tree.runs[run]

    async def drive(self, run: Run) -> Status:
        """Step until the run is done, reaches its turns (§1.5) or loops; NoInput: it waits."""
        length, factor = self.config.inf_loop_cycle_len, self.config.inf_loop_wait_factor
        while run.status is None:
            due = length > 0 and run.turns % length == 0 and len(run.replies) >= length * factor
            sizes = range(1, length + 1) if due else ()
            loops = any(len(set(run.replies[-factor * size :])) == size for size in sizes)
            clauses: tuple[tuple[Status, bool], ...] = (
                ("MAX_TURNS", 0 < run.tree.max_turns <= run.turns),
                ("FIXED_TURNS", 0 < run.given["turns"] <= run.turns),
                ("INF_LOOP", loops or run.alternations > factor),
            )
            over = (status for status, holds in clauses if holds)
            if run.turns and not run.tried and (status := self.done(run) or next(over, None)):
                run.record("end", status=status)
            else:
                await self.step(run)
        return run.status

    async def step(self, run: Run) -> None:
        """Ask the candidates in order until one reply is accepted or the step is done."""
        while run.asking or not (run.accepted or (run.tried and run.step_done)):
            # a PASS may have re-addressed the node, so the candidates are looked at anew
            free = (b for b in self.responders if b not in run.tried and self.may_answer(run, b))
            over = run.tree.cancelled or (run.tried and run.seconds_left <= 0)
            by = run.asking[1] if run.asking else None if over else next(free, None)
            if by is None:
                break
            await self._ask(run, by)
        if run.spare and not run.accepted:
            nodes = tuple(map(Node.model_validate, run.spare))
            run.record("reply", nodes, accepted=True, stall=0)
        null: Nodes = ()
        if self.config.allow_null_result and not (run.accepted or run.passed or run.tree.cancelled):
            by = "llm" if run.pending.sender == "user" else "user"
            null = self._nodes(run, by, (Reply(text=NO_ANSWER),))
        stalled = not run.accepted and run.seconds_left > 0  # out of time it was cut off
        after = {"stall": run.stall + stalled, "turns": run.turns + 1, "accepted": False}
        run.record("step", null, tried=(), spare=(), passed=False, **after)

    async def _ask(self, run: Run, by: str) -> None:
        """Ask one candidate, or go on with the attempt that a crash or a wait interrupted."""
        again = run.asking is not None
        if not again:
            tried = (*run.tried, by)
            run.record("attempt", by=by, asking=(uuid4().hex, by), tried=tried, step_done=False)
            await run.tree.flush()
        if by in self.subs:
            said = await self._delegate(run, self.subs[by])
        elif run.tree.cancelled:
            said = ()
        elif again and by == "agent" and not all(self.handled(run.pending).values()):
            said = (failure(Refused("interrupted, outcome unknown")),)
        elif self.lost(run):
            said = (failure(Refused(f"Invalid recipient: {run.recipient}")),)
        else:
            said = await self._attempt(run, by)
        self._answer(run, by, said)

    def _answer(self, run: Run, by: str, said: tuple[Reply, ...]) -> None:
        """Judge and record the replies to one attempt (step 4 and 5)."""
        last, config = said[-1] if said else None, self.config
        passes = last is not None and last.signal in ("pass", "done_pass")
        nodes = () if passes else self._nodes(run, by, said)
        ends = config.done_if_no_response
        if last and not last.empty:  # a failure is no response of who failed
            ends = config.done_if_response if by == "agent" or not last.error else ()
        signalled = last is not None and last.signal in ("done", "done_pass", "final")
        data: dict[str, Any] = {"asking": None, "accepted": True, "passed": passes}
        data["step_done"] = signalled or any(same(by, name) for name in ends)
        data["tokens"] = run.tokens + sum(reply.usage.tokens for reply in said)
        data["cost"] = run.cost + sum(reply.usage.cost for reply in said)
        if nodes:
            data["stall"] = 0
        elif last and last.to:
            data["route"] = last.to
        if not self.valid(run, last, data, nodes):
            spare = [node.model_dump(mode="json") for node in nodes if NO_ANSWER in nodes[-1].text]
            data |= {"accepted": False, "stall": run.stall, "spare": spare or run.spare}
            nodes = ()
        run.record("reply", nodes, **data)

    def _nodes(self, run: Run, by: str, said: Iterable[Reply]) -> Nodes:
        """Turn replies into nodes below the pending one; an error is the agent's."""
        voiced = list[tuple[str, str, Reply]]()
        for reply in said:
            agents = "A" if reply.calls else "F" if reply.results else "S"
            sender = "agent" if reply.error else by
            voiced.append(({"llm": "A", "agent": agents}.get(sender, "U"), sender, reply))
        return chained(voiced, (run.pending,), run.id, run.task)

    async def _attempt(self, run: Run, by: str) -> tuple[Reply, ...]:
        """Ask in an asyncio task of its own; exceptions become replies (T22), but a NoInput."""
        attempt = run.tree.attempt = asyncio.ensure_future(self.ask(run, by))
        if run.given.get("ends"):
            wait = max(0, run.seconds_left + GRACE)
            asyncio.get_running_loop().call_later(wait, attempt.cancel)
        said: tuple[Reply, ...] | BaseException
        (said,) = await asyncio.gather(attempt, return_exceptions=True)
        if isinstance(said, asyncio.CancelledError):
            return ()
        if isinstance(said, Exception) and not (by == "user" and isinstance(said, NoInput)):
            return (failure(said),)
        if isinstance(said, BaseException):
            raise said
        return said

    async def _delegate(self, run: Run, sub: "Task[Any]") -> tuple[Reply, ...]:
        """Run the sub-task, or go on with the run this attempt began (task engine §3.4, §3.5)."""
        if run.recipient and not same(run.recipient, sub.name):
            return ()  # it would be skipped
        attempt = run.asking[0] if run.asking else ""
        known = (run for run in run.tree.runs.values() if run.given["attempt"] == attempt)
        child = next(known, None)
        if child is None:
            if len(run.line) > self.config.max_depth:
                return (failure(Refused(f"Tasks are nested deeper than {self.config.max_depth}.")),)
            child = sub.start(run.tree, uuid4().hex, caller=run, attempt=attempt)
        status = await sub.drive(child)
        if status in _SILENT or (status == "FIXED_TURNS" and not child.history):
            return ()
        result = sub.result(child, status)
        signal: Signal = "final" if child.pending.signal == "final" else ""
        return (Reply(text=result.content or "", to=result.to, value=result.value, signal=signal),)
