"""Deliver messages until a client acknowledges them (wire protocol §10.5).

What is not acknowledged is kept in the database: an original server keeps it in memory, loses it
at a restart and never forgets it otherwise.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from mojodex_tui.backend.domain.conversations import Delivery
from mojodex_tui.backend.services.ports import Clock, EventSink, Store
from mojodex_tui.wire.events import Ack, DraftAck, MessageAck, parse_ack

MOST_COPIES = 121
"""The first one and 120 more."""


@dataclass
class Deliveries:
    """Sends messages and their copies.

    Args:
        store: where they are kept.
        sink: where they go.
        clock: tells when.
        interval: the time from one copy to the next.
        shared: whether other processes keep messages for our clients too, and tell us nothing.
    """

    store: Store
    sink: EventSink
    clock: Clock
    interval: timedelta
    shared: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    async def send(self, delivery: Delivery) -> None:
        """Send a copy, if somebody may be there to get it."""
        if not self.sink.reaches(delivery.session_id):
            return
        async with self.store.write() as work:
            if delivery.copies >= MOST_COPIES:
                await work.deliveries.remove(delivery.pk)
                return
            if not await work.deliveries.take_copy(delivery, self.clock() + self.interval):
                return
        await self.sink.deliver(delivery, lambda payload: self._acknowledged(delivery, payload))
        self.wake()

    def wake(self) -> None:
        """Look again at what is to be sent: something is new, or somebody came."""
        self._changed.set()

    async def run(self) -> None:
        """Send copies when they are due, for ever."""
        while True:
            self._changed.clear()
            await self._send_due()
            pause = await self._pause()
            try:
                async with asyncio.timeout(pause):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def _send_due(self) -> None:
        present = self.sink.present_sessions()
        if not present:
            return
        async with self.store.read() as work:
            due = await work.deliveries.due(present, self.clock())
        for delivery in due:
            await self.send(delivery)

    async def _pause(self) -> float | None:
        """Return the seconds until there may be a copy to send; `None` for no end."""
        present = self.sink.present_sessions()
        if not present:
            return None
        async with self.store.read() as work:
            moment = await work.deliveries.next_copy(present)
        if moment is None:
            return self.interval.total_seconds() if self.shared else None
        return max(0.0, (moment - self.clock()).total_seconds())

    async def _acknowledged(self, delivery: Delivery, payload: object) -> None:
        ack = parse_ack(payload)
        if ack is None or not _is_for(ack, delivery):
            return
        async with self.store.write() as work:
            if not await work.deliveries.remove(delivery.pk):
                return
            if delivery.version_pk is None:
                await work.messages.mark_read({delivery.message_pk}, self.clock())
            else:
                await work.texts.mark_read(delivery.version_pk, self.clock())


def _is_for(ack: Ack, delivery: Delivery) -> bool:
    """Whether an acknowledgement means this delivery: a draft is named by its version only."""
    if ack.session_id != delivery.session_id:
        return False
    match ack:
        case MessageAck():
            return delivery.version_pk is None and ack.message_pk == delivery.message_pk
        case DraftAck():
            return ack.produced_text_version_pk == delivery.version_pk
