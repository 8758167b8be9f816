"""Socket.IO: what is said over the socket, and how it is acknowledged (wire protocol §10).

The name of an event travels beside its payload. Here it is a field, `event`, that is never
written, so that the events form one union.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, JsonValue, ValidationError

from mojodex_tui.wire.base import CLIENT_VERSION, Moment, Omittable, WireModel
from mojodex_tui.wire.messages import DraftContent
from mojodex_tui.wire.steps import StepExecution

START_SESSION: Final = "start_session"
"""The name of the one event clients send (§10.3)."""


class ConnectAuth(WireModel):
    """What a connection is opened with (§10.2)."""

    token: str = Field(repr=False)


class ConnectRefusal(WireModel):
    """Why a connection was refused (§10.2)."""

    message: str


class StartSession(WireModel):
    """Joins a session's room; to be sent again after every connection (§10.3)."""

    session_id: str
    version: str = CLIENT_VERSION


class UserMessageReceived(WireModel):
    """A user's message reached the server, perhaps from another client (§10.4)."""

    event: Literal["user_message_reception"] = Field(default="user_message_reception", exclude=True)
    success: str = "User message has been received"
    session_id: str


class ExecutionStarted(WireModel):
    """The first message of an execution started it (§10.4)."""

    event: Literal["user_task_execution_start"] = Field(
        default="user_task_execution_start", exclude=True
    )
    start_date: Moment
    user_task_execution_pk: int
    session_id: str


class ExecutionTitled(WireModel):
    """The session's execution has a title, and a summary to be fetched (§10.4)."""

    event: Literal["user_task_execution_title"] = Field(
        default="user_task_execution_title", exclude=True
    )
    title: str
    session_id: str


class MojoToken(WireModel):
    """All of an answer that was written so far; it replaces the token before (§10.6)."""

    event: Literal["mojo_token"] = Field(default="mojo_token", exclude=True)
    text: str
    session_id: str


class DraftToken(WireModel):
    """All of a draft that was written so far; it replaces the token before (§10.6)."""

    event: Literal["draft_token"] = Field(default="draft_token", exclude=True)
    produced_text_title: str | None = None
    """Null in a text edit, until the title is whole."""
    produced_text: str = ""
    text: str = ""
    """Title and draft together, unreliable on original servers: show the other two."""
    session_id: str


class MojoMessage(WireModel):
    """The assistant's whole answer; wants a `MessageAck` (§4.3)."""

    event: Literal["mojo_message"] = Field(default="mojo_message", exclude=True)
    text: str
    text_with_tags: Omittable[str] = None
    user_task_execution_pk: Omittable[int] = None
    """Left out in a home chat without task."""
    session_id: str
    message_pk: int
    audio: Omittable[bool] = None


class AssistantActivity(WireModel):
    """What the assistant does before it answers, in few words; only our own backend tells.

    Clients that do not know the event ignore it.
    """

    event: Literal["assistant_activity"] = Field(default="assistant_activity", exclude=True)
    text: str
    """Such as `reading budget.pdf`; the next token or message ends it."""
    session_id: str


class DraftMessage(DraftContent):
    """A whole draft, saved as a version; wants a `DraftAck` (§4.3)."""

    event: Literal["draft_message"] = Field(default="draft_message", exclude=True)
    session_id: str
    message_pk: int


class StepStarted(StepExecution):
    """A step began to run (§6.4)."""

    event: Literal["workflow_step_execution_started"] = Field(
        default="workflow_step_execution_started", exclude=True
    )
    session_id: str


class StepEnded(StepExecution):
    """A step has its result, or failed: `error_status` tells (§6.4)."""

    event: Literal["workflow_step_execution_ended"] = Field(
        default="workflow_step_execution_ended", exclude=True
    )
    session_id: str


class StepInvalidated(StepExecution):
    """A step was rejected and will run again (§6.6, §6.7)."""

    event: Literal["workflow_step_execution_invalidated"] = Field(
        default="workflow_step_execution_invalidated", exclude=True
    )
    session_id: str


class WorkflowProducedText(WireModel):
    """A workflow ended with this text (§6.5)."""

    event: Literal["workflow_execution_produced_text"] = Field(
        default="workflow_execution_produced_text", exclude=True
    )
    user_task_execution_pk: int
    produced_text: str
    produced_text_title: str | None = None
    produced_text_pk: int
    produced_text_version_pk: int
    session_id: str


