"""A task: configuration plus responders, and the algorithm of its runs (task engine §3.4)."""

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from typing import Any, Generic
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from mojodex_tui.backend.engine import replies
from mojodex_tui.backend.engine.chat import LLM, NoInput, Tool, ToolSpec, Turn, UserPort, chat
from mojodex_tui.backend.engine.log import Nodes, Run, StreamEvent, Tree
from mojodex_tui.backend.engine.nodes import (
    NO_ANSWER,
    Budget,
    Node,
    Reply,
    Said,
    Signal,
    Status,
    Structured,
    T,
    TaskConfig,
    TaskResult,
    ToolCall,
    Usage,
)
from mojodex_tui.backend.engine.replies import Refused, failure
from mojodex_tui.backend.engine.table import NOBODY, ROWS, SCHEMA, Row

_PUNCTUATION = str.maketrans("", "", ",.!?:")
GRACE = 2.0
"""Seconds that a responder is given to end once its run is to end (task engine §3.7)."""
_SILENT = {"STALLED", "MAX_TURNS", "INF_LOOP", "ERROR", "SKIPPED", "KILL", "USER_QUIT"}
_NO_CONTENT = {"STALLED", "MAX_TURNS", "INF_LOOP", "ERROR", "WAITING", "SKIPPED"}


def same(one: str, other: str) -> bool:
    """Compare names; case does not count."""
    return one.casefold() == other.casefold()


