"""A task whose parties are a language model, a person and tools (task engine §3.3, §3.4)."""

import json
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mojodex_tui.backend.chat import reading
from mojodex_tui.backend.chat.outcomes import as_text, outcome
from mojodex_tui.backend.chat.ports import LLM, Tool, ToolSpec, Turn, UserPort, chat
from mojodex_tui.backend.chat.signals import SIGNAL_CALLS, signalled
from mojodex_tui.backend.engine.log import Run, StreamEvent
from mojodex_tui.backend.engine.nodes import Node, Reply, Status, T, TaskResult
from mojodex_tui.backend.engine.replies import Refused, failure
from mojodex_tui.backend.engine.task import Task

SCHEMA = (
    "Answer with one JSON or YAML mapping: thoughts, use_tool (yes/no), "
    "command {name, arguments}, try_again (yes/no), answer (text for the user)."
)
CLOSING = "Write the closing answer for the user, as plain text."
STRUCTURED = {
    "U": "Decide whether a tool is needed to answer the user. ",
    "F": "Look at the tool result: did it fail, does it suffice, is another call needed? ",
    "S": "Something failed. Say whether it can be corrected, and correct it if so. ",
    "A": "Look at your last message: is there more to do for it? ",
}
"""What a model is told before it gives a structured reply, by the role of what it answers."""


