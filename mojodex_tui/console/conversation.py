"""A session followed line by line: what is said is sent, what comes back is waited for."""

import asyncio
from contextlib import aclosing
from types import TracebackType
from typing import Final, Self

from mojodex_tui.client.errors import ApiError
from mojodex_tui.client.port import Mojodex, OutboxChange, OutboxItem, OutboxStatus, Resynchronise
from mojodex_tui.state import session as sessions
from mojodex_tui.state.runs import Run
from mojodex_tui.state.session import Phase, SessionState

_SILENCE: Final = 20.0
"""Seconds without a word, while one is awaited, after which it is asked whether one was lost."""


class NotSent(Exception):
    """The server refused what the user wrote.

    Args:
        sentence: Why, and what to do.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Conversation:
    """What is said in a run; use it as `async with Conversation(…) as conversation`.

    Args:
        mojodex: The backend the run is on.
        run: Whose session it is.
    """

    def __init__(self, mojodex: Mojodex, run: Run) -> None:
        self._mojodex = mojodex
        self.run = run
        self.state: SessionState | None = None
        self._changed = asyncio.Event()
        self._refused: dict[str, OutboxItem] = {}
        self._sent: str | None = None
        self._listening: asyncio.Task[None] | None = None
        self._unsubscribe = mojodex.outbox.subscribe(self._follow_outbox)

    async def __aenter__(self) -> Self:
        """Listen, then fetch what was said before."""
        self._listening = asyncio.create_task(self._listen())
        await self._fetch()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Listen no more; the run goes on by itself."""
        self._unsubscribe()
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait({self._listening})

    async def say(self, text: str) -> None:
        """Send a message."""
        run = self.run
        item = await self._mojodex.outbox.send_message(run.session_id, run.execution_pk, text)
        self.expect(item)

    def expect(self, item: OutboxItem) -> None:
        """Wait for the answer to something that was handed to the outbox."""
        self._sent = item.id
        if self.state is not None:
            self.state = sessions.asked(self.state)

    async def answered(self) -> SessionState:
        """Wait until the assistant has said its last word, and return the session then.

        Raises:
            NotSent: the server will not have what was sent.
            ApiError: the session could not be read.
        """
        while True:
            self._changed.clear()
            if self._sent in self._refused:
                raise NotSent(self._refused[self._sent].cause or "It was refused.")
            if self.state is not None and not self.state.phase.is_busy:
                return self.state
            await self.wait_for_news()

    async def wait_for_news(self) -> None:
        """Wait until something was said, or so long that it must have been lost.

        Raises:
            ApiError: the session could not be read.
        """
        try:
            async with asyncio.timeout(_SILENCE):
                await self._changed.wait()
        except TimeoutError:
            await self._fetch()

    async def _listen(self) -> None:
        async with aclosing(self._mojodex.live.listen(self.run.session_id)) as events:
            async for event in events:
                if isinstance(event, Resynchronise):
                    try:
                        await self._fetch()
                    except ApiError:
                        continue  # the next one comes with the next connection
                elif self.state is not None:
                    self.state = sessions.apply(self.state, event)
                self._changed.set()

    async def _fetch(self) -> None:
        api, run = self._mojodex.api, self.run
        execution = await api.execution(run.execution_pk)
        history = await api.messages(run.session_id)
        fresh = sessions.loaded(execution, history.rows)
        state = fresh if self.state is None else sessions.resynchronised(self.state, fresh)
        if state.phase is Phase.IDLE and self._is_on_its_way():
            state = sessions.asked(state)
        self.state = state
        self._changed.set()

    def _is_on_its_way(self) -> bool:
        unsent = self._mojodex.outbox.unsent(self.run.session_id)
        return any(item.status is not OutboxStatus.REFUSED for item in unsent)

    def _follow_outbox(self, change: OutboxChange) -> None:
        if change.item.session_id == self.run.session_id:
            if change.item.status is OutboxStatus.REFUSED:
                self._refused[change.item.id] = change.item
            self._changed.set()
