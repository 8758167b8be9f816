"""A session followed line by line: what is said is sent, what comes back is waited for."""

import asyncio
from contextlib import aclosing
from types import TracebackType
from typing import Final, Self

from mojodex_tui.client.errors import ApiError
from mojodex_tui.client.port import Mojodex, OutboxChange, OutboxStatus, Resynchronise
from mojodex_tui.state import session as sessions
from mojodex_tui.state.runs import Run
from mojodex_tui.state.session import SessionState

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
        await self._mojodex.outbox.send_message(run.session_id, run.execution_pk, text)
        self._expect()

    async def try_again(self) -> None:
        """Have the last message answered, or the form run, once more."""
        if self.state is None:
            return
        run, outbox = self.run, self._mojodex.outbox
        match sessions.to_ask_again(self.state):
            case sessions.Said() as last:
                await outbox.send_message(
                    run.session_id, run.execution_pk, last.text, message_id=last.message_id
                )
            case tuple() as inputs:
                await outbox.run_form(run.session_id, run.execution_pk, inputs, again=True)
            case None:
                return
        self._expect()

    async def answered(self) -> SessionState:
        """Wait until the assistant has said its last word, and return the session then.

        Raises:
            NotSent: the server will not have what was sent.
            ApiError: the session could not be read.
        """
        while True:
            self._changed.clear()
            self.check_sent()
            if self.state is not None and not self.state.phase.is_busy:
                return self.state
            await self.wait_for_news()

    def check_sent(self) -> None:
        """Look whether the server took what was sent.

        Raises:
            NotSent: it will not have it.
        """
        for item in self._mojodex.outbox.unsent(self.run.session_id):
            if item.status is OutboxStatus.REFUSED:
                raise NotSent(item.cause or "The server refused it.")

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
        while True:
            on_their_way = self._on_their_way()
            execution = await api.execution(run.execution_pk)
            history = await api.messages(run.session_id)
            if on_their_way == self._on_their_way():
                break  # else the answers may be older than what arrived meanwhile
        fresh = sessions.loaded(execution, history.rows)
        state = fresh if self.state is None else sessions.resynchronised(self.state, fresh)
        self.state = sessions.asked(state) if on_their_way else state
        self._changed.set()

    def _on_their_way(self) -> list[str]:
        unsent = self._mojodex.outbox.unsent(self.run.session_id)
        return [item.id for item in unsent if item.status is not OutboxStatus.REFUSED]

    def _expect(self) -> None:
        """Wait for an answer from now on."""
        if self.state is not None:
            self.state = sessions.asked(self.state)

    def _follow_outbox(self, change: OutboxChange) -> None:
        if change.item.session_id == self.run.session_id:
            self._changed.set()
