"""A server that says again what an original server said: HTTP and Socket.IO, on loopback.

    async with replaying(script("04_instruct_chat")) as server:
        ...                              # a client of `server.url`, doing what was done then

A request gets the answer that was recorded for one with the same secret, method, path and fields
that matter. Of several recorded answers they come in order, each when its time has come; in
between, what the server knows by then is told, or the last one is repeated. An event is emitted
once everything stands behind it that the recorded client had done before (its requests and its
`start_session`s), to the connections that joined its session; nothing waits for a clock. What a
client of ours does not do is passed over with `pass_over`, so that the events behind it come all
the same.

Like the original, it keeps a message that nobody acknowledged, and sends it again to whoever
joins the session.
"""

import asyncio
import socket
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Final

import socketio
import uvicorn
from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from mojodex_tui.wire.base import JsonObject
from tests.wire.recording import SCENARIOS, Exchange, exchanges
from tests.wire.replay_answers import Call, Fault, answer_to, read_call
from tests.wire.replay_reads import Reads
from tests.wire.replay_script import (
    Answered,
    Asked,
    Connected,
    Joined,
    Key,
    Script,
    Uttered,
    key_of,
)

MARK: Final = "replay_mark"
"""An event of our own; once it is heard, so is everything before it."""

PATIENCE: Final = 60
"""Seconds until a test that waits for something gives up; nothing takes a tenth of it."""

STANDING: Final = ("01_auth", "04c_message_date_timezone")
"""Whose logins and clock settings are answered in every replay, if its own has none."""


@dataclass(frozen=True)
class Outage:
    """All connections break after one event, and the server goes on speaking meanwhile."""

    after: int
    """The `seq` of the last event heard."""
    until: int | None = None
    """The `seq` of the first event that waits until somebody is back, if any does."""


@dataclass(eq=False)
class Delivery:
    """A whole message on its way to one connection."""

    uttered: Uttered
    sid: str
    ack: list[JsonValue] | None = None
    """How it was acknowledged."""
    is_void: bool = False
    """Its connection ended before it was."""