@dataclass(eq=False)
class ChatTask(Task[T]):
    """A task that asks a language model and a person, and executes tools."""

    _: KW_ONLY
    llm: LLM | None
    user: UserPort | None = None
    tools: Sequence[Tool[Any]] = ()
    interpret: Callable[[dict[str, Any]], Reply] | None = None

    def parties(self) -> list[str]:
        """Return who is there; a constant answer is a user too."""
        has_user = self.user is not None or self.config.default_human_response is not None
        present = {"user": has_user, "agent": True, "llm": self.llm is not None}
        return [party for party, there in present.items() if there]

    def handled(self, node: Node) -> dict[str, bool]:
        """Return which of the node's calls are of tools of this task."""
        names = {call.name for call in node.calls}
        own = (tool for tool in self.tools if tool.handle and tool.name in names)
        return {tool.name: tool.idempotent for tool in own}

    def result(self, run: Run, status: Status) -> TaskResult[T]:
        """Return how the run ended; the value is of the wanted type, or None."""
        told = super().result(run, status)
        if told.content is None:
            return told
        value = reading.typed(run.pending, told.content, self.result_type)
        return told.model_copy(update={"value": value})

    async def ask(self, run: Run, by: str) -> tuple[Reply, ...]:
        """Ask the model, the person, or the agent: that is tools and the fallback."""
        if by == "llm":
            return await self._ask_llm(run)
        if by == "user":
            reply = await self._ask_user(run)
        elif run.pending.calls:
            reply = await self._execute(self._turn(run))
        else:
            reply = await self._fall_back(run.pending)
        return () if reply is None else (reply,)

    @cached_property
    def _specs(self) -> list[ToolSpec]:
        return [tool.spec for tool in self.tools if tool.use]

    @property
    def _typed(self) -> bool:
        return self.result_type not in (None, str, int, float, bool)

    def _turn(self, run: Run, prompt: str = "") -> Turn:
        """Return the question to a responder, who is shown the thread and then the prompt."""
        thread = chat(run.thread, self.config.system_message, prompt)
        tree = run.tree

        def emit(text: str, channel: str = "message") -> None:
            tree.tell(StreamEvent("token", run.task, text, channel))

        return Turn(run.pending, thread, emit, lambda: tree.cancelled or run.seconds_left <= 0)

    def _prompt(self, run: Run) -> tuple[str, bool]:
        """Return what the model is told now, and whether its reply is to be structured (T1 to T18).

        The schemas of what is asked for are part of it.
        """
        node, wanted = run.pending, self.config.tool_mode == "structured"
        if node.kind == "structured":
            return CLOSING, False
        if node.role == "U":
            wanted = wanted and bool(self.interpret or self._typed or self._specs)
        if not (wanted or node.role == "A"):
            return "", False
        kind, offered = "", ""
        for tool in self._specs:
            offered += f"\nTool {tool.name}: {tool.description} {json.dumps(tool.parameters)}"
        if self.result_type is not None:
            schema = json.dumps(TypeAdapter[object](self.result_type).json_schema())
            kind = f"\nThe final answer follows this schema: {schema}"
        told = STRUCTURED[node.role] + (SCHEMA if offered or not kind else "") + offered + kind
        return told, True

    async def _ask_llm(self, run: Run) -> tuple[Reply, ...]:
        """Ask the model, and read what it wrote the way it was told to write it."""
        if self.llm is None:
            return ()
        prompt, structured = self._prompt(run)
        turn = self._turn(run, "" if self.interpret else prompt)
        native = self.config.tool_mode == "native"
        tools = self._specs if native else []
        heard = await self.llm.complete(
            turn.thread, tools=tools, emit=turn.emit, cancelled=turn.cancelled
        )
        reply = self._signalled(heard)
        if heard.calls or heard.signal:
            return (reply,)
        if not native and not heard.text.strip():
            return (failure(Refused("The reply is empty."), usage=heard.usage),)
        data = reading.mapping(heard.text) if structured else {}
        marked = heard.text.lstrip().startswith(("DONE", "__PASS__", "__SEND__"))
        if not structured or (reply != heard and (marked or not data)):
            return (reply,)
        if not data:
            refused = Refused("The reply is no mapping, neither in JSON nor in YAML.")
            return (failure(refused, usage=heard.usage),)
        return self._read(heard, data)

    def _signalled(self, reply: Reply) -> Reply:
        """Turn a lone signal call and, if they count, text signals into fields (§3.4)."""
        name = reply.calls[0].name if len(reply.calls) == 1 else ""
        if name in SIGNAL_CALLS and name not in {tool.name for tool in self.tools}:
            args = reply.calls[0].args
            to, said = str(args.get("to", args.get("agent", ""))), as_text(args.get("content", ""))
            fields = {"calls": (), "to": to, "text": said, "signal": SIGNAL_CALLS[name]}
            reply = reply.model_copy(update=fields)
        words = self.config.string_signals and not (reply.calls or reply.signal)
        return signalled(reply) if words else reply

    def _read(self, heard: Reply, data: dict[str, Any]) -> tuple[Reply, ...]:
        """Return a structured reply and its meaning: the task's own, a result, or T4 to T7."""
        fields = reading.plain(data)
        first = heard.model_copy(update={"data": fields})
        try:
            if self.interpret is not None:
                return first, self.interpret(fields)
            if (call := reading.wanted_call(fields)) is not None:
                return first, self._signalled(Reply(calls=(call,)))
            if self.result_type is not None and self._typed:
                value = reading.validated(data, self.result_type)
                return (first.model_copy(update={"signal": "done", "value": value}),)
        except (Refused, ValidationError) as error:
            return first, failure(error)
        except Exception as error:  # noqa: BLE001 - what the task's own reading raises costs too (T22)
            return (failure(error, usage=heard.usage),)
        answer = as_text(fields.get("answer") or "")
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

    async def _execute(self, turn: Turn) -> Reply | None:
        """Execute all calls of the pending node, in order, if every one is valid (T8, T9)."""
        own = {tool.name: tool for tool in self.tools if tool.handle}
        elsewhere = {name for sub in self.sub_tasks for name in sub.handled(turn.node)}
        checked, done, executed = [], [], list[str]()
        for call in turn.node.calls:
            if tool := own.get(call.name):
                checked.append((call, tool, tool.args.model_validate(call.args)))
            elif call.name not in elsewhere:
                names = ", ".join(spec.name for spec in self._specs) or "none"
                raise Refused(f"Unknown tool: {call.name}. Available tools: {names}.")
        try:
            for call, tool, args in checked:
                done.append((call, await tool.handler(args, turn)))
                executed.append(f"Result from {call.name}: {as_text(done[-1][1])}")
        except Exception as error:  # noqa: BLE001 - whatever a tool raises is told to the model (T22)
            failed = failure(error)
            return failed.model_copy(update={"text": "\n\n".join((*executed, failed.text))})
        return outcome(done)

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
