"""What the user wrote, on its way to a server."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from mojodex_tui.client.port.observing import Unsubscribe
from mojodex_tui.wire.base import FilePart, Request, WireModel
from mojodex_tui.wire.executions import InputValue


class OutboxKind(StrEnum):
    """What an item does."""

    MESSAGE = "message"
    RUN = "run"
    EDIT = "edit"
    JUDGE = "judge"
    """Takes or rejects the result of a step; the three below decide on a workflow too."""
    RESULT = "result"
    RELAUNCH = "relaunch"
    RESTART = "restart"


class OutboxStatus(StrEnum):
    """Where an item stands."""

    WAITING = "waiting"
    """To be sent, or sent again; `cause` tells why it was not yet."""
    SENDING = "sending"
    REFUSED = "refused"
    """The server will not have it; it is kept until retried or dropped."""
    DELIVERED = "delivered"
    DROPPED = "dropped"


@dataclass(frozen=True)
class OutboxItem:
    """Something the user wrote, on its way."""

    id: str
    """A UUID, given once; a message's `message_id`."""
    kind: OutboxKind
    session_id: str
    execution_pk: int
    text: str
    """What a list may show of it."""
    created: datetime
    """Aware; when the user wrote it."""
    status: OutboxStatus = OutboxStatus.WAITING
    attempts: int = 0
    cause: str | None = None
    """The sentence that says why it is not delivered."""
    raw: str | None = None
    next_try: datetime | None = None


@dataclass(frozen=True)
class OutboxChange:
    """An item has a new status."""

    item: OutboxItem
    answer: WireModel | None = None
    """What the server said on delivery: a `SentMessage`, a `SavedProducedText`, or `Success`."""


class Outbox(Protocol):
    """The only way for what a user wrote: stored first, then sent until it is there.

    Nothing here raises an `ApiError`: what goes wrong stands in the item.
    """

    async def send_message(
        self, session_id: str, execution_pk: int, text: str, *, message_id: str | None = None
    ) -> OutboxItem:
        """Send a message to the assistant.

        Args:
            session_id: The session.
            execution_pk: The execution it is about.
            text: The message.
            message_id: That of a message whose answer failed, to have it answered again.
        """
        ...

    async def send_recording(
        self, session_id: str, execution_pk: int, recording: FilePart
    ) -> OutboxItem:
        """Send a spoken message; servers that do not transcribe refuse it.

        Args:
            session_id: The session.
            execution_pk: The execution it is about.
            recording: The sound.
        """
        ...

    async def run_form(
        self,
        session_id: str,
        execution_pk: int,
        inputs: Sequence[InputValue],
        files: Sequence[FilePart] = (),
        *,
        again: bool = False,
    ) -> OutboxItem:
        """Run an execution with its inputs.

        Args:
            session_id: The execution's session.
            execution_pk: The execution.
            inputs: What the user gave.
            files: The files among the inputs.
            again: It has run before, and is to run once more.
        """
        ...

    async def save_edit(
        self,
        session_id: str,
        execution_pk: int,
        produced_text_pk: int,
        title: str | None,
        production: str,
    ) -> OutboxItem:
        """Save the user's version of a text."""
        ...

    async def decide(
        self,
        kind: OutboxKind,
        session_id: str,
        execution_pk: int,
        request: Request,
        files: Sequence[FilePart] = (),
    ) -> OutboxItem:
        """Send a decision about a workflow.

        Args:
            kind: Which one.
            session_id: The run's session.
            execution_pk: The run.
            request: What is decided.
            files: The files among new inputs.
        """
        ...

    def unsent(self, session_id: str | None = None) -> tuple[OutboxItem, ...]:
        """Return what is not delivered, of one session or of all, in the order of writing."""
        ...

    async def retry(self, item_id: str) -> None:
        """Try again now."""
        ...

    async def drop(self, item_id: str) -> None:
        """Give up; the user has seen the text and does not want it sent."""
        ...

    def subscribe(self, listener: Callable[[OutboxChange], None]) -> Unsubscribe:
        """Call `listener` in the event loop whenever an item has a new status."""
        ...
