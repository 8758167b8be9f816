"""A task: configuration plus responders, and its judgements on a run (task engine §3.4)."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Generic

from pydantic import ValidationError

from mojodex_tui.backend.engine import replies
from mojodex_tui.backend.engine.chat import LLM, Tool, ToolSpec, Turn, UserPort
from mojodex_tui.backend.engine.log import Event, Run
from mojodex_tui.backend.engine.nodes import (
    NO_ANSWER,
    Budget,
    Node,
    Reply,
    Status,
    Structured,
    T,
    TaskConfig,
    TaskResult,
    ToolCall,
    text_of,
)
from mojodex_tui.backend.engine.replies import Refused, failure
from mojodex_tui.backend.engine.table import ROWS, Row

_NO_CONTENT = {"STALLED", "MAX_TURNS", "INF_LOOP", "ERROR", "WAITING", "SKIPPED"}
_NATIVE = ("user", "agent", "llm")


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
        names = [*_NATIVE, *(sub.name for sub in self.sub_tasks)]
        absent = {"user": not has_user, "llm": self.llm is None}
        self.responders = [by for by in names if not absent.get(by)]
        self.names = {by.casefold() for by in (self.name, *names)}
        if len({by.casefold() for by in names}) < len(names):
            raise ValueError(f"Two responders of {self.name} have the same name.")

    def sub_task(self, name: str) -> "Task[Any] | None":
        """Return the sub-task of this name."""
        return next((sub for sub in self.sub_tasks if same(sub.name, name)), None)

    @property
    def specs(self) -> list[ToolSpec]:
        """The tools the LLM may use."""
        return [tool.spec for tool in self.tools if tool.use]

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
        node, to, sub = run.pending, run.recipient, self.sub_task(responder)
        if to and not same(to, responder) and not same(to, self.name):
            return None
        guards = self._guards(run, sub, named=same(to, responder))
        others = not same(node.sender, responder)
        by = "sub-task" if sub else responder
        admitted = (row for row in ROWS if row.responder == by and guards[row.guard])
        fits = (r for r in admitted if node.kind in r.kinds.split() and node.role in r.roles)
        return next((row for row in fits if row.own or others), None)

    def _guards(self, run: Run, sub: "Task[Any] | None", *, named: bool) -> dict[str, bool]:
        """Return which guards of the table hold."""
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
            "none due": not native and not due,
            "interactive or named": self.interactive or named,
            "agent handles it": bool(self.handled(run)),
            "no sub-task handles it": not any(task.handled(run) for task in self.sub_tasks),
            "this sub-task handles it": bool(sub and sub.handled(run)),
            "open to it": not other.tools_only and (named or not other.addressed_only),
            "fallback due": config.fallback is not None and (own or self.llm is None),
            "autonomous": config.autonomous and own and not evaluated,
        }

    def step_done(self, reply: Reply | None, by: str) -> bool:
        """The reply sets the step's done flag (step 4)."""
        empty = reply is None or reply.empty
        names = self.config.done_if_no_response if empty else self.config.done_if_response
        signalled = reply is not None and reply.signal in ("done", "done_pass", "final")
        return signalled or any(same(by, name) for name in names)

    def valid(self, run: Run, reply: Reply | None, accepted: Event) -> bool:
        """Accept the reply, or not (step 5); `accepted` is the event that would accept it."""
        if reply is None:
            return False
        text = text_of(reply.content).translate(str.maketrans("", "", ",.!?:")).strip()
        if not reply.empty and text != NO_ANSWER:
            return True
        trial = copy(run)
        trial.apply(accepted)
        return self.done(trial) is not None

    def done(self, run: Run) -> Status | None:
        """Return the status the pending node ends the run with: the first clause that applies."""
        config, node, tree = self.config, run.pending, run.tree
        usage = tree.usage(run)
        budget = Budget.model_validate(tree.runs[tree.id].given["budget"])
        late = timedelta(seconds=config.timeout) if config.timeout is not None else timedelta.max
        clauses: tuple[tuple[Status, bool], ...] = (
            ("KILL", tree.cancelled),
            ("DONE", config.done_if_tool and node.kind == "tool_call"),
            ("DONE", any(replies.ends_with(run.history, events) for events in self._sequences)),
            ("STALLED", run.stall >= config.max_stalled_steps),
            ("ERROR", run.errors >= config.max_errors),
            ("MAX_COST", 0 < budget.max_cost < usage.cost),
            ("MAX_TOKENS", 0 < budget.max_tokens < usage.tokens),
            ("TIMEOUT", datetime.now(UTC) - run.began >= late),
            ("DONE", node.signal == "final"),
        )
        return next((status for status, holds in clauses if holds), None) or self._ended(run)

    def _ended(self, run: Run) -> Status | None:
        """Clauses 8 to 11; the start node carries no signal that counts."""
        node, config = run.pending, self.config
        done = bool(run.history) and node.signal == "done"
        quits = bool(run.history) and node.sender == "user"
        quits = quits and (done or node.text.strip() in replies.QUIT_WORDS)
        guarded = run.caller is None and config.only_user_quits_root
        if guarded and (self.interactive or same(node.to, "user")):
            return "USER_QUIT" if quits else None
        if quits and not run.step_done:
            return "USER_QUIT"
        back = run.caller and run.history and same(node.to, run.caller.task)
        idle = config.idle == "finish" and (node.kind, node.role) == ("message", "A")
        idle = idle and not any(self.may_answer(run, by) for by in self.responders)
        return "DONE" if run.step_done or done or back or idle else None

    def turn_limit(self, run: Run, cap: int) -> int:
        """Return how many turns the run may take, 0 for any number (task engine §1.5)."""
        return min((limit for limit in (run.given["turns"], cap) if limit > 0), default=0)

    def verdict(self, run: Run, cap: int) -> Status | None:
        """Return the status to leave with after a step: done, turn limits, loops."""
        if status := self.done(run):
            return status
        limit = self.turn_limit(run, cap)
        if limit and run.step >= limit:
            return "MAX_TURNS" if run.step == cap else "FIXED_TURNS"
        length, factor = self.config.inf_loop_cycle_len, self.config.inf_loop_wait_factor
        due = length > 0 and run.step % length == 0 and len(run.replies) >= length * factor
        sizes = range(1, length + 1) if due else ()
        cycles = any(len(set(run.replies[-factor * m :])) == m for m in sizes)
        return "INF_LOOP" if cycles or run.alternations > factor else None

    def result(self, run: Run, status: Status) -> TaskResult[Any]:
        """Return how the run ended, with the pending node's text and value, if there are any."""
        node = run.pending
        ended = TaskResult[Any](status=status, node=node, run=run.id)
        if status in _NO_CONTENT:
            return ended
        text = node.text if node.result_text is None else node.result_text
        value = replies.typed(node, text, self.result_type)
        return ended.model_copy(update={"content": text, "to": node.to, "value": value})

    async def ask(self, run: Run, row: Row, turn: Turn) -> tuple[Reply, ...]:
        """Return what the row's responder says: nothing, a reply, or a reply and what it means."""
        if row.responder == "llm":
            return await self._ask_llm(row, turn)
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
        heard = await self.llm.complete(
            turn.thread,
            tools=self.specs if native else [],
            emit=turn.emit,
            cancelled=turn.cancelled,
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

    def _signalled(self, reply: Reply) -> Reply:
        """Turn signal calls and, unless switched off, text signals into fields."""
        reply = replies.call_signal(reply, {tool.name for tool in self.tools})
        return replies.translate(reply) if self.config.string_signals else reply

    def _read(self, heard: Reply, data: dict[str, Any]) -> tuple[Reply, ...]:
        """Return a structured reply and its meaning: the task's own, a result, or T4 to T7."""
        fields = replies.plain(data)
        structured = Structured(raw=heard.text, data=fields)
        first = heard.model_copy(update={"structured": structured})
        try:
            if self.interpret is not None:
                return first, self.interpret(fields)
            choice = replies.Choice.model_validate(fields)
            if choice.use_tool and choice.try_again is not False:
                return first, self._signalled(Reply(calls=(choice.call,)))
            if self.result_type is not None and replies.is_model(self.result_type):
                value = replies.validated(data, self.result_type)
                return (first.model_copy(update={"signal": "done", "value": value}),)
        except (Refused, ValidationError) as error:
            return first, failure(error)
        answer = replies.as_text(choice.answer or "")
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
