"""The engine's values: nodes, replies, results and a task's configuration (task engine §3.2)."""

import json
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Generic, Literal, TypeVar
from uuid import uuid4

from pydantic import BaseModel, Field, Json

T = TypeVar("T")
NO_ANSWER = "DO-NOT-KNOW"

Role = Literal["U", "A", "S", "F"]
Signal = Literal["", "done", "pass", "done_pass", "final"]
Status = Literal[
    "DONE", "USER_QUIT", "FIXED_TURNS", "MAX_TURNS", "STALLED", "INF_LOOP", "KILL", "MAX_COST",
    "MAX_TOKENS", "TIMEOUT", "ERROR", "WAITING", "SKIPPED",
]  # fmt: skip


class Value(BaseModel, frozen=True, extra="forbid"):
    """A value that never changes after it was made."""


class Usage(Value):
    """What a reply cost; as a budget, what a run and all below it may cost: 0 is unlimited."""

    tokens: int = 0
    cost: float = 0.0


class ErrorInfo(Value):
    """Why a node is an error: a class and a short text (task engine §3.8)."""

    kind: str
    text: str


class Call(Value):
    """One tool call; arguments given as JSON text are parsed."""

    id: str = ""
    name: str
    args: Json[dict[str, Any]] | dict[str, Any] = {}


class Result(Value):
    """What one tool call gave."""

    call_id: str = ""
    name: str
    text: str


class FileRef(Value):
    """A file the user handed over."""

    id: str
    name: str = ""


class Reply(Value):
    """What a responder returns, and a node keeps; no reply is `None`.

    It is what it holds: a mapping read from its text (`data`), tool calls, their results, files, or
    else plain text. `result_text` is the text without a signal token.
    """

    text: str = ""
    data: dict[str, Any] | None = None
    calls: tuple[Call, ...] = ()
    results: tuple[Result, ...] = ()
    files: tuple[FileRef, ...] = ()
    to: str = ""
    signal: Signal = ""
    result_text: str | None = None
    value: Any = None
    error: ErrorInfo | None = None
    usage: Usage = Usage()
    partial: bool = False

    @property
    def kind(self) -> Literal["structured", "tool_call", "tool_result", "files", "message"]:
        """The kind of content."""
        if self.data is not None:
            return "structured"
        if self.calls or self.results:
            return "tool_call" if self.calls else "tool_result"
        return "files" if self.files else "message"

    @property
    def shown(self) -> str:
        """The content as text; a single call or result stands alone."""
        if self.kind == "tool_call":
            calls = [{"name": call.name, "args": call.args} for call in self.calls]
            return json.dumps(calls[0] if len(calls) == 1 else calls, ensure_ascii=False)
        if len(self.results) == 1:
            return self.results[0].text
        results = [f"Result from {result.name}: {result.text}" for result in self.results]
        return "\n\n".join(results) or "\n".join(f.name or f.id for f in self.files) or self.text

    @property
    def empty(self) -> bool:
        """Nothing said: blank without done or final, or a PASS (task engine §3.4, step 4)."""
        said = self.text.strip() or self.kind != "message" or self.signal in ("done", "final")
        return self.signal in ("pass", "done_pass") or not said


class Node(Reply):
    """One entry of the append-only chain; its text says all, `said` is what came with calls."""

    id: str = Field(default_factory=lambda: uuid4().hex)
    parent: str | None
    run: str
    task: str
    role: Role
    sender: str
    said: str = ""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


Nodes = tuple[Node, ...]


def chained(said: Iterable[tuple[str, str, Reply]], above: Nodes, run: str, task: str) -> Nodes:
    """Return the nodes that replies of some role and sender become, each below the one before."""
    nodes, known = list(above), len(above)
    for role, sender, reply in said:
        kept: dict[str, Any] = {name: getattr(reply, name) for name in Reply.model_fields}
        kept |= {"text": reply.shown, "said": reply.text if reply.calls else ""}
        kept |= {"run": run, "task": task, "parent": nodes[-1].id if nodes else None}
        nodes.append(Node(**kept, role=role, sender=sender))
    return tuple(nodes[known:])


class TaskResult(BaseModel, Generic[T]):
    """How a run ended, always with a status; `node` is the run's pending node."""

    status: Status
    content: str | None = None
    to: str = ""
    value: T | None = None
    node: Node | None = None
    run: str


class TaskConfig(Value):
    """How a task behaves (task engine §1.2, §1.3, §3.2)."""

    interactive: bool = True
    only_user_quits_root: bool = True
    default_human_response: str | None = None
    single_round: bool = False
    llm_delegate: bool = False
    system_message: str = ""
    user_message: str = ""
    restart: bool = True
    restart_as_subtask: bool = False
    erase_substeps: bool = False
    allow_null_result: bool = False
    max_stalled_steps: int = 5
    done_if_response: tuple[str, ...] = ()
    done_if_no_response: tuple[str, ...] = ()
    done_if_tool: bool = False
    done_sequences: tuple[str, ...] = ()
    string_signals: bool = True
    inf_loop_cycle_len: int = 10
    inf_loop_wait_factor: int = 5
    fallback: str | Callable[[Node], Awaitable[Reply | None]] | None = None
    tools_only: bool = False
    addressed_only: bool = False
    tool_mode: Literal["native", "structured"] = "native"
    autonomous: bool = False
    idle: Literal["stall", "finish"] = "stall"
    turns: int = -1
    budget: Usage = Usage()
    max_errors: int = 3
    timeout: float | None = None
    max_depth: int = 8
