"""The engine's values: nodes, replies, results and a task's configuration (task engine §3.2)."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar
from uuid import uuid4

from pydantic import BaseModel, BeforeValidator, Field

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
    """What a reply cost."""

    tokens: int = 0
    cost: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(tokens=self.tokens + other.tokens, cost=self.cost + other.cost)


class Budget(Value):
    """What a whole run tree may cost; 0 is unlimited."""

    max_tokens: int = 0
    max_cost: float = 0.0


class ErrorInfo(Value):
    """Why a node is an error: a class and a short text (task engine §3.8)."""

    kind: str
    text: str


class Call(Value):
    """One tool call; arguments given as JSON text are parsed."""

    id: str = ""
    name: str
    args: Annotated[
        dict[str, Any], BeforeValidator(lambda a: json.loads(a) if isinstance(a, str) else a)
    ] = {}


class Result(Value):
    """What one tool call gave."""

    call_id: str = ""
    name: str
    text: str


class FileRef(Value):
    """A file the user handed over."""

    id: str
    name: str = ""


class Message(Value):
    """Plain text."""

    kind: Literal["message"] = "message"
    text: str


class Structured(Value):
    """A structured reply of the LLM: its text and the mapping read from it."""

    kind: Literal["structured"] = "structured"
    raw: str
    data: dict[str, Any]


class ToolCall(Value):
    """All tool calls of one reply, and what was said along with them."""

    kind: Literal["tool_call"] = "tool_call"
    calls: tuple[Call, ...]
    said: str = ""


class ToolResult(Value):
    """The results of all executed calls of one tool_call node."""

    kind: Literal["tool_result"] = "tool_result"
    results: tuple[Result, ...]


class Files(Value):
    """Files of the user."""

    kind: Literal["files"] = "files"
    files: tuple[FileRef, ...]


AnyContent: TypeAlias = Message | Structured | ToolCall | ToolResult | Files


class Said(Value):
    """What a node takes over from its reply; `result_text` is the text without a signal token."""

    to: str = ""
    signal: Signal = ""
    result_text: str | None = None
    value: Any = None
    error: ErrorInfo | None = None
    usage: Usage = Usage()
    partial: bool = False


class Node(Said):
    """One entry of the append-only chain."""

    id: str = Field(default_factory=lambda: uuid4().hex)
    parent: str | None
    run: str
    task: str
    role: Role
    sender: str
    content: Annotated[AnyContent, Field(discriminator="kind")]
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))

    @property
    def kind(self) -> str:
        """The content's kind."""
        return self.content.kind

    @property
    def text(self) -> str:
        """The content as text; a single call or result stands alone."""
        match self.content:
            case Message(text=text) | Structured(raw=text):
                return text
            case ToolResult(results=(result,)):
                return result.text
            case ToolResult(results=results):
                return "\n\n".join(f"Result from {each.name}: {each.text}" for each in results)
            case ToolCall(calls=calls):
                shown = [{"name": call.name, "args": call.args} for call in calls]
                return json.dumps(shown[0] if len(shown) == 1 else shown, ensure_ascii=False)
            case Files(files=files):
                return "\n".join(file.name or file.id for file in files)


class Reply(Said):
    """What a responder returns; no reply is `None`. `structured` is set by the engine only."""

    text: str = ""
    calls: tuple[Call, ...] = ()
    results: tuple[Result, ...] = ()
    structured: Structured | None = None

    @property
    def content(self) -> AnyContent:
        """The content of the node this reply becomes."""
        if self.structured or self.calls:
            return self.structured or ToolCall(calls=self.calls, said=self.text)
        return ToolResult(results=self.results) if self.results else Message(text=self.text)

    @property
    def passes(self) -> bool:
        """Hands the pending node on instead of answering it."""
        return self.signal in ("pass", "done_pass")

    @property
    def empty(self) -> bool:
        """Nothing said: blank without done or final, or a PASS (task engine §3.4, step 4)."""
        said = self.structured or self.calls or self.results or self.text.strip()
        return self.passes or not (said or self.signal in ("done", "final"))


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
    max_errors: int = 3
    timeout: float | None = None
    max_depth: int = 8