@dataclass(eq=False)
class Task(Generic[T]):
    """What a conversation is made of; shared, nested and run concurrently as you like."""

    name: str
    _: KW_ONLY
    llm: LLM | None
    user: UserPort | None = None
    tools: Sequence[Tool[Any]] = ()
    sub_tasks: Sequence["Task[Any]"] = ()
    config: TaskConfig = field(default_factory=TaskConfig)
    result_type: type[T] | None = None
    interpret: Callable[[dict[str, Any]], Reply] | None = None

    def __post_init__(self) -> None:
        self._sequences = [replies.sequence(text) for text in self.config.done_sequences]
        has_user = self.user is not None or self.config.default_human_response is not None
        self.interactive = self.config.interactive and has_user
        self.subs = {sub.name: sub for sub in self.sub_tasks}
        names = ["user", "agent", "llm", *(sub.name for sub in self.sub_tasks)]
        absent = {"user": not has_user, "llm": self.llm is None}
        self.responders = [by for by in names if not absent.get(by)]
        self.names = {by.casefold() for by in (self.name, *names)}
        if len({by.casefold() for by in names}) < len(names):
            raise ValueError(f"Two responders of {self.name} have the same name.")

    @cached_property
    def specs(self) -> list[ToolSpec]:
        """The tools the LLM may use."""
        return [tool.spec for tool in self.tools if tool.use]

    # --- who may answer

    def handled(self, run: Run) -> dict[str, Tool[Any]]:
        """Return the tools of the pending calls that this task's agent executes."""
        content = run.pending.content
        names = {call.name for call in content.calls} if isinstance(content, ToolCall) else set()
        return {tool.name: tool for tool in self.tools if tool.handle and tool.name in names}

    def may_answer(self, run: Run, responder: str) -> bool:
        """The responder is admitted for the run's pending node."""
        return self.row(run, responder) is not None

    def row(self, run: Run, responder: str) -> Row | None:
        """Return the table row by which this responder may answer the pending node (step 2)."""
        node, to, sub = run.pending, run.recipient, self.subs.get(responder)
        if to and to.casefold() not in self.names:
            return NOBODY if responder == "agent" else None
        if to and not same(to, responder) and not same(to, self.name):
            return None
        guards = self._guards(run, sub, named=same(to, responder))
        others, by = not same(node.sender, responder), "sub-task" if sub else responder
        admitted = (row for row in ROWS if row.responder == by and guards[row.guard])
        fits = (r for r in admitted if node.kind in r.kinds.split() and node.role in r.roles)
        return next((row for row in fits if row.own or others), None)

    def _guards(self, run: Run, sub: "Task[Any] | None", *, named: bool) -> dict[str, bool]:
        config, node = self.config, run.pending
        native = config.tool_mode == "native"
        asks = self.interpret is not None or replies.is_model(self.result_type)
        due = not native and (asks or any(tool.use for tool in self.tools))
        own = node.sender == "llm" and node.role == "A"
        evaluated = [known.kind for known in run.thread[-2:-1]] == ["structured"]
        other = sub.config if sub else config
        return {
            "always": True,
            "native": native,
            "structured": not native,
            "due": due,
            "none due": not due,
            "interactive or named": self.interactive or named,
            "agent handles it": bool(self.handled(run)),
            "no sub-task handles it": not any(task.handled(run) for task in self.sub_tasks),
            "this sub-task handles it": bool(sub and sub.handled(run)),
            "open to it": not other.tools_only and (named or not other.addressed_only),
            "fallback due": config.fallback is not None and (own or self.llm is None),
            "autonomous": config.autonomous and own and not evaluated,
        }

    # --- the judgements

    def step_done(self, reply: Reply | None, by: str) -> bool:
        """The reply sets the step's done flag (step 4); a failure is no response of the failed."""
        if reply is None or reply.empty:
            names = self.config.done_if_no_response
        else:
            names = self.config.done_if_response if by == "agent" or not reply.error else ()
        signalled = reply is not None and reply.signal in ("done", "done_pass", "final")
        return signalled or any(same(by, name) for name in names)

    def valid(self, run: Run, reply: Reply | None, data: dict[str, Any], nodes: Nodes) -> bool:
        """Accept the reply (step 5), which would be logged as this data and these nodes, or not."""
        if reply is None:
            return False
        text = nodes[-1].text.translate(_PUNCTUATION).strip() if nodes else ""
        if not reply.empty and text != NO_ANSWER:
            return True
        trial = copy(run)
        trial.fold(data, nodes)
        return self.done(trial) is not None

    def done(self, run: Run) -> Status | None:
        """Return the status the pending node ends the run with: the first clause that applies."""
        config, node, tree = self.config, run.pending, run.tree
        budget = Budget.model_validate(tree.runs[tree.id].given["budget"])
        spent = [other for other in tree.runs.values() if other.id != run.id] + [run]
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
            ("MAX_COST", 0 < budget.max_cost < sum(other.cost for other in spent)),
            ("MAX_TOKENS", 0 < budget.max_tokens < sum(other.tokens for other in spent)),
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

    def verdict(self, run: Run) -> Status | None:
        """Return the status to leave with after a step: done, turn limits (§1.5), loops (§3.4)."""
        limits = [limit for limit in (run.given["turns"], run.tree.max_turns) if limit > 0]
        spent: Status = "MAX_TURNS" if run.turns == run.tree.max_turns else "FIXED_TURNS"
        length, factor = self.config.inf_loop_cycle_len, self.config.inf_loop_wait_factor
        due = length > 0 and run.turns % length == 0 and len(run.replies) >= length * factor
        sizes = range(1, length + 1) if due else ()
        loops = any(len(set(run.replies[-factor * size :])) == size for size in sizes)
        if status := self.done(run):
            return status
        if run.turns >= min(limits, default=run.turns + 1):
            return spent
        return "INF_LOOP" if loops or run.alternations > factor else None

    def result(self, run: Run, status: Status) -> TaskResult[Any]:
        """Return how the run ended, with the pending node's text and value, if there are any."""
        node, said = run.pending, {}
        if status not in _NO_CONTENT:
            text = node.text if node.result_text is None else node.result_text
            value = replies.typed(node, text, self.result_type)
            said = {"content": text, "to": node.to, "value": value}
        return TaskResult[Any](status=status, node=node, run=run.id, **said)

    # --- the steps

    def start(
        self, tree: Tree, run: str, nodes: Nodes = (), caller: Run | None = None, **given: object
    ) -> Run:
        """Record the start of a run; a sub-run appends no node."""
        config = self.config
        if given.get("turns", -1) == -1 and config.single_round:
            given["turns"] = 2 if config.llm_delegate else 1
        ends = [caller.given.get("ends")] if caller else []
        ends += [time.time() + config.timeout] if config.timeout is not None else []
        given |= {"caller": caller.id if caller else "", "erase": config.erase_substeps}
        given |= {"ends": min(filter(None, ends), default=None)}
        given["forget"] = caller is not None and config.restart_as_subtask
        tree.record(run, self.name, "start", nodes, **{"attempt": "", "turns": -1, **given})
        return tree.runs[run]

    async def drive(self, run: Run) -> Status:
        """Step until the run ends; raises NoInput if it waits for a user."""
        while run.status is None:
            status = self.verdict(run) if run.turns and not run.tried else None
            if status is not None:
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
        stall, empty = run.stall + (not run.accepted), {"tried": (), "spare": (), "passed": False}
        run.record("step", null, turns=run.turns + 1, stall=stall, accepted=False, **empty)

    async def _ask(self, run: Run, by: str) -> None:
        """Ask one candidate, or go on with the attempt that a crash or a wait interrupted."""
        again = run.asking is not None
        if not again:
            tried = (*run.tried, by)
            run.record("attempt", by=by, asking=(uuid4().hex, by), tried=tried, step_done=False)
            await run.tree.flush()
        safe = by != "agent" or all(tool.idempotent for tool in self.handled(run).values())
        if by in self.subs:
            said = await self._delegate(run, self.subs[by])
        elif run.tree.cancelled:
            said = ()
        elif again and not safe:
            said = (failure(Refused("interrupted, outcome unknown")),)
        else:
            said = await self._attempt(run, by)
        self._answer(run, by, said)

    def _answer(self, run: Run, by: str, said: tuple[Reply, ...]) -> None:
        """Judge and record the replies to one attempt (step 4 and 5)."""
        last = said[-1] if said else None
        passes = last is not None and last.passes
        nodes = () if passes else self._nodes(run, by, said)
        spent = sum((reply.usage for reply in said), Usage())
        data: dict[str, Any] = {
            "asking": None,
            "accepted": True,
            "passed": passes,
            "step_done": self.step_done(last, by),
            "tokens": run.tokens + spent.tokens,
            "cost": run.cost + spent.cost,
        }
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
        nodes = [run.pending]
        for reply in said:
            agents = "A" if reply.calls else "F" if reply.results else "S"
            sender = "agent" if reply.error else by
            role = {"llm": "A", "agent": agents}.get(sender, "U")
            kept = {name: getattr(reply, name) for name in Said.model_fields}
            kept |= {"role": role, "sender": sender, "content": reply.content}
            nodes.append(Node(run=run.id, task=run.task, parent=nodes[-1].id, **kept))
        return tuple(nodes[1:])

    async def _attempt(self, run: Run, by: str) -> tuple[Reply, ...]:
        """Ask in an asyncio task of its own; exceptions become replies (T22)."""
        row, tree = self.row(run, by), run.tree
        if row is None:
            return ()

        def emit(text: str, channel: str = "message") -> None:
            tree.tell(StreamEvent("token", self.name, text, channel))

        after = "" if self.interpret else self._prompt(row)
        thread = chat(run.thread, self.config.system_message, after)
        turn = Turn(run.pending, thread, emit, lambda: tree.cancelled or run.seconds_left <= 0)
        attempt = tree.attempt = asyncio.ensure_future(self.ask(run, row, turn))
        if run.given.get("ends"):
            wait = max(0, run.seconds_left + GRACE)
            asyncio.get_running_loop().call_later(wait, attempt.cancel)
        said: tuple[Reply, ...] | BaseException
        (said,) = await asyncio.gather(attempt, return_exceptions=True)
        if isinstance(said, asyncio.CancelledError):
            return ()
        if isinstance(said, Exception) and not (by == "user" and isinstance(said, NoInput)):
            return (failure(said, turn.executed).model_copy(update={"usage": turn.spent}),)
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
            if run.depth >= self.config.max_depth:
                return (failure(Refused(f"Tasks are nested deeper than {run.depth}.")),)
            child = sub.start(run.tree, uuid4().hex, caller=run, attempt=attempt)
        status = await sub.drive(child)
        if status in _SILENT or (status == "FIXED_TURNS" and not child.history):
            return ()
        result = sub.result(child, status)
        signal: Signal = "final" if child.pending.signal == "final" else ""
        return (Reply(text=result.content or "", to=result.to, value=result.value, signal=signal),)

    # --- the responders

    async def ask(self, run: Run, row: Row, turn: Turn) -> tuple[Reply, ...]:
        """Return what the row's responder says: nothing, a reply, or a reply and what it means."""
        if row.responder == "llm":
            return await self._ask_llm(row, turn)
        if row is NOBODY:
            raise Refused(f"Invalid recipient: {run.recipient}")
        if row.responder == "user":
            reply = await self._ask_user(run)
        elif isinstance(run.pending.content, ToolCall):
            reply = await self._execute(run, run.pending.content, turn)
        else:
            reply = await self._fall_back(run.pending)
        return () if reply is None else (reply,)

    async def _ask_llm(self, row: Row, turn: Turn) -> tuple[Reply, ...]:
        if self.llm is None:
            return ()
        native = self.config.tool_mode == "native"
        tools = self.specs if native else []
        heard = await self.llm.complete(
            turn.thread, tools=tools, emit=turn.emit, cancelled=turn.cancelled
        )
        turn.spent = heard.usage
        reply = self._signalled(heard)
        if heard.calls or heard.signal:
            return (reply,)
        if not native and not heard.text.strip():
            raise Refused("The reply is empty.")
        data = replies.mapping(heard.text) if row.structured else {}
        marked = heard.text.lstrip().startswith(("DONE", "__PASS__", "__SEND__"))
        if not row.structured or (reply != heard and (marked or not data)):
            return (reply,)
        if not data:
            raise Refused("The reply is no mapping, neither in JSON nor in YAML.")
        return self._read(heard, data)

    def _prompt(self, row: Row) -> str:
        """Return the instruction for this turn, and the schemas of what is asked for."""
        if not row.structured:
            return row.prompt
        kind, offered = "", ""
        for tool in self.specs:
            offered += f"\nTool {tool.name}: {tool.description} {json.dumps(tool.parameters)}"
        if self.result_type is not None:
            schema = json.dumps(TypeAdapter[object](self.result_type).json_schema())
            kind = f"\nThe final answer follows this schema: {schema}"
        return row.prompt + (SCHEMA if offered or not kind else "") + offered + kind

    def _signalled(self, reply: Reply) -> Reply:
        names = {tool.name for tool in self.tools}
        return replies.signalled(reply, names, words=self.config.string_signals)

    def _read(self, heard: Reply, data: dict[str, Any]) -> tuple[Reply, ...]:
        """Return a structured reply and its meaning: the task's own, a result, or T4 to T7."""
        fields = replies.plain(data)
        first = heard.model_copy(update={"structured": Structured(raw=heard.text, data=fields)})
        try:
            if self.interpret is not None:
                return first, self.interpret(fields)
            if (call := replies.wanted_call(fields)) is not None:
                return first, self._signalled(Reply(calls=(call,)))
            if self.result_type is not None and replies.is_model(self.result_type):
                value = replies.validated(data, self.result_type)
                return (first.model_copy(update={"signal": "done", "value": value}),)
        except (Refused, ValidationError) as error:
            return first, failure(error)
        answer = replies.as_text(fields.get("answer") or "")
        said = self._signalled(Reply(text=answer, to=first.to))
        return (first, said) if answer.strip() else (first,)

    async def _ask_user(self, run: Run) -> Reply | None:
        """Ask the person; a message that resumed the run is the answer, blank input is none."""
        text, run.tree.inbox = run.tree.inbox, None
        if text is None:
            text = self.config.default_human_response
        if text is None and self.user is not None:
            text = await self.user.ask(run.pending)
        return self._signalled(Reply(text=text)) if text and text.strip() else None

    async def _execute(self, run: Run, pending: ToolCall, turn: Turn) -> Reply | None:
        """Execute all calls of the pending node, in order, if every one is valid (T8, T9)."""
        handled, checked, done = self.handled(run), [], []
        elsewhere = {name for sub in self.sub_tasks for name in sub.handled(run)}
        for call in pending.calls:
            if tool := handled.get(call.name):
                checked.append((call, tool, tool.args.model_validate(call.args)))
            elif call.name not in elsewhere:
                names = ", ".join(spec.name for spec in self.specs) or "none"
                raise Refused(f"Unknown tool: {call.name}. Available tools: {names}.")
        for call, tool, args in checked:
            done.append((call, await tool.handler(args, turn)))
            turn.executed.append(f"Result from {call.name}: {replies.as_text(done[-1][1])}")
        return replies.outcome(done)

    async def _fall_back(self, node: Node) -> Reply | None:
        """Answer for an LLM that called no tool: remind, end, hand over, or as programmed."""
        match self.config.fallback:
            case "done":
                return Reply(text=node.text, signal="done")
            case "user":
                return Reply(signal="pass", to="user")
            case str(text):
                return Reply(text=text)
            case None:
                return None
            case function:
                return await function(node)
