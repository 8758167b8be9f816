"""A Mojodex server on the loopback interface that answers what a test, or a recording, says."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import socketio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mojodex_tui.wire.base import CLIENT_VERSION
from tests.wire.recording import Exchange, exchanges

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pydantic import JsonValue

TOKEN = "<TOKEN:demo>"
PAGE_NOT_FOUND = "<!doctype html><title>404 Not Found</title>"


@dataclass(frozen=True)
class Call:
    """What the client asked."""

    method: str
    path: str
    fields: dict[str, str]
    secret: str
    files: tuple[tuple[str, str, bytes], ...] = ()


Answer = Callable[[Call], Awaitable[Response]]


def says(body: object, status: int = 200) -> Answer:
    """Answer the same to every call."""

    async def answer(_call: Call) -> Response:
        return JSONResponse(body, status)

    return answer


def says_one_after_the_other(*answers: Answer) -> Answer:
    """Answer each call in its turn; the last answer stays."""
    left = list(answers)

    async def answer(call: Call) -> Response:
        return await (left.pop(0) if len(left) > 1 else left[0])(call)

    return answer


@dataclass
class Server:
    """What the server knows, and what it was asked."""

    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    refusal: str | None = None
    """Why connections of the socket are refused."""
    joined: list[str] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        self.changed = asyncio.Condition()
        self.sio = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")
        self.sio.on("connect", self._connect)
        self.sio.on("start_session", self._start_session)
        self._listening: socket.socket | None = None
        self._uvicorn: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def on(self, method: str, path: str, answer: Answer) -> None:
        self.answers[method, path] = answer

    def replay(self, scenario: str) -> None:
        """Answer as an original server did to the same request; the last of its answers counts.

        Requests that no client of ours can make, without a date or a good version, are left out.
        """
        for exchange in exchanges(scenario):
            ours = exchange.fields.get("version", CLIENT_VERSION) == CLIENT_VERSION
            if not ours or "datetime" not in exchange.fields:
                continue
            before = self.answers.get((exchange.method, exchange.path), _unknown)
            self.on(exchange.method, exchange.path, _if_same(exchange, before))

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something the server does makes `condition` true."""
        async with asyncio.timeout(60), self.changed:
            await self.changed.wait_for(condition)

    async def say(self, event: str, payload: JsonValue, session_id: str) -> None:
        await self.sio.emit(event, payload, room=session_id)

    async def ask(self, event: str, payload: JsonValue, session_id: str) -> JsonValue:
        """Emit to a session and return how that was acknowledged."""
        acknowledged: asyncio.Future[list[JsonValue]] = asyncio.get_running_loop().create_future()
        await self.sio.emit(
            event, payload, room=session_id, callback=lambda *args: acknowledged.set_result([*args])
        )
        async with asyncio.timeout(60):
            return await acknowledged

    async def start(self) -> None:
        routes = [Route("/{path:path}", self._answer, methods=["GET", "PUT", "POST", "DELETE"])]
        app = socketio.ASGIApp(self.sio, Starlette(routes=routes))
        self._listening = listening = socket.create_server(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(
            app,
            log_level="critical",
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        self._uvicorn = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._uvicorn.serve(sockets=[listening]))

    async def stop(self) -> None:
        # Whoever misses the server may start it anew before the old one is gone.
        running, serving_task, listening = self._uvicorn, self._serving, self._listening
        assert running is not None
        assert serving_task is not None
        assert listening is not None
        running.should_exit = True
        await serving_task
        listening.close()

    async def cut(self) -> None:
        """Cut every connection of the socket."""
        for sid in [sid for sid, _ in self.sio.manager.get_participants("/", None)]:
            await self.sio.disconnect(sid)

    async def _note(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def _connect(self, _sid: str, _environ: object, auth: dict[str, str]) -> None:
        if self.refusal is not None:
            raise socketio.exceptions.ConnectionRefusedError(self.refusal)
        assert set(auth) == {"token"}

    async def _start_session(self, sid: str, said: dict[str, str]) -> None:
        await self.sio.enter_room(sid, said["session_id"])
        self.joined.append(said["session_id"])
        await self._note()

    async def _answer(self, request: Request) -> Response:
        call = await _read(request)
        self.calls.append(call)
        await self._note()
        answer = self.answers.get((call.method, call.path), _unknown)
        return await answer(call)


@asynccontextmanager
async def serving(server: Server | None = None) -> AsyncIterator[Server]:
    """Serve until the block ends."""
    server = server or Server()
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def _unknown(_call: Call) -> Response:
    return Response(PAGE_NOT_FOUND, 404, media_type="text/html")


def _if_same(exchange: Exchange, otherwise: Answer) -> Answer:
    wanted = _essential({key: str(value) for key, value in exchange.fields.items()})

    async def answer(call: Call) -> Response:
        if (_essential(call.fields), call.secret) != (wanted, exchange.secret):
            return await otherwise(call)
        if isinstance(exchange.body, str):
            return Response(exchange.body, exchange.status, media_type=exchange.content_type)
        return JSONResponse(exchange.body, exchange.status)

    return answer


_DEFAULTS = {"offset": "0", "platform": "webapp"}


def _essential(fields: dict[str, str]) -> dict[str, str]:
    """Leave out what changes nothing: dates, who asks, what is so by default or read by no one."""
    return {
        key: value
        for key, value in fields.items()
        if key not in {"datetime", "version", "details"}
        and _DEFAULTS.get(key) != value
        and not (key.startswith("n_") and value == "50")
    }


async def _read(request: Request) -> Call:
    fields: dict[str, str] = dict(request.query_params)
    files: list[tuple[str, str, bytes]] = []
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        fields |= {key: str(value) for key, value in json.loads(await request.body()).items()}
    elif kind:
        async with request.form() as form:
            for key, value in form.multi_items():
                if isinstance(value, str):
                    fields[key] = value
                else:
                    files.append((key, value.filename or "", await value.read()))
    secret = request.headers.get("authorization", "")
    return Call(request.method, request.url.path, fields, secret, tuple(files))
