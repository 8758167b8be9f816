"""Listening to a server over Socket.IO (wire protocol §10).

What speaks it is imported when a connection is wanted: what was cached is to be seen before.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from pydantic import JsonValue, ValidationError

from mojodex_tui.client.backoff import Backoff, gentle
from mojodex_tui.client.causes import is_certificate_problem, told_by
from mojodex_tui.client.errors import (
    ApiError,
    CertificateProblem,
    Refused,
    SignInNeeded,
    Unreachable,
)
from mojodex_tui.client.hearing import Hearing
from mojodex_tui.client.http import Endpoint
from mojodex_tui.client.observable import Subject
from mojodex_tui.client.port import Connection, Link
from mojodex_tui.client.way import Way
from mojodex_tui.lean import without
from mojodex_tui.wire.events import (
    START_SESSION,
    ConnectAuth,
    ConnectRefusal,
    ErrorReported,
    ServerEvent,
    StartSession,
    UnknownEvent,
    ack_of,
    parse_event,
)
from mojodex_tui.wire.heard import LiveEvent, Resynchronise

if TYPE_CHECKING:
    import aiohttp
    import socketio

_CONNECT_PATIENCE: Final = 10
_JOIN_PATIENCE: Final = 3.0
"""Seconds; a server that does not confirm has joined us all the same by then."""
_HOPEFUL_TRIES: Final = 8
"""Failures in a row until `reconnecting` is called `offline`."""
_STABLE: Final = 30.0
"""Seconds after which a connection was a good one."""
_FIRST_PICTURE: Final = 0.3
"""Seconds that are left to the screen before a server that is not there yet is prepared for."""
_CLOSE_PATIENCE: Final = 0.5
_TOKEN_REFUSALS: Final = frozenset({"Expired token", "Invalid token", "Missing token"})


@dataclass(eq=False)
class _Listener:
    """Someone who listens to a session."""

    session_id: str
    hearing: Hearing
    queue: asyncio.Queue[LiveEvent] = field(default_factory=asyncio.Queue)

    def hear(self, event: ServerEvent) -> None:
        """Pass on what an event means."""
        for heard in self.hearing.take(event):
            self.queue.put_nowait(heard)

    def resynchronise(self) -> None:
        """Tell that something may have been missed."""
        self.hearing.start_over()
        self.queue.put_nowait(Resynchronise(self.session_id))


class SocketEvents:
    """The port to listen, over a websocket that is opened again whenever it is lost.

    Args:
        way: Where the server is.
        local: Whether it is the backend on this computer.
        backoff: How long to wait between two tries.
        overhear: Is told every event, whoever listens.
    """

    def __init__(
        self,
        way: Way,
        *,
        local: bool,
        backoff: Backoff = gentle,
        overhear: Callable[[ServerEvent], None] = lambda _event: None,
    ) -> None:
        self._way = way
        self._overhear = overhear
        self._backoff = backoff
        self._local = local
        self._connection = Subject(Connection(Link.RECONNECTING, _now()))
        self._listeners: list[_Listener] = []
        self._joined: dict[str, asyncio.Event] = {}
        self._socket: socketio.AsyncClient | None = None
        self._hurry = asyncio.Event()

    @property
    def connection(self) -> Subject[Connection]:
        """The way to the server, as the header shows it."""
        return self._connection

    def listen(self, session_id: str) -> AsyncGenerator[LiveEvent, None]:
        """Yield what the session says, until the iterator is closed."""
        listener = _Listener(session_id, Hearing(session_id))
        self._listeners.append(listener)
        return self._hear(listener)

    async def joined(self, session_id: str) -> None:
        """Wait until what the session says is heard; not if nobody listens, or offline."""
        event = self._joined.get(session_id)
        if event is not None and self._socket is not None:
            await event.wait()

    def try_now(self) -> None:
        """Do not wait for the next try."""
        self._hurry.set()

    def note_unsent(self, count: int) -> None:
        """Show how many items wait in the outbox."""
        self._connection.set(replace(self._connection.value, unsent=count))

    async def run(self) -> None:
        """Keep the connection until cancelled."""
        failures = 0
        clock = asyncio.get_running_loop().time
        while True:
            self._hurry.clear()
            began = clock()
            cause: ApiError | None = None
            try:
                endpoint = await self._endpoint()
                # Proxies come from the environment; none of them leads to this computer.
                async with _http_session(trust_env=not self._local) as http:
                    await self._stay(endpoint, http)
            except ApiError as error:
                cause = error
            # A connection that is cut as soon as it is made is a failure too.
            failures = 1 if clock() - began > _STABLE else failures + 1
            await self._rest(cause, failures)

    async def _endpoint(self) -> Endpoint:
        """Return where to connect; what connects is imported while that is found out.

        Raises:
            ApiError: it could not be found out.
        """
        finding = asyncio.ensure_future(self._way.endpoint())
        try:
            # At a start the screen shows meanwhile what was cached: imports would slow it down.
            await asyncio.wait({finding}, timeout=_FIRST_PICTURE)
            # In a thread, because they would also hold up the keys that are being typed.
            await asyncio.to_thread(_load)
            return await finding
        finally:
            finding.cancel()

    async def _stay(self, endpoint: Endpoint, http: aiohttp.ClientSession) -> None:
        """Connect, and return when the connection is lost.

        Raises:
            ApiError: there was no connection.
        """
        import socketio

        lost = asyncio.Event()
        refusals: list[object] = []
        socket = socketio.AsyncClient(reconnection=False, handle_sigint=False, http_session=http)
        socket.on("*", self._receive)
        socket.on("disconnect", lambda _reason: lost.set())
        socket.on("connect_error", refusals.append)
        try:
            await self._connect(socket, endpoint, refusals)
            self._socket = socket
            await self._join_all(socket)
            self._note(Link.LOCAL if self._local else Link.ONLINE)
            for listener in self._listeners:
                listener.resynchronise()
            await lost.wait()
        except ApiError as error:
            if await self._way.mend(error, endpoint):
                self._hurry.set()
            raise
        finally:
            self._socket = None
            # Nobody may wait for a session to be joined on a connection that is gone.
            for event in self._joined.values():
                event.set()
            await socket.disconnect()

    async def _connect(
        self, socket: socketio.AsyncClient, endpoint: Endpoint, refusals: list[object]
    ) -> None:
        """Open the websocket.

        Raises:
            ApiError: it did not open.
        """
        if endpoint.token is None:
            raise SignInNeeded
        try:
            await _to_its_end(
                socket.connect(
                    endpoint.url,
                    auth=ConnectAuth(token=endpoint.token).to_wire(),
                    transports=["websocket"],
                    wait_timeout=_CONNECT_PATIENCE,
                )
            )
        except _connect_failures() as error:
            refusal = _refusal(refusals)
            if refusal in _TOKEN_REFUSALS:
                raise SignInNeeded(refusal) from error
            if refusal is not None:
                raise Refused(f"The server refused to be listened to: {refusal}") from error
            kind = CertificateProblem if is_certificate_problem(error) else Unreachable
            raise kind(endpoint.url, told_by(error)) from error

    async def _rest(self, error: ApiError | None, failures: int) -> None:
        """Wait before the next try; a missing sign-in cannot be waited for."""
        pause = None if isinstance(error, SignInNeeded) else self._backoff(failures)
        link = Link.OFFLINE if pause is None or failures >= _HOPEFUL_TRIES else Link.RECONNECTING
        next_try = None if pause is None else _now() + timedelta(seconds=pause)
        self._note(link, next_try, error)
        try:
            async with asyncio.timeout(pause):
                await self._hurry.wait()
        except TimeoutError:
            return

    def _note(
        self, link: Link, next_try: datetime | None = None, cause: ApiError | None = None
    ) -> None:
        """Show the state of the connection."""
        before = self._connection.value
        since = before.since if before.link is link else _now()
        self._connection.set(Connection(link, since, next_try, before.unsent, cause))

    def _receive(self, name: str, *args: JsonValue) -> JsonValue:
        """Pass an event on, and return its acknowledgement, also if it comes twice."""
        event = parse_event(name, args[0] if args else None)
        self._overhear(event)
        for listener in self._addressed(event):
            listener.hear(event)
        ack = ack_of(event)
        return ack.to_wire() if ack is not None else None

    def _addressed(self, event: ServerEvent) -> list[_Listener]:
        """Return who wants to hear an event."""
        match event:
            case ErrorReported(session_id=None, error=error):
                # A bare string may name the session it is about (wire protocol §10.3).
                named = [one for one in self._listeners if one.session_id in error]
                return named or self._listeners
            case UnknownEvent(payload=dict(payload)):
                session_id = payload.get("session_id")
            case UnknownEvent():
                return []
            case _:
                session_id = event.session_id
        return [one for one in self._listeners if one.session_id == session_id]

    async def _hear(self, listener: _Listener) -> AsyncGenerator[LiveEvent, None]:
        """Yield what a listener is told."""
        try:
            await self._join(listener.session_id)
            while True:
                yield await listener.queue.get()
        finally:
            self._listeners.remove(listener)
            if not any(one.session_id == listener.session_id for one in self._listeners):
                self._joined.pop(listener.session_id, None)

    async def _join(self, session_id: str) -> None:
        """Join a session, if that was not done on this connection."""
        if session_id in self._joined:
            return
        self._joined[session_id] = asyncio.Event()
        if self._socket is not None:
            await self._start_session(self._socket, session_id)

    async def _join_all(self, socket: socketio.AsyncClient) -> None:
        """Join the sessions listened to; a new connection has joined none (§10.3)."""
        for session_id in _sessions_of(self._listeners):
            self._joined[session_id] = asyncio.Event()
        await asyncio.gather(
            *(self._start_session(socket, session_id) for session_id in self._joined)
        )

    async def _start_session(self, socket: socketio.AsyncClient, session_id: str) -> None:
        """Ask to hear a session, and wait until the server has seen to it."""
        import socketio

        # Without an answer the server never confirms, or is gone, and is joined again later.
        with suppress(socketio.exceptions.TimeoutError, socketio.exceptions.BadNamespaceError):
            await socket.call(
                START_SESSION,
                StartSession(session_id=session_id).to_wire(),
                timeout=_JOIN_PATIENCE,
            )
        if (event := self._joined.get(session_id)) is not None:
            event.set()


def _load() -> None:
    """Import what connects."""
    # Only Socket.IO's blocking client, which is not used here, calls with `requests`.
    with without("requests"):
        for name in ("socketio", "aiohttp"):
            importlib.import_module(name)


def _http_session(*, trust_env: bool) -> aiohttp.ClientSession:
    """Return what connections are made with."""
    import aiohttp

    return aiohttp.ClientSession(trust_env=trust_env)


def _connect_failures() -> tuple[type[Exception], ...]:
    """Return what is raised where there is no connection."""
    import aiohttp
    import socketio

    return socketio.exceptions.ConnectionError, aiohttp.ClientError, OSError


async def _to_its_end(connecting: Coroutine[None, None, None]) -> None:
    """Connect; a cancelled attempt gets time to end, or it would leave its websocket open."""
    attempt = asyncio.create_task(connecting)
    try:
        await asyncio.shield(attempt)
    except asyncio.CancelledError:
        with suppress(*_connect_failures(), TimeoutError):
            async with asyncio.timeout(_CLOSE_PATIENCE):
                await attempt
        raise


def _sessions_of(listeners: list[_Listener]) -> Iterator[str]:
    """Yield each session once."""
    yield from dict.fromkeys(listener.session_id for listener in listeners)


def _refusal(refusals: list[object]) -> str | None:
    """Return why the server, rather than the network, refused the connection (§10.2)."""
    for refusal in refusals:
        try:
            return ConnectRefusal.model_validate(refusal).message
        except ValidationError:
            continue  # the transport's own word
    return None


def _now() -> datetime:
    """Return the current moment."""
    return datetime.now(UTC)
