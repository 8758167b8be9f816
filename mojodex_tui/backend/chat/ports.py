"""Language models, people and tools, and what they are shown (task engine §3.3, §3.4)."""

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel

from mojodex_tui.backend.engine.log import NoInput
from mojodex_tui.backend.engine.nodes import Call, FileRef, Node, Reply, Result

A = TypeVar("A", bound=BaseModel)


class Emit(Protocol):
    """Streams a piece of a reply that is still being written."""

    def __call__(self, text: str, channel: str = "message") -> None:
        """Stream the piece."""


@dataclass(frozen=True)
class ChatTurn:
    """One turn of the thread; `text` says all, the other fields say it for APIs that know more."""

    role: Literal["system", "user", "assistant", "tool"]
    text: str
    calls: tuple[Call, ...] = ()
    results: tuple[Result, ...] = ()
    files: tuple[FileRef, ...] = ()
    failed: bool = False
    """It tells of an error."""


@dataclass
class Turn:
    """One question to a responder."""

    node: Node
    thread: list[ChatTurn]
    emit: Emit
    cancelled: Callable[[], bool]


@dataclass(frozen=True)
class ToolSpec:
    """A tool as it is declared to an LLM."""

    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Tool(Generic[A]):
    """A tool: the LLM may call it (`use`), this task's agent executes it (`handle`).

    The handler returns text, any JSON value, None (no reply), or an outcome (`outcomes`).
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
        self,
        thread: list[ChatTurn],
        *,
        tools: list[ToolSpec],
        emit: Emit,
        cancelled: Callable[[], bool],
    ) -> Reply:
        """Write the next turn; when cancelled, return what is there with `partial` set."""


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
    turns = [ChatTurn("system", before)]
    for node in thread:
        own: Literal["assistant", "user"] = "assistant" if node.sender == "llm" else "user"
        text = node.text
        if node.calls:
            shown = (f"call {c.name} {json.dumps(c.args, ensure_ascii=False)}" for c in node.calls)
            text = "\n".join((node.said, *shown)).lstrip("\n")
        elif node.results:
            # a blank result is shown too: a call without an answer would break the thread
            text = text or "(nothing)"
        role = "tool" if node.results else own
        failed = node.error is not None
        turns.append(ChatTurn(role, text, node.calls, node.results, node.files, failed))
    turns.append(ChatTurn("system", after))
    return [turn for turn in turns if turn.text.strip()]
