"""A run a test talks for: what its server says, and what is sent to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field, replace

from mojodex_tui.client.errors import NotFound
from mojodex_tui.client.port import (
    History,
    LiveEvent,
    OutboxChange,
    OutboxItem,
    OutboxStatus,
    Unsubscribe,
)
from mojodex_tui.state.runs import Run
from mojodex_tui.wire.base import PAGE_LIMIT, WireModel
from mojodex_tui.wire.events import DraftMessage, MojoMessage
from mojodex_tui.wire.executions import Execution
from mojodex_tui.wire.heard import Channel, TokenAppended, TokenReplaced
from mojodex_tui.wire.messages import MessageRow
from mojodex_tui.wire.produced_texts import Version
from tests.fakes import FakeApi, FakeLive, FakeMojodex, FakeOutbox

SESSION = "session-7"
RUN = Run(execution_pk=7, session_id=SESSION, title="Meeting recap", task_name="Meeting recap")
BODY = """**Present:** Ana, Luc, you

## Decisions

- Travel line cut by 10 percent
- New quote expected on Friday

## Next steps

| Who | What | When |
|---|---|---|
| Luc | send the new quote | Friday |
| You | call the bank | Thursday |
"""


def execution(**changes: object) -> Execution:
    """Return the run's execution."""
    return Execution.model_validate(
        {
            "user_task_execution_pk": 7,
            "session_id": SESSION,
            "user_task_pk": 101,
            "task_name": "Meeting recap",
            "start_date": "2026-11-20T12:00:00+00:00",
        }
        | changes
    )


def drafted(version: int, body: str = BODY) -> dict[str, object]:
    """Return the keys an execution has once it has a draft."""
    return {
        "title": "Budget review with ACME",
        "produced_text_pk": 3,
        "produced_text_title": "Budget review with ACME",
        "produced_text_production": body,
        "produced_text_version_pk": 30 + version,
        "produced_text_version_index": version,
    }


def said(pk: int, sender: str, text: str, *, failed: bool = False) -> MessageRow:
    """Return a row of the history."""
    message: dict[str, object] = {"text": text, "message_pk": pk}
    if sender == "user":
        message["message_id"] = f"id-{pk}"
    return MessageRow.model_validate(
        {"message_pk": pk, "sender": sender, "message": message, "in_error_state": failed}
    )


def draft_event(version: int, body: str = BODY) -> DraftMessage:
    """Return the event that ends a draft."""
    return DraftMessage(
        session_id=SESSION,
        message_pk=50 + version,
        produced_text=body,
        produced_text_title="Budget review with ACME",
        produced_text_pk=3,
        produced_text_version_pk=30 + version,
    )


def answer(pk: int, text: str) -> MojoMessage:
    """Return the event that ends an answer."""
    return MojoMessage(text=text, session_id=SESSION, message_pk=pk)


def title(text: str) -> TokenReplaced:
    return TokenReplaced(SESSION, Channel.DRAFT_TITLE, text)


def body(text: str) -> TokenReplaced:
    return TokenReplaced(SESSION, Channel.DRAFT_BODY, text)


def more(text: str, channel: Channel = Channel.DRAFT_BODY) -> TokenAppended:
    return TokenAppended(SESSION, channel, text)


class SpokenLive(FakeLive):
    """Says what a test says, when it says it."""

    def __init__(self) -> None:
        super().__init__()
        self._said: asyncio.Queue[LiveEvent] = asyncio.Queue()

    def say(self, *events: LiveEvent) -> None:
        """Let the session say something."""
        for event in events:
            self._said.put_nowait(event)

    async def listen(self, session_id: str) -> AsyncGenerator[LiveEvent, None]:
        while True:
            yield await self._said.get()


@dataclass
class SessionApi(FakeApi):
    """Tells one run and its history."""

    told: Execution = field(default_factory=execution)
    rows: tuple[MessageRow, ...] = ()
    versions: tuple[str, ...] = ()
    authors: tuple[bool, ...] = ()
    """Who wrote each version, true for the user; an original server does not tell."""

    async def execution(self, execution_pk: int) -> Execution:
        self._note("execution", execution_pk)
        return self.told

    async def messages(
        self, session_id: str, offset: int = 0, *, from_oldest: bool = False
    ) -> History:
        self._note("messages", (session_id, offset))
        rows = self.rows[::-1] if not from_oldest else self.rows
        page = rows[offset : offset + PAGE_LIMIT]
        page = page if from_oldest else page[::-1]
        return History(page, is_full=len(page) == PAGE_LIMIT)

    async def produced_text_version(self, execution_pk: int, index: int) -> Version:
        self._note("produced_text_version", (execution_pk, index))
        if not 1 <= index <= len(self.versions):
            raise NotFound("There is no such version.")
        return Version(
            produced_text_version_pk=30 + index,
            produced_text_pk=3,
            produced_text_title="Budget review with ACME",
            produced_text_production=self.versions[index - 1],
            produced_text_version_index=index,
            by_user=self.authors[index - 1] if self.authors else None,
        )


class SpokenOutbox(FakeOutbox):
    """Delivers when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self._listeners: list[Callable[[OutboxChange], None]] = []
        self.retried: list[str] = []
        self.sent_ids: list[str | None] = []

    async def send_message(
        self, session_id: str, execution_pk: int, text: str, *, message_id: str | None = None
    ) -> OutboxItem:
        self.sent_ids.append(message_id)
        return await super().send_message(session_id, execution_pk, text, message_id=message_id)

    def subscribe(self, listener: Callable[[OutboxChange], None]) -> Unsubscribe:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def deliver(self, index: int, answer: WireModel | None = None) -> None:
        """Let the item at `index` reach the server."""
        item = replace(self.items.pop(index), status=OutboxStatus.DELIVERED)
        self._tell(OutboxChange(item, answer))

    def refuse(self, index: int, cause: str) -> None:
        """Let the server refuse the item at `index`."""
        item = replace(self.items[index], status=OutboxStatus.REFUSED, cause=cause)
        self.items[index] = item
        self._tell(OutboxChange(item))

    async def retry(self, item_id: str) -> None:
        self.retried.append(item_id)

    async def drop(self, item_id: str) -> None:
        item = next(item for item in self.items if item.id == item_id)
        await super().drop(item_id)
        self._tell(OutboxChange(replace(item, status=OutboxStatus.DROPPED)))

    def _tell(self, change: OutboxChange) -> None:
        for listener in tuple(self._listeners):
            listener(change)


@dataclass
class SessionMojodex(FakeMojodex):
    """A backend whose run a test talks for."""

    api: SessionApi = field(default_factory=SessionApi)
    live: SpokenLive = field(default_factory=SpokenLive)
    outbox: SpokenOutbox = field(default_factory=SpokenOutbox)
