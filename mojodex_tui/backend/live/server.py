"""The Socket.IO server and the two things clients ask of it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import socketio

from mojodex_tui.backend.services.accounts import Accounts
from mojodex_tui.backend.services.deliveries import Deliveries
from mojodex_tui.backend.services.errors import NotAllowed
from mojodex_tui.backend.services.sessions import SessionRooms
from mojodex_tui.backend.services.tokens import ExpiredToken
from mojodex_tui.wire.events import START_SESSION

_PING_SECONDS = 15
_PONG_SECONDS = 40
"""Wire protocol §10.1."""


def build_server(redis_url: str | None) -> socketio.AsyncServer:
    """Return a server; events pass between processes if there is a Redis."""
    return socketio.AsyncServer(
        async_mode="asgi",
        client_manager=socketio.AsyncRedisManager(redis_url) if redis_url else None,
        cors_allowed_origins="*",
        ping_interval=_PING_SECONDS,
        ping_timeout=_PONG_SECONDS,
        # Without loggers of ours, these would write to standard error.
        logger=logging.getLogger("socketio"),
        engineio_logger=logging.getLogger("engineio"),
    )


@asynccontextmanager
async def hearing_others(server: socketio.AsyncServer) -> AsyncIterator[None]:
    """Hear what other processes tell this one, for the length of a block.

    By itself a server begins to listen with its first connection. Acknowledgements of what it
    tells the clients of other processes come back the same way, so it has to listen before.
    """
    if not isinstance(server.manager, socketio.AsyncRedisManager):
        yield
        return
    server.manager_initialized = True
    server.manager.initialize()
    try:
        yield
    finally:
        server.manager.thread.cancel()
        await asyncio.wait({server.manager.thread})


@dataclass(frozen=True)
class LiveHandlers:
    """Answers connections and their one event.

    Args:
        server: where they come in.
        accounts: knows whose token it is.
        rooms: knows whose session it is.
        deliveries: has something to send when somebody comes.
    """

    server: socketio.AsyncServer
    accounts: Accounts
    rooms: SessionRooms
    deliveries: Deliveries

    def register(self) -> None:
        """Begin to answer."""
        self.server.on("connect", self.connect)
        self.server.on(START_SESSION, self.start_session)

    async def connect(self, sid: str, _environ: object, auth: object) -> None:
        """Let somebody in who has a good token (§10.2).

        Raises:
            ConnectionRefusedError: they have none.
        """
        if not auth or not isinstance(auth, dict):
            # The words of an original server; clients may look for them.
            raise _refusal("argument of type 'NoneType' is not iterable")
        token = auth.get("token")
        if token is None:
            raise _refusal("Missing token")
        try:
            user = await self.accounts.authenticate(str(token))
        except ExpiredToken as error:
            raise _refusal("Expired token") from error
        except NotAllowed as error:
            raise _refusal("Invalid token") from error
        await self.server.save_session(sid, {"user_id": user.user_id})
        await self.server.enter_room(sid, f"mojo_events_{user.user_id}")

    async def start_session(self, sid: str, payload: object) -> None:
        """Let a connection into the room of a session of its user (§10.3, S4)."""
        asked = payload if isinstance(payload, dict) else {}
        session_id = asked.get("session_id")
        for key in ("session_id", "version"):
            if key not in asked:
                refusal = {"error": f"'{key}'", "session_id": session_id}
                await self.server.emit("error", refusal, to=sid)
                return
        user_id = (await self.server.get_session(sid))["user_id"]
        if not await self.rooms.is_of(user_id, str(session_id)):
            await self.server.emit("error", f"Session {session_id} not found", to=sid)
            return
        await self.server.enter_room(sid, str(session_id))
        self.deliveries.wake()


def _refusal(message: str) -> socketio.exceptions.ConnectionRefusedError:
    return socketio.exceptions.ConnectionRefusedError(message)
