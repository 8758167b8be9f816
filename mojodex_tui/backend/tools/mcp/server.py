"""One MCP server: connected when it is first needed, and again after it broke off."""

import asyncio
import importlib
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mojodex_tui.backend.tools.failures import ToolFailed
from mojodex_tui.backend.tools.mcp.settings import ServerSettings

if TYPE_CHECKING:
    import mcp
    from mcp.client import Transport
    from mcp_types import CallToolResult, Tool

T = TypeVar("T")
_PATIENCE = 30.0
"""Seconds in which a server that could not be reached is not tried again."""
_MOST_LISTS = 20


@dataclass
class _Connection:
    """A client that lives in a task of its own, since it must be closed where it was opened."""

    task: asyncio.Task[None]
    over: asyncio.Event
    client: "asyncio.Future[mcp.Client]"


@dataclass
class McpServer:
    """One configured server, shared by all tasks of the process."""

    name: str
    settings: ServerSettings
    clock: Callable[[], float] = time.monotonic
    _connection: _Connection | None = None
    _tools: "tuple[Tool, ...] | None" = None
    _failed: tuple[float, str] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def tools(self) -> "tuple[Tool, ...]":
        """Return the tools the server offers; they are asked for once per connection.

        Raises:
            ToolFailed: the server cannot be reached.
        """

        async def list_all(client: "mcp.Client") -> "tuple[Tool, ...]":
            found: list[Tool] = []
            cursor: str | None = None
            for _ in range(_MOST_LISTS):
                page = await client.list_tools(cursor=cursor)
                found += page.tools
                cursor = page.next_cursor
                if not cursor:
                    break
            return tuple(found)

        if self._tools is None or self._connection is None:
            self._tools = await self._with_client(list_all)
        return self._tools

    async def call(self, tool: str, args: dict[str, Any]) -> "CallToolResult":
        """Execute a tool.

        Raises:
            ToolFailed: the server cannot be reached, is too slow, or refuses the call.
        """

        async def execute(client: "mcp.Client") -> "CallToolResult":
            return await client.call_tool(tool, args)

        return await self._with_client(execute)

    async def _with_client(self, use: "Callable[[mcp.Client], Awaitable[T]]") -> T:
        # the library takes most of a second to import, in which the loop must go on
        await asyncio.to_thread(importlib.import_module, "mcp")
        import anyio
        from mcp import MCPError
        from mcp_types import CONNECTION_CLOSED, INVALID_REQUEST

        client = await self._connected()
        try:
            async with asyncio.timeout(self.settings.timeout):
                return await use(client)
        except TimeoutError as error:
            raise ToolFailed(
                f"The MCP server {self.name} did not answer within "
                f"{self.settings.timeout:g} seconds."
            ) from error
        except MCPError as error:
            # an invalid request is what a server says that has forgotten the session
            if error.code not in (CONNECTION_CLOSED, INVALID_REQUEST):
                raise ToolFailed(f"The MCP server {self.name} refused: {error.message}") from error
            await self.close()
            raise self._gone() from error
        except (anyio.ClosedResourceError, anyio.BrokenResourceError) as error:
            await self.close()
            raise self._gone() from error

    def _gone(self) -> ToolFailed:
        return ToolFailed(
            f"The MCP server {self.name} broke off; whether the call was executed is unknown."
        )

    async def _connected(self) -> "mcp.Client":
        async with self._turn:
            if self._connection is not None and not self._connection.task.done():
                return await self._connection.client
            if self._failed is not None and self.clock() < self._failed[0] + _PATIENCE:
                raise ToolFailed(self._failed[1])
            self._connection = self._failed = self._tools = None
            connection = self._begin()
            try:
                async with asyncio.timeout(self.settings.connect_timeout):
                    client = await asyncio.shield(connection.client)
            except TimeoutError as error:
                seconds = self.settings.connect_timeout
                sentence = f"it did not introduce itself within {seconds:g} seconds."
                raise await self._refused(connection, sentence) from error
            except ToolFailed as error:
                raise await self._refused(connection, str(error)) from error
            except asyncio.CancelledError:
                await _end(connection, at_once=True)
                raise
            self._connection = connection
            return client

    async def _refused(self, connection: _Connection, reason: str) -> ToolFailed:
        await _end(connection, at_once=True)
        sentence = f"The MCP server {self.name} cannot be used: {reason}"
        self._failed = self.clock(), sentence
        return ToolFailed(sentence)

    def _begin(self) -> _Connection:
        over = asyncio.Event()
        client: asyncio.Future[mcp.Client] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._hold(client, over), name=f"mcp {self.name}")
        return _Connection(task, over, client)

    async def _hold(self, client: "asyncio.Future[mcp.Client]", over: asyncio.Event) -> None:
        """Keep a client open; however it fails to open, whoever waits for it hears a sentence."""
        try:
            async with self._client() as opened:
                client.set_result(opened)
                await over.wait()
        # the transports' errors arrive in groups, and of every kind their libraries have
        except Exception as error:  # noqa: BLE001 - told by name
            # one that breaks off later is noticed by the next call, which begins another
            if not client.done():
                client.set_exception(ToolFailed(_told(error)))

    @asynccontextmanager
    async def _client(self) -> "AsyncIterator[mcp.Client]":
        import mcp

        way = _program if self.settings.command is not None else _address
        async with way(self.settings) as transport, mcp.Client(transport) as client:
            yield client

    async def close(self) -> None:
        """End the connection, if there is one; the next use begins another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await _end(connection)


@asynccontextmanager
async def _program(settings: ServerSettings) -> "AsyncIterator[Transport]":
    from mcp.client.stdio import StdioServerParameters, stdio_client

    env = {name: _variable(name) for name in settings.env}
    command = settings.command or ""
    program = StdioServerParameters(command=command, args=list(settings.args), env=env)
    # What a server writes there may hold secrets, so no log may have it.
    with Path(os.devnull).open("w") as silence:  # noqa: ASYNC230 - the null device never blocks
        yield stdio_client(program, errlog=silence)


@asynccontextmanager
async def _address(settings: ServerSettings) -> "AsyncIterator[Transport]":
    import httpx2
    from mcp.client.streamable_http import streamable_http_client

    headers = {}
    if settings.token_env is not None:
        headers["Authorization"] = f"Bearer {_variable(settings.token_env)}"
    limit = httpx2.Timeout(settings.connect_timeout, read=settings.timeout)
    async with httpx2.AsyncClient(headers=headers, timeout=limit) as http:
        yield streamable_http_client(settings.url or "", http_client=http)


async def _end(connection: _Connection, *, at_once: bool = False) -> None:
    connection.over.set()
    if at_once:
        connection.task.cancel()
    await asyncio.wait({connection.task})
    if connection.client.done() and not connection.client.cancelled():
        connection.client.exception()  # retrieved: who waited for it has gone
    else:
        connection.client.cancel()


def _variable(name: str) -> str:
    try:
        return os.environ[name]
    except KeyError as error:
        raise ToolFailed(f"the environment variable {name} is not set.") from error


def _told(error: BaseException) -> str:
    """Return the first reason in a group of errors; addresses and values stay out of it."""
    from httpx2 import ConnectError
    from mcp import MCPError

    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    match error:
        case ToolFailed():
            return str(error)
        case MCPError():
            return f"it refused: {error.message}"
        case OSError(strerror=str(reason)):
            return f"{reason}."
        case ConnectError():
            return "nothing listens at its address."
        case _:
            return f"{type(error).__name__} while connecting."
