"""What the user writes in one session: typed, queued, or on its way."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mojodex_tui.client.port import (
    OutboxItem,
    OutboxStatus,
    message_draft,
    queue_draft,
)
from mojodex_tui.files import recording
from mojodex_tui.state.session import Said, SessionState, to_ask_again
from mojodex_tui.ui.widgets.conversation import Waiting

if TYPE_CHECKING:
    from pathlib import Path

    from mojodex_tui.client.port import Mojodex
    from mojodex_tui.state.runs import Run


class Outgoing:
    """Keeps every word on disk until the server has it.

    Args:
        mojodex: The backend in use.
        run: Whose session it is.
    """

    def __init__(self, mojodex: Mojodex, run: Run) -> None:
        self._outbox = mojodex.outbox
        self._drafts = mojodex.drafts
        self._run = run
        self._message_key = message_draft(run.session_id)
        self._queue_key = queue_draft(run.session_id)
        self._kept_message = ""
        self.queued: tuple[str, ...] = ()
        """Written while the assistant was busy; sent in order, each after the answer before."""

    # --- typed -----------------------------------------------------------------------------

    async def bring_back(self) -> str:
        """Return what stood in the message box; what was queued is queued again."""
        queued = await self._drafts.get(self._queue_key)
        if isinstance(queued, list):
            self.queued = tuple(text for text in queued if isinstance(text, str))
        typed = await self._drafts.get(self._message_key)
        self._kept_message = typed if isinstance(typed, str) else ""
        return self._kept_message

    async def keep_message(self, text: str) -> None:
        """Keep what stands in the message box."""
        if text == self._kept_message:
            return
        if text:
            await self._drafts.put(self._message_key, text)
        else:
            await self._drafts.forget(self._message_key)
        self._kept_message = text

    # --- queued and sent -------------------------------------------------------------------

    async def send(self, text: str) -> None:
        """Hand a message to the outbox."""
        run = self._run
        await self._outbox.send_message(run.session_id, run.execution_pk, text)

    async def send_recording(self, path: Path) -> None:
        """Hand a spoken message to the outbox.

        Raises:
            FileUnreadable: it cannot be read.
        """
        sound = await asyncio.to_thread(recording, path)
        run = self._run
        await self._outbox.send_recording(run.session_id, run.execution_pk, sound)

    async def queue(self, text: str) -> None:
        """Keep a message until the assistant has ended."""
        await self._keep_queue((*self.queued, text))

    async def send_next(self) -> None:
        """Send the first of the queue."""
        text, *rest = self.queued
        self.queued = tuple(rest)
        await self.send(text)
        await self._write_queue()

    async def ask_again(self, state: SessionState) -> bool:
        """Have the last message answered, or the form run, once more.

        Returns:
            Whether there is anything to ask again.
        """
        run = self._run
        match to_ask_again(state):
            case Said() as last:
                await self._outbox.send_message(
                    run.session_id, run.execution_pk, last.text, message_id=last.message_id
                )
            case tuple() as inputs:
                await self._outbox.run_form(run.session_id, run.execution_pk, inputs, again=True)
            case None:
                return False
        return True

    # --- what waits ------------------------------------------------------------------------

    @property
    def unsent(self) -> tuple[OutboxItem, ...]:
        """What the server does not have yet."""
        return self._outbox.unsent(self._run.session_id)

    def waiting(self) -> list[Waiting]:
        """Return all that waits, as the conversation shows it."""
        return [
            *map(_unsent, self.unsent),
            *(
                Waiting(f"q{index}", text, f"{index + 1} queued till mojo is done")
                for index, text in enumerate(self.queued)
            ),
        ]

    async def retry(self, key: str | None) -> bool:
        """Send an unsent message again: the one shown under `key`, or the last one.

        Returns:
            Whether there was one.
        """
        item = self._find(key)
        if item is not None:
            await self._outbox.retry(item.id)
        return item is not None

    async def drop(self, key: str | None) -> None:
        """Give up what is shown under `key`, or what was written last."""
        item = self._find(key)
        if item is not None:
            await self._outbox.drop(item.id)
        elif self.queued and (key is None or key.startswith("q")):
            index = len(self.queued) - 1 if key is None else int(key.removeprefix("q"))
            await self._keep_queue(self.queued[:index] + self.queued[index + 1 :])

    def _find(self, key: str | None) -> OutboxItem | None:
        unsent = self.unsent
        if key is None:
            return unsent[-1] if unsent and not self.queued else None
        return next((item for item in unsent if f"o{item.id}" == key), None)

    async def _keep_queue(self, texts: tuple[str, ...]) -> None:
        self.queued = texts
        await self._write_queue()

    async def _write_queue(self) -> None:
        if self.queued:
            await self._drafts.put(self._queue_key, list(self.queued))
        else:
            await self._drafts.forget(self._queue_key)


def _unsent(item: OutboxItem) -> Waiting:
    """Return how an item of the outbox is shown."""
    if item.cause is None:
        state = "sending"
    elif item.status is OutboxStatus.REFUSED:
        state = f"not sent: {item.cause}  r retry  x drop"
    else:
        state = f"not sent yet: {item.cause}"
    return Waiting(f"o{item.id}", item.text, state, refused=item.cause is not None)
