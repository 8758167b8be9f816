"""Models behind any server that speaks OpenAI's chat completions."""

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mojodex_tui.backend.llm.endpoint import CallFailed, Endpoint
from mojodex_tui.backend.llm.errors import ModelSilent
from mojodex_tui.backend.llm.port import Ask, Piece
from mojodex_tui.settings.sections import LlmTimeouts

if TYPE_CHECKING:
    from mojodex_tui.backend.llm.openai_chat import Chat


_USUAL = LlmTimeouts()


@dataclass(frozen=True)
class Patience:
    """How long a model is waited for, in seconds, and how often it is asked."""

    connect: float = _USUAL.connect_timeout
    first_token: float = _USUAL.first_token_timeout
    between_tokens: float = _USUAL.between_tokens_timeout
    attempts: int = 4
    """Calls in all, as long as none has brought a token."""
    pause: float = 0.5
    """Before the second call; doubles with each, give or take a quarter."""
    longest_pause: float = 20.0
    """A server that asks to wait for longer is not waited for."""


class OpenAiCompatible:
    """A model at an endpoint. What it needs is imported, in a thread, by the first call."""

    is_model = True

    def __init__(self, endpoint: Endpoint, patience: Patience | None = None) -> None:
        self._endpoint = endpoint
        self._patience = patience or Patience()
        self._chat: Chat | None = None

    @property
    def label(self) -> str:
        """The model and where it is."""
        return f"{self._endpoint.model} at {self._endpoint.host}"

    @property
    def takes_pictures(self) -> bool:
        """Whether the model looks at images; it is thought to until it refuses one."""
        return self._chat is None or self._chat.takes_pictures

    async def warm_up(self) -> None:
        """Import now what the first call would import, so that it answers sooner."""
        await self._connected()

    async def stream(self, ask: Ask) -> AsyncGenerator[Piece]:
        """Yield the answer in pieces and, last, what it cost.

        Closing the iterator closes the connection. A call that fails before its first token is
        repeated where that may help.

        Raises:
            LlmError: the answer could not be had, or not to its end.
        """
        chat = await self._connected()
        attempt, said = 0, False
        while True:
            attempt += 1
            try:
                async with aclosing(self._call(chat, ask)) as pieces:
                    async for piece in pieces:
                        said = True
                        yield piece
                return
            except CallFailed as failure:
                error, pause = failure.error, self._pause(failure, attempt)
            if said or pause is None:
                raise error
            await asyncio.sleep(pause)

    async def _call(self, chat: "Chat", ask: Ask) -> AsyncGenerator[Piece]:
        """Call once, and give up when it stays silent."""
        limit = self._patience.first_token
        async with aclosing(chat.stream(ask)) as pieces:
            while True:
                try:
                    async with asyncio.timeout(limit):
                        piece = await anext(pieces, None)
                except TimeoutError:
                    break
                if piece is None:
                    return
                limit = self._patience.between_tokens
                if piece != "":
                    yield piece
        raise CallFailed(
            ModelSilent(
                f"{self.label} said nothing for {limit:g} s. Try again; if it happens often, "
                "choose a smaller model or a longer time-out."
            )
        )

    def _pause(self, failure: CallFailed, attempt: int) -> float | None:
        """Return how long to wait before the next call, or `None` when there should be none."""
        patience = self._patience
        if not failure.again or attempt >= patience.attempts:
            return None
        if failure.after is not None:
            return failure.after if failure.after <= patience.longest_pause else None
        # Not a secret: only so that several programs do not knock at the same moment.
        spread = random.uniform(0.75, 1.25)  # noqa: S311 - no secret, only spread
        return min(patience.pause * 2.0 ** (attempt - 1) * spread, patience.longest_pause)

    async def _connected(self) -> "Chat":
        if self._chat is None:
            self._chat = await asyncio.to_thread(self._connect)
        return self._chat

    def _connect(self) -> "Chat":
        # Here, because it takes a second.
        from mojodex_tui.backend.llm.openai_chat import Chat

        return Chat(self._endpoint, self._patience.connect)