@dataclass(eq=False)
class Replay:
    """The server.

    Args:
        script: What it says.
        faults: What goes wrong, by method and path, one for each request that comes.
        outage: When the connections break.
    """

    script: Script
    faults: Mapping[tuple[str, str], list[Fault]] = field(default_factory=dict)
    outage: Outage | None = None

    def __post_init__(self) -> None:
        self.calls: list[Call] = []
        """Every request, in order."""
        self.unrecorded: list[Call] = []
        """Those no answer is known to; they got a 404."""
        self.served: set[int] = set()
        """The `seq` of the recorded requests that were made."""
        self.joins: list[tuple[str, JsonValue]] = []
        """What each connection emitted to join."""
        self.deliveries: list[Delivery] = []
        self.tokens: list[str | None] = []
        """The token of every connection that was tried."""
        self.members: defaultdict[str, list[str]] = defaultdict(list)
        """The connections that joined a session."""
        self._steps = self.script.broadcasts
        self._cursor = 0
        self._done: set[int] = set()
        self._last: dict[Key, Exchange] = {}
        self.reads = Reads(self.script)
        """What the server knows by now."""
        self._kept: defaultdict[str, list[Uttered]] = defaultdict(list)
        self._last_sid: str | None = None
        self._changed = asyncio.Condition()
        self._marks = 0
        self._cut_off: set[str] = set()
        self._standing = {
            _key(one): one
            for name in STANDING
            for one in exchanges(name)
            if one.good and one.path in {"/user", "/timezone"}
        }
        self._forbidden = {
            one.secret: one
            for one in exchanges("01_auth")
            if (one.path, one.status) == ("/user_task", 403) and one.secret
        }
        self._refusals = {
            step.token: (index, step.refusal)
            for index, step in reversed([*enumerate(self._steps)])
            if isinstance(step, Connected) and isinstance(step.refusal, dict)
        }
        self.sio = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")
        self.sio.on("connect", self._connect)
        self.sio.on("disconnect", self._disconnect)
        self.sio.on("start_session", self._start_session)
        self.port = 0

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_over(self) -> bool:
        """Whether everything was said."""
        return self._cursor == len(self._steps)

    async def pass_over(self, step: Asked | Joined) -> None:
        """Take something the recorded client did as done, though nobody does it now."""
        await self._do(step.seq)
        if isinstance(step, Asked):
            self.reads.take(step.exchange)
            await self._do(self._answered(step).seq)

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until something the server does makes `condition` true."""
        try:
            async with asyncio.timeout(PATIENCE), self._changed:
                await self._changed.wait_for(condition)
        except TimeoutError as error:
            waiting = None if self.is_over else self._steps[self._cursor]
            raise AssertionError(f"{what} never came; the replay waits for {waiting}") from error

    async def mark(self) -> int:
        """Wait until all that can be said was said, heard and acknowledged; return a mark.

        The mark is the last thing every listener of every session hears.
        """
        await self.until(self._is_idle, "the end of what can be said")
        await self.until(lambda: all(map(self.members.get, self._cut_off)), "the client's return")
        self._marks += 1
        number = self._marks
        for session_id, sids in list(self.members.items()):
            for sid in list(sids):
                await self.sio.call(
                    MARK, {"session_id": session_id, "number": number}, to=sid, timeout=PATIENCE
                )
        await self.until(
            lambda: all(one.ack is not None or one.is_void for one in self.deliveries),
            "the acknowledgement of every message",
        )
        return number

    async def play(self) -> None:
        """Say what has its cause, for ever."""
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: not self._is_stuck())
            await self._say_all()

    async def _say_all(self) -> None:
        """Go on to the next thing that waits for the client."""
        while not self._is_stuck():
            step = self._steps[self._cursor]
            if isinstance(step, Uttered):
                await self._await_return(step)
                await self._utter(step)
            async with self._changed:
                self._cursor += 1
                self._changed.notify_all()

    def _is_stuck(self) -> bool:
        """Whether the client has to do something first."""
        return self.is_over or self._waits_for(self._cursor)

    def _is_idle(self) -> bool:
        """Whether nothing comes unless the client does something; answers are on their way."""
        return self._is_stuck() and (
            self.is_over or not isinstance(self._steps[self._cursor], Answered)
        )

    def _waits_for(self, index: int) -> bool:
        """Whether a step is something the client did then, and did not do now."""
        step = self._steps[index]
        return isinstance(step, Asked | Answered | Joined) and step.seq not in self._done

    async def _do(self, seq: int) -> None:
        """Note that something happened."""
        async with self._changed:
            self._done.add(seq)
            self._changed.notify_all()

    def _answered(self, asked: Asked) -> Answered:
        """Return the answer to a request."""
        return next(s for s in self._steps if isinstance(s, Answered) and s.asked is asked)

    async def _await_return(self, step: Uttered) -> None:
        """Wait for the end of the outage, if this event does."""
        if self.outage is not None and step.seq == self.outage.until:
            session_id = step.session_id or ""
            await self.until(lambda: bool(self.members[session_id]), "the client's return")

    async def _utter(self, step: Uttered) -> None:
        """Emit an event to those who joined its session, or keep it for who comes."""
        self.reads.hear(step)
        if step.session_id is None:
            if self._last_sid is not None:
                await self.sio.emit(step.event, step.payload, to=self._last_sid)
            return
        members = list(self.members[step.session_id])
        for sid in members:
            await self._deliver(step, sid)
        if not members and step.ack is not None:
            self._kept[step.session_id].append(step)
        if self.outage is not None and step.seq == self.outage.after:
            await self.cut()

    async def _deliver(self, step: Uttered, sid: str) -> None:
        """Emit an event to one connection."""
        if step.ack is None:
            await self.sio.emit(step.event, step.payload, to=sid)
            return
        delivery = Delivery(step, sid)
        self.deliveries.append(delivery)
        await self.sio.emit(step.event, step.payload, to=sid, callback=self._taker(delivery))

    def _taker(self, delivery: Delivery) -> Callable[..., Awaitable[None]]:
        """Return what takes an acknowledgement."""

        async def take(*args: JsonValue) -> None:
            async with self._changed:
                delivery.ack = [*args]
                self._changed.notify_all()

        return take

    async def cut(self) -> None:
        """Break every connection."""
        self._cut_off |= {session_id for session_id, sids in self.members.items() if sids}
        for sid, eio_sid in list(self.sio.manager.get_participants("/", None)):
            await self.sio.eio.disconnect(eio_sid)
            await self._disconnect(sid, "")

    async def _connect(self, sid: str, _environ: object, auth: Mapping[str, str] | None) -> None:
        token = auth.get("token") if auth else None
        self.tokens.append(token)
        if token in self._refusals:
            index, refusal = self._refusals[token]
            await self.until(lambda: self._cursor > index, "the time to refuse")
            raise socketio.exceptions.ConnectionRefusedError(str(refusal["message"]))

    async def _disconnect(self, sid: str, _reason: str) -> None:
        async with self._changed:
            for members in self.members.values():
                if sid in members:
                    members.remove(sid)
            for delivery in self.deliveries:
                if delivery.sid == sid and delivery.ack is None and not delivery.is_void:
                    delivery.is_void = True
                    self._kept[delivery.uttered.session_id or ""].append(delivery.uttered)
            self._changed.notify_all()

    async def _start_session(self, sid: str, said: JsonObject) -> None:
        session_id = str(said.get("session_id"))
        self.joins.append((sid, said))
        self._last_sid = sid
        async with self._changed:
            if sid not in self.members[session_id]:
                self.members[session_id].append(sid)
            self._changed.notify_all()
        step = self._due(lambda step: isinstance(step, Joined) and step.session_id == session_id)
        if step is not None:
            await self._do(step.seq)
        for kept in self._kept.pop(session_id, []):
            await self._deliver(kept, sid)

    def _due(self, wanted: Callable[[Asked | Joined], bool]) -> Asked | Joined | None:
        """Return the recorded action whose time has come, if it is the one wanted.

        Answers on their way do not hold it up: a client may ask two things at once.
        """
        for index in range(self._cursor, len(self._steps)):
            step = self._steps[index]
            if isinstance(step, Asked | Joined) and step.seq not in self._done:
                return step if wanted(step) else None
        return None

    async def _answer(self, request: Request) -> Response:
        """Answer a request as it was answered then."""
        call = await read_call(request)
        async with self._changed:
            self.calls.append(call)
            self._changed.notify_all()
        waiting = self.faults.get((request.method, request.url.path), [])
        fault = waiting.pop(0) if waiting else Fault.NONE
        if fault is Fault.FAILED:
            return JSONResponse({"message": "Internal Server Error"}, 500)
        step = self._due(lambda step: isinstance(step, Asked) and _fits(step.exchange, call.key))
        if not isinstance(step, Asked):
            return self._repeated(call)
        self.served.add(step.seq)
        self._last[call.key] = step.exchange
        answered = self._answered(step)
        await self._do(step.seq)
        reached = self._steps.index(answered)
        await self.until(lambda: self._cursor >= reached, "what was said before the answer")
        self.reads.take(step.exchange)
        done = partial(self._do, answered.seq)
        return answer_to(step.exchange, call, done, fault)

    def _repeated(self, call: Call) -> Response:
        """Answer what was not asked at this point, as far as that is known."""
        secret, method, path, _ = call.key
        if (told := self.reads.answer(call.key)) is not None:
            return JSONResponse(told)
        known = self._last.get(call.key)
        if known is None and path == "/user_task":
            known = self._forbidden.get(secret)
        if known is None and (method, path) in {("POST", "/user"), ("POST", "/timezone")}:
            known = next(
                (one for key, one in self._standing.items() if key[1:] == call.key[1:]), None
            )
        if known is not None:
            return answer_to(known, call)
        self.unrecorded.append(call)
        if path not in _known_paths():
            return HTMLResponse("<title>404 Not Found</title>", 404)
        return JSONResponse({"error": "This was never asked."}, 404)


@cache
def _known_paths() -> frozenset[str]:
    """Return where original servers have something."""
    asked = (one for scenario in SCENARIOS for one in exchanges(scenario))
    return frozenset(one.path for one in asked if one.status != 404 or isinstance(one.body, dict))


def _key(exchange: Exchange) -> Key:
    """Return the key of a recorded request."""
    return key_of(exchange.secret, exchange.method, exchange.path, exchange.fields)


def _fits(exchange: Exchange, key: Key) -> bool:
    """Whether a request is the recorded one.

    A message may name its execution where the recorded one left that to the server.
    """
    recorded = _key(exchange)
    if recorded == key:
        return True
    *asked, fields = key
    fewer = frozenset(one for one in fields if one[0] != "user_task_execution_pk")
    return exchange.path == "/user_message" and recorded == (*asked, fewer)


@asynccontextmanager
async def replaying(
    script: Script,
    *,
    faults: Mapping[tuple[str, str], list[Fault]] | None = None,
    outage: Outage | None = None,
) -> AsyncIterator[Replay]:
    """Serve a recording until the block ends."""
    replay = Replay(script, faults or {}, outage)
    routes = [Route("/{path:path}", replay._answer, methods=["GET", "PUT", "POST", "DELETE"])]
    app = socketio.ASGIApp(replay.sio, Starlette(routes=routes))
    listening = socket.create_server(("127.0.0.1", 0))
    replay.port = listening.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    )
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(server.serve(sockets=[listening]))
        playing = group.create_task(replay.play())
        try:
            yield replay
        finally:
            playing.cancel()
            server.should_exit = True
            await serving
            listening.close()
