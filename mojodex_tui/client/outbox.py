"""What the user wrote, stored before it is sent and sent until it is there."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol
from uuid import uuid4

from mojodex_tui.client.backoff import Backoff, gentle
from mojodex_tui.client.errors import ApiError, SignInNeeded
from mojodex_tui.client.observable import Listeners
from mojodex_tui.client.outbox_rows import OutboxRows, Outgoing
from mojodex_tui.client.port import (
    OutboxChange,
    OutboxItem,
    OutboxKind,
    OutboxStatus,
    Unsubscribe,
)
from mojodex_tui.wire.base import FilePart, Request, WireModel
from mojodex_tui.wire.dates import local_from_utc
from mojodex_tui.wire.executions import InputValue, RunExecutionRequest
from mojodex_tui.wire.messages import Origin, SendMessageRequest
from mojodex_tui.wire.produced_texts import SaveProducedTextRequest

_PREVIEW: Final = 200


class Delivery(Protocol):
    """Brings one item to the server."""

    async def __call__(self, outgoing: Outgoing) -> WireModel:
        """Return what the server said.

        Raises:
            ApiError: it is not there.
        """
        ...


class StoredOutbox:
    """The port to write.

    Items of one session are sent one after the other, in the order they were written; an item
    that the server refuses lets those behind it pass.

    Args:
        rows: Where items are stored.
        deliver: Brings an item to the server.
        joined: Waits until the answer would be heard.
        timezone_offset: Tells the account's clock.
        backoff: How long to wait between two tries.
    """

    def __init__(
        self,
        rows: OutboxRows,
        deliver: Delivery,
        joined: Callable[[str], Awaitable[None]],
        timezone_offset: Callable[[], int],
        backoff: Backoff = gentle,
    ) -> None:
        self._rows = rows
        self._deliver = deliver
        self._joined = joined
        self._timezone_offset = timezone_offset
        self._backoff = backoff
        self._outgoing: dict[str, Outgoing] = {}
        self._listeners = Listeners[OutboxChange]()
        self._news = asyncio.Event()
        self._hurry: dict[str, asyncio.Event] = {}

    async def load(self) -> None:
        """Take up what was left unsent; to be called again once another user has signed in."""
        self._outgoing = {one.item.id: one for one in await self._rows.load()}
        self._news.set()

    async def run(self) -> None:
        """Send until cancelled."""
        senders: dict[str, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as group:
            while True:
                self._news.clear()
                for session_id in {one.item.session_id for one in self._waiting()}:
                    if session_id not in senders or senders[session_id].done():
                        senders[session_id] = group.create_task(self._send_all(session_id))
                await self._news.wait()

    async def send_message(
        self, session_id: str, execution_pk: int, text: str, *, message_id: str | None = None
    ) -> OutboxItem:
        """Send a message to the assistant."""
        item = _new(OutboxKind.MESSAGE, session_id, execution_pk, text, message_id)
        return await self._add(item, self._message(item, text))

    async def send_recording(
        self, session_id: str, execution_pk: int, recording: FilePart
    ) -> OutboxItem:
        """Send a spoken message; its file goes with every try (wire protocol §4.4)."""
        text = f"{recording.filename} (spoken message)"
        item = _new(OutboxKind.MESSAGE, session_id, execution_pk, text)
        return await self._add(item, self._message(item, None), (recording,))

    def _message(self, item: OutboxItem, text: str | None) -> SendMessageRequest:
        return SendMessageRequest(
            session_id=item.session_id,
            message_id=item.id,
            message_date=local_from_utc(item.created, self._timezone_offset()),
            text=text,
            # A home chat finds its task by itself.
            user_task_execution_pk=item.execution_pk or None,
            origin=Origin.TASK if item.execution_pk else Origin.HOME_CHAT,
        )

    async def run_form(
        self,
        session_id: str,
        execution_pk: int,
        inputs: Sequence[InputValue],
        files: Sequence[FilePart] = (),
        *,
        again: bool = False,
    ) -> OutboxItem:
        """Run an execution with its inputs."""
        text = " · ".join(given.input_value for given in inputs)
        item = _new(OutboxKind.RUN, session_id, execution_pk, text)
        request = RunExecutionRequest(user_task_execution_pk=execution_pk, inputs=tuple(inputs))
        return await self._add(item, request, files, again=again)

    async def save_edit(
        self,
        session_id: str,
        execution_pk: int,
        produced_text_pk: int,
        title: str | None,
        production: str,
    ) -> OutboxItem:
        """Save the user's version of a text."""
        item = _new(OutboxKind.EDIT, session_id, execution_pk, title or production)
        request = SaveProducedTextRequest(
            produced_text_pk=produced_text_pk, production=production, title=title
        )
        return await self._add(item, request)

    async def decide(
        self,
        kind: OutboxKind,
        session_id: str,
        execution_pk: int,
        request: Request,
        files: Sequence[FilePart] = (),
    ) -> OutboxItem:
        """Send a decision about a workflow."""
        item = _new(kind, session_id, execution_pk, kind.value)
        return await self._add(item, request, files)

    def unsent(self, session_id: str | None = None) -> tuple[OutboxItem, ...]:
        """Return what is not delivered, in the order of writing."""
        return tuple(
            one.item
            for one in self._outgoing.values()
            if session_id is None or one.item.session_id == session_id
        )

    def holds_start_of(self, execution_pk: int) -> bool:
        """Whether something that starts an execution is not delivered."""
        return any(item.execution_pk == execution_pk for item in self.unsent())

    async def retry(self, item_id: str) -> None:
        """Try again now."""
        outgoing = self._outgoing.get(item_id)
        if outgoing is None:
            return
        if outgoing.item.status is OutboxStatus.REFUSED:
            await self._change(
                outgoing, status=OutboxStatus.WAITING, cause=None, raw=None, next_try=None
            )
        self._hurry_up(outgoing.item.session_id)

    async def drop(self, item_id: str) -> None:
        """Give up."""
        outgoing = self._outgoing.pop(item_id, None)
        if outgoing is None:
            return
        await self._rows.remove(item_id)
        self._tell(replace(outgoing.item, status=OutboxStatus.DROPPED))
        self._hurry_up(outgoing.item.session_id)

    def subscribe(self, listener: Callable[[OutboxChange], None]) -> Unsubscribe:
        """Call `listener` in the event loop whenever an item has a new status."""
        return self._listeners.add(listener)

    def try_now(self) -> None:
        """Try everything again: the server is back, or the user signed in."""
        for session_id in self._hurry:
            self._hurry_up(session_id)

    async def _add(
        self,
        item: OutboxItem,
        request: Request,
        files: Sequence[FilePart] = (),
        *,
        again: bool = False,
    ) -> OutboxItem:
        """Store an item, then have it sent."""
        outgoing = Outgoing(item, request, tuple(files), again=again)
        await self._rows.add(outgoing)
        self._outgoing[item.id] = outgoing
        self._tell(item)
        self._news.set()
        return item

    def _waiting(self) -> list[Outgoing]:
        """Return what is to be sent."""
        return [
            one for one in self._outgoing.values() if one.item.status is not OutboxStatus.REFUSED
        ]

    async def _send_all(self, session_id: str) -> None:
        """Send what a session has, one after the other."""
        hurry = self._hurry[session_id] = asyncio.Event()
        try:
            while True:
                mine = [one for one in self._waiting() if one.item.session_id == session_id]
                if not mine:
                    return
                hurry.clear()
                pause = await self._send(mine[0])
                if pause is not _NO_PAUSE:
                    await _wait(hurry, pause)
        finally:
            del self._hurry[session_id]
            # Something may have come between the last look and this line.
            self._news.set()

    async def _send(self, outgoing: Outgoing) -> float | None:
        """Send an item once; return how long to wait then, `None` for until told otherwise."""
        await self._joined(outgoing.item.session_id)
        attempts = outgoing.item.attempts + 1
        outgoing = await self._change(
            outgoing, status=OutboxStatus.SENDING, attempts=attempts, next_try=None
        )
        try:
            answer = await self._deliver(outgoing)
        except SignInNeeded as error:
            await self._hold(outgoing, error, None)
            return None
        except ApiError as error:
            if not error.transient:
                await self._change(
                    outgoing,
                    status=OutboxStatus.REFUSED,
                    cause=error.sentence,
                    raw=error.raw,
                )
                return _NO_PAUSE
            pause = self._backoff(attempts)
            await self._hold(outgoing, error, pause)
            return pause
        await self._rows.remove(outgoing.item.id)
        if self._outgoing.pop(outgoing.item.id, None) is not None:
            self._tell(replace(outgoing.item, status=OutboxStatus.DELIVERED, cause=None), answer)
        return _NO_PAUSE

    async def _hold(self, outgoing: Outgoing, error: ApiError, pause: float | None) -> None:
        """Keep an item for a later try."""
        await self._change(
            outgoing,
            status=OutboxStatus.WAITING,
            cause=error.sentence,
            raw=error.raw,
            next_try=None if pause is None else datetime.now(UTC) + timedelta(seconds=pause),
        )

    async def _change(
        self,
        outgoing: Outgoing,
        *,
        status: OutboxStatus,
        attempts: int | None = None,
        cause: str | None = None,
        raw: str | None = None,
        next_try: datetime | None = None,
    ) -> Outgoing:
        """Store an item's new status, and tell of it; an item dropped meanwhile stays dropped."""
        item = replace(
            outgoing.item,
            status=status,
            attempts=outgoing.item.attempts if attempts is None else attempts,
            cause=cause,
            raw=raw,
            next_try=next_try,
        )
        changed = replace(outgoing, item=item)
        await self._rows.update(item)
        if item.id in self._outgoing:
            self._outgoing[item.id] = changed
            self._tell(item)
        return changed

    def _tell(self, item: OutboxItem, answer: WireModel | None = None) -> None:
        """Tell everybody."""
        self._listeners.tell(OutboxChange(item, answer))

    def _hurry_up(self, session_id: str) -> None:
        """End a session's waiting."""
        if session_id in self._hurry:
            self._hurry[session_id].set()
        self._news.set()


_NO_PAUSE: Final = 0.0


async def _wait(hurry: asyncio.Event, pause: float | None) -> None:
    """Wait for a while, or until hurried."""
    try:
        async with asyncio.timeout(pause):
            await hurry.wait()
    except TimeoutError:
        return


def _new(
    kind: OutboxKind, session_id: str, execution_pk: int, text: str, item_id: str | None = None
) -> OutboxItem:
    """Return a new item."""
    return OutboxItem(
        id=item_id or str(uuid4()),
        kind=kind,
        session_id=session_id,
        execution_pk=execution_pk,
        text=text[:_PREVIEW],
        created=datetime.now(UTC),
    )
