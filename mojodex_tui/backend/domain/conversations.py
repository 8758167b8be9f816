"""Sessions, executions, messages and produced texts, as values."""

from dataclasses import dataclass
from datetime import datetime

from mojodex_tui.backend.domain.catalog import JsonObject, Task

HOME_CHAT = "home_chat"
"""How the session of a home chat was started."""


@dataclass(frozen=True)
class Session:
    """A room for messages."""

    session_id: str
    user_id: str
    platform: str
    starting_mode: str
    language: str
    title: str | None = None
    run_id: str | None = None
    """The open run of the task engine the conversation goes on in."""
    thread_node: str | None = None
    """The conversation's last node, where a new run goes on."""

    @property
    def is_home(self) -> bool:
        """Whether it is a home chat, in which tasks are begun by talking."""
        return self.starting_mode == HOME_CHAT


@dataclass(frozen=True)
class HomeChat:
    """A user's chat of one week, in which tasks are begun by talking."""

    pk: int
    session_id: str


@dataclass(frozen=True)
class Execution:
    """One run of a task by a user."""

    pk: int
    user_task_pk: int
    user_id: str
    task_pk: int
    session_id: str
    inputs: tuple[JsonObject, ...]
    start_date: datetime | None = None
    end_date: datetime | None = None
    title: str | None = None
    summary: str | None = None
    deleted: bool = False
    todos_extracted: datetime | None = None


@dataclass(frozen=True)
class TextVersion:
    """One version of a produced text."""

    text_pk: int
    version_pk: int
    title: str | None
    production: str
    creation_date: datetime
    text_type: str | None
    execution_pk: int | None
    user_id: str
    index: int
    """Its place among the versions of the execution, from 1."""
    by_user: bool
    """Whether the user wrote it, and not the assistant."""


@dataclass(frozen=True)
class TodoCount:
    """How many To-Dos an execution has."""

    total: int = 0
    unread: int = 0


@dataclass(frozen=True)
class ExecutionDetail:
    """An execution with all a client shows of it."""

    execution: Execution
    task: Task
    latest: TextVersion | None = None
    todos: TodoCount = TodoCount()
    failure: str | None = None


@dataclass(frozen=True)
class Message:
    """One message of a session."""

    pk: int
    session_id: str
    sender: str
    content: JsonObject
    event_name: str | None
    message_id: str | None = None
    execution_pk: int | None = None
    in_error: bool = False
    node_id: str | None = None
    """What it is on the engine's log."""

    @property
    def text(self) -> str | None:
        """What was said, if the message says anything."""
        text = self.content.get("text")
        return text if isinstance(text, str) else None


@dataclass(frozen=True)
class AnswerDue:
    """An answer somebody waits for."""

    pk: int
    session_id: str
    execution_pk: int | None
    """None in a home chat."""
    message_pk: int | None
    attempts: int
    claimed_by: str | None = None


@dataclass(frozen=True)
class Delivery:
    """A message no client has acknowledged yet (wire protocol §10.5)."""

    pk: int
    session_id: str
    message_pk: int
    version_pk: int | None
    event_name: str
    payload: JsonObject
    copies: int = 0
    next_copy: datetime | None = None


@dataclass(frozen=True)
class Call:
    """What one call to a model cost."""

    purpose: str
    model: str
    input_tokens: int
    output_tokens: int
