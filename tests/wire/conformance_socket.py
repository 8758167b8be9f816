"""A Socket.IO client that hides nothing: every frame, and who asks for an acknowledgement.

Engine.IO 4 over a WebSocket, or over long polling for the two connections that need no more than
an answer to theirs (wire protocol §10.1).
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import aiohttp
import httpx
from pydantic import JsonValue

from mojodex_tui.wire.base import JsonObject

PATIENCE = 1.0
"""Seconds something recorded is waited for once the server is idle. What has not come by then is
a difference."""

COPY_PATIENCE = 3.0
"""The same for what is sent again and again: a copy keeps its own time."""

COPIED = frozenset({"draft_message", "mojo_message"})

_PING, _PONG = "2", "3"
_EVENT, _ACK = "42", "43"


@dataclass(frozen=True)
class Heard:
    """An event that came in."""

    name: str
    payload: JsonValue
    ack_id: int | None

    @property
    def session_id(self) -> str:
        """The session it says it is of, if it says so."""
        return str(self.payload.get("session_id", "")) if isinstance(self.payload, dict) else ""


@dataclass
class Socket:
    """One WebSocket, and all that came in by it."""

    socket: aiohttp.ClientWebSocketResponse
    answers_pings: bool = True
    frames: list[str] = field(default_factory=list)
    """What is no event."""
    events: list[Heard] = field(default_factory=list)
    acknowledges: Callable[["Heard", int], JsonValue] = lambda _event, _place: None
    """What to acknowledge an event with, given its place among its like; `None` for nothing."""
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _reading: asyncio.Task[None] | None = None
    _handled: int = 0
    """How many of our events the server has handled."""

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, url: str, *, raw: bool = False) -> "Socket":
        """Open a WebSocket; a raw one answers no pings by itself."""
        address = f"{url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"
        opened = cls(await http.ws_connect(address), answers_pings=not raw)
        opened._reading = asyncio.create_task(opened._read())
        return opened

    async def _read(self) -> None:
        async for frame in self.socket:
            text = str(frame.data)
            if text.startswith(_EVENT):
                await self._take(read_event(text))
            elif text.startswith(_ACK) and self.answers_pings:
                self._handled += 1
            elif text == _PING and self.answers_pings:
                await self.socket.send_str(_PONG)
            else:
                self.frames.append(text)
            async with self._news:
                self._news.notify_all()

    async def _take(self, event: Heard) -> None:
        """Keep an event, and acknowledge it at once: copies come soon."""
        self.events.append(event)
        if event.ack_id is not None:
            place = len(self.of(event.name, event.session_id)) - 1
            arguments = self.acknowledges(event, place)
            if arguments is not None:
                await self.acknowledge(event.ack_id, arguments)

    async def join(self, auth: JsonValue) -> str:
        """Connect to the namespace, and return the frame that answers."""
        await self.send("40" if auth is None else f"40{json.dumps(auth)}")
        return await self.frame(1)

    async def send(self, frame: str) -> None:
        """Send a frame as it is; what a closed socket cannot take is lost."""
        if not self.socket.closed:
            await self.socket.send_str(frame)

    async def emit(self, event: str, arguments: JsonValue) -> None:
        """Send an event, and wait until it was handled: what comes next must not overtake it."""
        listed = arguments if isinstance(arguments, list) else [arguments]
        wanted = self._handled + 1
        await self.send(f"{_EVENT}{wanted}{json.dumps([event, *listed])}")
        await self._until(lambda: self._handled >= wanted or self.socket.closed)

    async def acknowledge(self, ack_id: int, arguments: JsonValue) -> None:
        """Send an acknowledgement."""
        await self.send(f"{_ACK}{ack_id}{json.dumps(arguments)}")

    async def frame(self, place: int) -> str:
        """Return a frame that is no event by its place, `""` if it does not come."""
        await self._until(lambda: len(self.frames) > place)
        return self.frames[place] if len(self.frames) > place else ""

    async def event(self, name: str, session_id: str, place: int) -> Heard | None:
        """Return an event of a session by its place among those of its name."""
        patience = COPY_PATIENCE if name in COPIED else PATIENCE
        await self._until(lambda: len(self.of(name, session_id)) > place, patience)
        found = self.of(name, session_id)
        return found[place] if len(found) > place else None

    def of(self, name: str, session_id: str) -> list[Heard]:
        """Return the events of a name and a session."""
        return [
            heard for heard in self.events if (heard.name, heard.session_id) == (name, session_id)
        ]

    async def _until(self, there: Callable[[], bool], patience: float = PATIENCE) -> None:
        try:
            async with asyncio.timeout(patience), self._news:
                await self._news.wait_for(there)
        except TimeoutError:
            return

    async def close(self) -> None:
        """Close it."""
        await self.socket.close()
        if self._reading is not None:
            await self._reading


def read_event(frame: str) -> Heard:
    """Return the event a frame carries."""
    digits = frame[len(_EVENT) : frame.index("[")]
    name, *arguments = json.loads(frame[frame.index("[") :])
    return Heard(name, arguments[0] if arguments else None, int(digits) if digits else None)


async def poll_connection(http: httpx.AsyncClient, auth: JsonValue) -> str:
    """Connect by long polling, and return the frame that answers."""
    opened = await http.get("/socket.io/", params={"EIO": "4", "transport": "polling"})
    told: JsonObject = json.loads(opened.text[1:])
    place = {"EIO": "4", "transport": "polling", "sid": str(told["sid"])}
    await http.post("/socket.io/", params=place, content=f"40{json.dumps(auth)}")
    return (await http.get("/socket.io/", params=place)).text


def names(events: list[Heard]) -> Iterator[str]:
    """Yield the names of events, a run of tokens as one, without the titles.

    A title is written beside the answer, so its place says nothing (wire protocol §10.7).
    """
    last = ""
    for heard in events:
        if heard.name == "user_task_execution_title":
            continue
        if not (heard.name.endswith("_token") and heard.name == last):
            yield heard.name
        last = heard.name
