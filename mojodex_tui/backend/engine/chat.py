"""What responders are and what they are shown (task engine §3.3, §3.4)."""

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, Protocol, TypeAlias, TypeVar

from pydantic import BaseModel

from mojodex_tui.backend.engine import nodes
from mojodex_tui.backend.engine.nodes import Node, Reply, Usage

A = TypeVar("A", bound=BaseModel)
Cancelled: TypeAlias = Callable[[], bool]


class NoInput(Exception):
    """Nobody is there to answer yet; the run waits (task engine §3.5)."""


class Emit(Protocol):
    """Streams a piece of a reply that is still being written."""

    def __call__(self, text: str, channel: str = "message") -> None:
        """Stream the piece."""


@dataclass(frozen=True)
class ChatTurn:
    """One turn of the thread; `text` says all, the other fields say it for APIs that know more."""

    role: Literal["system", "user", "assistant", "tool"]
    text: str
    calls: tuple[nodes.Call, ...] = ()
    results: tuple[nodes.Result, ...] = ()
    files: tuple[nodes.FileRef, ...] = ()


@dataclass
class Turn:
    """One question to a responder. `spent` and `executed` keep what happened before a failure."""

    node: Node
    thread: list[ChatTurn]
    emit: Emit
    cancelled: Cancelled
    spent: Usage = field(default_factory=Usage)
    executed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ToolSpec:
    """A tool as it is declared to an LLM."""

    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Tool(Generic[A]):
    """A tool: the LLM may call it (`use`), this task's agent executes it (`handle`).

    The handler returns text, any JSON value, None (no reply), or an outcome of `replies`.
    """

    name: str
    args: type[A]
    handler: Callable[[A, Turn], Awaitable[object]]
    description: str = ""
    use: bool = True
    handle: bool = True
    idempotent: bool = False

    @property
    def spec(self) -> ToolSpec:
        """The declaration."""
        return ToolSpec(self.name, self.description, self.args.model_json_schema())


class LLM(Protocol):
    """A model; transport errors are retried behind it (task engine §3.8)."""

    async def complete(
        self, thread: list[ChatTurn], *, tools: list[ToolSpec], emit: Emit, cancelled: Cancelled
    ) -> Reply:
        """Write the next turn; when cancelled, return what is there with `partial` set."""
        ...


class UserPort(Protocol):
    """Where a person answers."""

    async def ask(self, node: Node) -> str | None:
        """Return the person's text, None or blank for no answer; raise NoInput to wait for it."""


class AbsentUser:
    """A user who answers only through `Engine.resume`."""

    async def ask(self, node: Node) -> str | None:
        """Let the run wait."""
        raise NoInput(node.text)


def chat(thread: Iterable[Node], before: str, after: str) -> list[ChatTurn]:
    """Return everything on the thread as turns, between two instructions if these are not blank."""
    turns = [ChatTurn("system", before), *map(_turn, thread), ChatTurn("system", after)]
    return [turn for turn in turns if turn.text.strip()]


def _turn(node: Node) -> ChatTurn:
    own: Literal["assistant", "user"] = "assistant" if node.sender == "llm" else "user"
    match node.content:
        case nodes.ToolCall(calls=calls, said=said):
            shown = (f"call {c.name} {json.dumps(c.args, ensure_ascii=False)}" for c in calls)
            return ChatTurn(own, "\n".join((said, *shown)).lstrip("\n"), calls=calls)
        case nodes.ToolResult(results=results):
            # a blank result is shown too: a call without an answer would break the thread
            return ChatTurn("tool", node.text or "(nothing)", results=results)
        case nodes.Files(files=files):
            return ChatTurn(own, node.text, files=files)
    return ChatTurn(own, node.text)
