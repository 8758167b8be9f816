"""What a client hears: events, with tokens that carry all so far turned into growth.

It stands beside the wire so that what shows a session need not know what listens to it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from mojodex_tui.wire.events import (
    AssistantActivity,
    DraftMessage,
    ErrorReported,
    ExecutionStarted,
    ExecutionTitled,
    MojoMessage,
    StepEnded,
    StepInvalidated,
    StepStarted,
    UnknownEvent,
    UserMessageReceived,
    WorkflowProducedText,
)


class Channel(StrEnum):
    """A text that grows while it is written."""

    MESSAGE = "message"
    DRAFT_TITLE = "draft_title"
    DRAFT_BODY = "draft_body"


@dataclass(frozen=True, slots=True)
class TokenAppended:
    """A growing text has more at its end."""

    session_id: str
    channel: Channel
    suffix: str


@dataclass(frozen=True, slots=True)
class TokenReplaced:
    """A growing text begins, or was rewritten: this is all of it."""

    session_id: str
    channel: Channel
    text: str


@dataclass(frozen=True, slots=True)
class Resynchronise:
    """The connection was lost and is back: what was said meanwhile must be fetched."""

    session_id: str


LiveEvent: TypeAlias = (
    UserMessageReceived
    | ExecutionStarted
    | ExecutionTitled
    | AssistantActivity
    | MojoMessage
    | DraftMessage
    | StepStarted
    | StepEnded
    | StepInvalidated
    | WorkflowProducedText
    | ErrorReported
    | UnknownEvent
    | TokenAppended
    | TokenReplaced
    | Resynchronise
)
"""What a session says. A `MojoMessage` or `DraftMessage` ends its growing texts."""