class ErrorReported(WireModel):
    """Something failed on the server (§10.4)."""

    event: Literal["error"] = Field(default="error", exclude=True)
    error: str
    session_id: str | None = None
    """Null if the server knows no session: the payload was a bare string, or lacked it (§10.3)."""
    user_message_pk: Omittable[int] = None
    user_task_execution_pk: Omittable[int] = None
    kind: Omittable[str] = None
    """`failed`, or `stopped` when the user stopped it; only our own backend tells."""


class UnknownEvent(WireModel):
    """An event we do not know, or cannot read."""

    event: Literal["unknown"] = Field(default="unknown", exclude=True)
    name: str
    payload: JsonValue = None
    problem: str | None = None
    """Why a known event could not be read; null if its name is new to us."""


KnownEvent: TypeAlias = (
    UserMessageReceived
    | ExecutionStarted
    | ExecutionTitled
    | MojoToken
    | DraftToken
    | AssistantActivity
    | MojoMessage
    | DraftMessage
    | StepStarted
    | StepEnded
    | StepInvalidated
    | WorkflowProducedText
    | ErrorReported
)
"""What a server says; `event` is its name, `to_wire()` its payload."""

ServerEvent: TypeAlias = Annotated[KnownEvent | UnknownEvent, Field(discriminator="event")]
"""What a client hears."""

EVENT_MODELS: Final[Mapping[str, type[KnownEvent]]] = {
    "user_message_reception": UserMessageReceived,
    "user_task_execution_start": ExecutionStarted,
    "user_task_execution_title": ExecutionTitled,
    "mojo_token": MojoToken,
    "draft_token": DraftToken,
    "assistant_activity": AssistantActivity,
    "mojo_message": MojoMessage,
    "draft_message": DraftMessage,
    "workflow_step_execution_started": StepStarted,
    "workflow_step_execution_ended": StepEnded,
    "workflow_step_execution_invalidated": StepInvalidated,
    "workflow_execution_produced_text": WorkflowProducedText,
    "error": ErrorReported,
}
"""The model of each event by its name."""


def parse_event(name: str, payload: object) -> ServerEvent:
    """Read what came over the socket; never fails.

    Args:
        name: the event's name.
        payload: its one argument; an `error` may be a bare string (§10.3).

    Returns:
        The event, or an `UnknownEvent` with the reason if it cannot be read.
    """
    model = EVENT_MODELS.get(name)
    if model is None:
        return UnknownEvent(name=name, payload=_as_json(payload))
    body = {"error": payload} if name == "error" and isinstance(payload, str) else payload
    try:
        # An event read from a payload is named by the socket, whatever the payload says.
        return model.model_validate({**body, "event": name} if isinstance(body, dict) else body)
    except ValidationError as error:
        return UnknownEvent(name=name, payload=_as_json(payload), problem=_problem(error))


def _problem(error: ValidationError) -> str:
    """Return what is wrong with a payload, in one line."""
    return "; ".join(
        f"{'.'.join(map(str, detail['loc'])) or 'payload'}: {detail['msg']}"
        for detail in error.errors(include_url=False, include_input=False)
    )


def _as_json(payload: object) -> JsonValue:
    """Return a payload that can be kept: what is not JSON (binary, say) as its description."""
    try:
        return UnknownEvent.model_validate({"name": "", "payload": payload}).payload
    except ValidationError:
        return repr(payload)


class MessageAck(WireModel):
    """Acknowledges a `mojo_message` (§10.5)."""

    session_id: str
    message_pk: int


class DraftAck(WireModel):
    """Acknowledges a `draft_message`; a `message_pk` beside it would void it (§10.5)."""

    session_id: str
    produced_text_version_pk: int


Ack: TypeAlias = MessageAck | DraftAck


def ack_of(event: ServerEvent) -> Ack | None:
    """Return what to acknowledge an event with, also when it comes twice; `None` for most."""
    match event:
        case MojoMessage():
            return MessageAck(session_id=event.session_id, message_pk=event.message_pk)
        case DraftMessage():
            return DraftAck(
                session_id=event.session_id,
                produced_text_version_pk=event.produced_text_version_pk,
            )
        case _:
            return None


def parse_ack(payload: object) -> Ack | None:
    """Read an acknowledgement as an original server does (§10.5).

    Args:
        payload: the acknowledgement's first argument, `None` if it has none.

    Returns:
        What it acknowledges; a true `message_pk` makes it one of a message, whatever else it
        holds. `None` if it counts for nothing.
    """
    if not isinstance(payload, dict) or payload.get("backend_event_manager"):
        return None
    model = MessageAck if payload.get("message_pk") else DraftAck
    try:
        return model.model_validate(payload)
    except ValidationError:
        return None
