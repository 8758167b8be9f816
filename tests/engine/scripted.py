"""Responders that say what a case's script tells them (task engine §4.1)."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, create_model

from mojodex_tui.backend.chat.outcomes import Done, Final, Pass, Send
from mojodex_tui.backend.chat.ports import ChatTurn, Emit, Tool, ToolSpec, Turn
from mojodex_tui.backend.chat.task import ChatTask
from mojodex_tui.backend.engine.log import NoInput
from mojodex_tui.backend.engine.nodes import Call, Node, Reply, TaskConfig, Usage

TYPES: dict[str, Any] = {"int": int, "str": str, "float": float, "bool": bool, "any": Any}


class Crash(BaseException):
    """The process dies here."""


class Scripted(Exception):
    """The script wants this responder to fail."""


@dataclass
class Script:
    """All replies of a case, and what was asked for so far."""

    replies: dict[str, Any]
    kill: Callable[[], Awaitable[None]]
    calls: list[str] = field(default_factory=list)
    seen: dict[str, list[list[str]]] = field(default_factory=dict)
    crash_at: int = 0
    _position: dict[str, int] = field(default_factory=dict)

    async def next(self, name: str, key: str) -> Any:  # noqa: ANN401 - JSON of a case
        """Return the next scripted reply, after doing what it says besides replying."""
        self.calls.append(name)
        if len(self.calls) == self.crash_at:
            raise Crash
        reply = self._pick(self.replies.get(name, []), name, key)
        if isinstance(reply, dict):
            if reply.get("kill"):
                await self.kill()
            if "error" in reply:
                raise Scripted(reply["error"])
            if reply.get("suspend"):
                raise NoInput(name)
        return reply

    def _pick(self, script: Any, name: str, key: str) -> Any:  # noqa: ANN401 - JSON of a case
        if isinstance(script, dict) and "map" in script:
            return script["map"].get(key, script.get("default"))
        replies, then = (
            (script["replies"], script.get("then", "none"))
            if isinstance(script, dict)
            else (script, "none")
        )
        position = self._position.get(name, 0)
        self._position[name] = position + 1
        if position < len(replies):
            return replies[position]
        if then == "none" or not replies:
            return None
        return replies[-1] if then == "repeat" else replies[position % len(replies)]


def _usage(reply: dict[str, Any]) -> Usage:
    return Usage.model_validate(reply.get("usage", {}))


def as_reply(reply: object) -> Reply:
    """Read an LLM's scripted reply."""
    if not isinstance(reply, dict):
        return Reply(text=str(reply or ""))
    usage, to = _usage(reply), reply.get("to", "")
    if "done" in reply:
        return Reply(text=str(reply["done"]), signal="done", usage=usage, to=to)
    if reply.get("pass"):
        return Reply(signal="pass", to=to, usage=usage)
    if "send" in reply:
        return Reply(text=reply["send"], to=to, usage=usage)
    if "final" in reply:
        return Reply(signal="final", value=reply["final"], usage=usage)
    if "structured" in reply:
        return Reply(text=json.dumps(reply["structured"]), to=to, usage=usage)
    given = reply.get("calls", [reply] if "call" in reply else [])
    calls = tuple(
        Call.model_validate(
            {"id": f"c{i}", "name": c.get("call", c.get("name")), "args": c.get("args", {})}
        )
        for i, c in enumerate(given)
    )
    text = reply.get("text") or ""
    if not text and not calls:
        text = "".join(reply.get("chunks", []))
    return Reply(text=text, calls=calls, to=to, usage=usage)


@dataclass
class ScriptedLlm:
    """Says the script's replies, and keeps what it was shown."""

    name: str
    script: Script

    async def complete(
        self,
        thread: list[ChatTurn],
        *,
        tools: list[ToolSpec],
        emit: Emit,
        cancelled: Callable[[], bool],
    ) -> Reply:
        """Reply."""
        shown = [
            ["assistant" if turn.role == "assistant" else "user", turn.text]
            for turn in thread
            if turn.role != "system"
        ]
        self.script.seen[self.name] = shown
        reply = await self.script.next(self.name, shown[-1][1] if shown else "")
        for chunk in reply.get("chunks", []) if isinstance(reply, dict) else []:
            emit(chunk)
        return as_reply(reply)


@dataclass
class ScriptedUser:
    """Types the script's replies."""

    name: str
    script: Script

    async def ask(self, node: Node) -> str | None:
        """Answer."""
        reply = await self.script.next(self.name, node.text)
        if isinstance(reply, dict):
            return str(reply["text"]) if reply.get("text") is not None else None
        return None if reply is None else str(reply)


def scripted_tool(task: str, spec: dict[str, Any], script: Script) -> Tool[BaseModel]:
    """Return a tool whose outcomes the script gives; all parameters are required."""
    fields: dict[str, Any] = {name: (TYPES[kind], ...) for name, kind in spec["params"].items()}
    model = create_model(spec["name"], __config__=ConfigDict(extra="forbid"), **fields)
    name = f"{task}.tool.{spec['name']}"

    async def handle(args: BaseModel, turn: Turn) -> object:
        reply = await script.next(name, json.dumps(args.model_dump()))
        if not isinstance(reply, dict):
            return reply
        if "done" in reply:
            return Done(reply["done"])
        if reply.get("pass"):
            return Pass(reply.get("to", ""))
        if "send" in reply:
            return Send(reply["to"], reply["send"])
        if "final" in reply:
            return Final(reply["final"])
        return reply.get("text", reply)

    flags = {key: spec[key] for key in ("use", "handle", "idempotent") if key in spec}
    return Tool(spec["name"], model, handle, **flags)


def build_task(spec: dict[str, Any], script: Script) -> ChatTask[Any]:
    """Build a case's task and its sub-tasks."""
    name = spec["name"]
    return ChatTask(
        name,
        llm=ScriptedLlm(f"{name}.llm", script) if spec.get("llm", True) else None,
        user=ScriptedUser(f"{name}.user", script),
        tools=[scripted_tool(name, tool, script) for tool in spec.get("tools", [])],
        sub_tasks=[build_task(sub, script) for sub in spec.get("sub_tasks", [])],
        config=TaskConfig.model_validate(spec.get("config", {})),
    )
