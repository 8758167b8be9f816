"""Have a model write, and tell what grows while it does."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass

from mojodex_tui.backend.assistants.tags import Changed, TagReader, Written
from mojodex_tui.backend.chat.ports import Emit
from mojodex_tui.backend.engine.nodes import Call
from mojodex_tui.backend.llm.errors import LlmError
from mojodex_tui.backend.llm.port import Ask, Llm, Usage

MESSAGE, TITLE, DRAFT = "message", "title", "draft"
"""The channels of the engine's stream; each carries what its text grew by."""
_HEAD = 500


@dataclass(frozen=True)
class MessageToken:
    """What the assistant has said so far, without tags."""

    text: str


@dataclass(frozen=True)
class DraftToken:
    """The title and the body written so far, without tags."""

    title: str
    body: str


OnToken = Callable[[MessageToken | DraftToken], Awaitable[None]]


@dataclass(frozen=True)
class Writing:
    """An answer, as the model gave it and as it reads."""

    raw: str
    read: Written | str
    usage: Usage
    calls: tuple[Call, ...] = ()


async def write(
    llm: Llm, ask: Ask, on_token: OnToken, enough: Callable[[str], bool] | None = None
) -> Writing:
    """Have an answer written, and tell `on_token` about it meanwhile.

    Args:
        llm: who writes.
        ask: what is asked.
        on_token: is told.
        enough: given the answer's beginning, whether the rest is of no use.

    Raises:
        LlmError: the model gave no answer, or not to its end.
    """
    reader = TagReader()
    raw: list[str] = []
    calls: list[Call] = []
    size = 0
    usage = Usage(llm.label)
    tell = _Teller(reader, on_token)
    async with aclosing(tell), aclosing(llm.stream(ask)) as pieces:
        try:
            async for piece in pieces:
                if isinstance(piece, Usage):
                    usage = piece
                    continue
                if isinstance(piece, Call):
                    calls.append(piece)
                    continue
                raw.append(piece)
                size += len(piece)
                await tell.about(reader.feed(piece), len(piece))
                if enough is not None and size < _HEAD and enough("".join(raw)):
                    break
        except LlmError:
            await tell.the_rest()
            raise
        await tell.the_rest()
    return Writing("".join(raw), reader.finish(), usage, tuple(calls))


class Growth:
    """Emits what texts grew by, on the engine's stream.

    Args:
        emit: the stream of the turn.
    """

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._known: dict[str, int] = {}

    async def __call__(self, token: MessageToken | DraftToken) -> None:
        """Take all that was written so far."""
        match token:
            case MessageToken(text=text):
                self._grow(MESSAGE, text)
            case DraftToken(title=title, body=body):
                self._grow(TITLE, title)
                self._grow(DRAFT, body)

    def _grow(self, channel: str, text: str) -> None:
        known = self._known.get(channel, 0)
        if len(text) > known:
            self._known[channel] = len(text)
            self._emit(text[known:], channel)


class _Teller:
    """Passes on what grew, and bounds what that costs.

    A token holds the whole text so far, so that telling of every piece of a long text would cost
    its square, here and on the whole way to the screen. So what grew is told as often as a screen
    can be read, and of a long text no more than a fixed number of characters a second.
    """

    _PAUSE = 0.04
    _RATE = 500_000

    def __init__(self, reader: TagReader, on_token: OnToken) -> None:
        self._reader = reader
        self._on_token = on_token
        self._due = Changed.NOTHING
        self._size = 0
        self._ended = asyncio.Event()
        self._going_on: asyncio.Task[None] | None = None

    async def about(self, changed: Changed, length: int) -> None:
        """Tell now, or when the pause since the last time is over."""
        self._due |= changed
        self._size += length
        if self._due and not self._pauses():
            await self._tell()
            self._going_on = asyncio.create_task(self._go_on())

    async def the_rest(self) -> None:
        """Tell what is due without waiting."""
        self._ended.set()
        if self._going_on is not None:
            await self._going_on
        await self._tell()

    async def aclose(self) -> None:
        """Tell nothing more."""
        if self._going_on is not None and not self._going_on.done():
            self._going_on.cancel()
            await asyncio.wait({self._going_on})

    def _pauses(self) -> bool:
        """Whether it is too soon to tell; raises what went wrong when it was told."""
        if self._going_on is None or not self._going_on.done():
            return self._going_on is not None
        self._going_on.result()
        return False

    async def _go_on(self) -> None:
        """Tell after each pause, until nothing grew in one: a model may rest at any piece."""
        while not self._ended.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(max(self._PAUSE, self._size / self._RATE)):
                    await self._ended.wait()
            if not self._due:
                return
            await self._tell()

    async def _tell(self) -> None:
        due, self._due = self._due, Changed.NOTHING
        if Changed.MESSAGE in due:
            await self._on_token(MessageToken(self._reader.message))
        if Changed.DRAFT in due:
            await self._on_token(DraftToken(self._reader.title, self._reader.body))
