"""Clients of a backend under test: one over HTTP, one over Socket.IO."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import socketio
import uvicorn

from mojodex_tui.backend.asgi import Backend

PATIENCE = 60.0


@dataclass(frozen=True)
class Api:
    """Calls a backend as one user."""

    http: httpx.AsyncClient
    token: str | None = None

    def of(self, token: str) -> "Api":
        """Call as somebody else."""
        return Api(self.http, token)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": self.token} if self.token is not None else {}

    async def get(self, path: str, **query: str | int) -> httpx.Response:
        return await self.http.get(path, params={"datetime": "now", **query}, headers=self._headers)

    async def delete(self, path: str, **query: str | int) -> httpx.Response:
        return await self.http.delete(
            path, params={"datetime": "now", **query}, headers=self._headers
        )

    async def put(self, path: str, **body: object) -> httpx.Response:
        return await self.http.put(path, json={"datetime": "now", **body}, headers=self._headers)

    async def post(self, path: str, **body: object) -> httpx.Response:
        return await self.http.post(path, json={"datetime": "now", **body}, headers=self._headers)

    async def form(
        self,
        method: str,
        path: str,
        fields: Mapping[str, str | int],
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> httpx.Response:
        return await self.http.request(
            method,
            path,
            data={"datetime": "now", **{key: str(value) for key, value in fields.items()}},
            files=files,
            headers=self._headers,
        )

    async def created(self, task: str = "Meeting recap") -> "Started":
        """Create an execution of a task of the catalog."""
        tasks = (await self.get("/user_task")).json()["user_tasks"]
        pk = next(each["user_task_pk"] for each in tasks if each["task_name"] == task)
        made = (await self.put("/user_task_execution", user_task_pk=pk, platform="webapp")).json()
        return Started(self, made["user_task_execution_pk"], made["session_id"], pk)


@dataclass(frozen=True)
class Started:
    """An execution of a user."""

    api: Api
    pk: int
    session_id: str
    user_task_pk: int

    async def say(self, text: str, message_id: str | None = None, **more: str) -> httpx.Response:
        return await self.api.form(
            "PUT",
            "/user_message",
            {
                "session_id": self.session_id,
                "message_id": message_id or uuid.uuid4().hex,
                "message_date": "2026-11-20T10:00:00",
                "text": text,
                "user_task_execution_pk": self.pk,
                **more,
            },
        )

    async def run(
        self,
        inputs: Mapping[str, str],
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> httpx.Response:
        given = [{"input_name": name, "input_value": value} for name, value in inputs.items()]
        return await self.api.form(
            "POST",
            "/user_task_execution_run",
            {"user_task_execution_pk": self.pk, "inputs": json.dumps(given)},
            files,
        )

    async def read(self) -> dict[str, Any]:
        answer = await self.api.get("/user_task_execution", user_task_execution_pk=self.pk)
        shown: dict[str, Any] = answer.json()
        return shown

    async def messages(self) -> list[dict[str, Any]]:
        page = (await self.api.get("/message", session_id=self.session_id)).json()
        rows: list[dict[str, Any]] = page["messages"]
        return rows


@dataclass
class Listener:
    """A Socket.IO client that keeps what it hears."""

    socket: socketio.AsyncClient = field(
        default_factory=lambda: socketio.AsyncClient(reconnection=False)
    )
    acks: dict[str, object] = field(default_factory=dict)
    """What to acknowledge an event with, by its name; nothing at all by default."""
    heard: list[tuple[str, Any]] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self.socket.on("*", self._hear)

    async def _hear(self, event: str, payload: object) -> object:
        async with self._news:
            self.heard.append((event, payload))
            self._news.notify_all()
        ack = self.acks.get(event)
        return ack(payload) if callable(ack) else ack

    def all(self, event: str) -> list[Any]:
        return [payload for name, payload in self.heard if name == event]

    async def until(self, event: str, times: int = 1) -> dict[str, Any]:
        """Wait until an event was heard so often, and return the last one."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: len(self.all(event)) >= times)
        said: dict[str, Any] = self.all(event)[times - 1]
        return said

    async def join(self, session_id: str) -> None:
        await self.socket.call("start_session", {"session_id": session_id, "version": "0.4.13"})

    def acknowledge_all(self) -> None:
        self.acks = {
            "mojo_message": lambda said: {
                "session_id": said["session_id"],
                "message_pk": said["message_pk"],
            },
            "draft_message": lambda said: {
                "session_id": said["session_id"],
                "produced_text_version_pk": said["produced_text_version_pk"],
            },
        }


@asynccontextmanager
async def listening(url: str, token: str) -> AsyncIterator[Listener]:
    """Connect a listener for the length of a block."""
    listener = Listener()
    await listener.socket.connect(url, auth={"token": token}, transports=["websocket"])
    try:
        yield listener
    finally:
        await listener.socket.disconnect()


@asynccontextmanager
async def on_loopback(backend: Backend) -> AsyncIterator[str]:
    """Serve a backend on loopback for the length of a block, and tell where."""
    server = uvicorn.Server(
        uvicorn.Config(
            backend.app, port=0, log_config=None, lifespan="off", timeout_graceful_shutdown=0
        )
    )
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(PATIENCE):
        while not server.started:  # noqa: ASYNC110 - uvicorn has nothing to wait for
            await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
