"""A real MCP server: a program on standard streams, or an address."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

READS = ToolAnnotations(read_only_hint=True)


def make_server() -> MCPServer:
    """Return a server with a tool for each thing that can happen."""
    server = MCPServer("Tests")

    @server.tool(annotations=READS)
    def add(a: int, b: int) -> str:
        """Add two numbers."""
        return str(a + b)

    @server.tool()
    def erase(name: str) -> str:
        """Erase a file."""
        return f"erased {name}"

    @server.tool(annotations=READS)
    def fail() -> str:
        """Fail."""
        raise ToolError("out of paper")

    @server.tool(annotations=READS)
    async def hang() -> str:
        """Never end."""
        await asyncio.Event().wait()
        return ""

    @server.tool(annotations=READS)
    def die() -> str:
        """End the server."""
        os._exit(3)

    @server.tool(name="odd.name/x", annotations=READS)
    def odd() -> str:
        """Have a name that models may not use."""
        return "odd"

    @server.tool(annotations=READS)
    def variables() -> list[str]:
        """Tell the names of all variables that were handed on."""
        return sorted(os.environ)

    @server.tool(annotations=READS)
    def flood() -> str:
        """Return too much."""
        return "x" * 30_000

    return server


class Guarded:
    """Lets in who knows the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._token = app, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        given = Headers(scope=scope).get("authorization") if scope["type"] == "http" else None
        if scope["type"] == "http" and given != f"Bearer {self._token}":
            await PlainTextResponse("no", 401)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


@asynccontextmanager
async def listening(token: str | None = None, port: int = 0) -> AsyncIterator[str]:
    """Serve on loopback for the length of a block, and tell the address."""
    app: ASGIApp = make_server().streamable_http_app()
    listener = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(
        Guarded(app, token) if token else app, log_level="critical", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
    finally:
        server.should_exit = True
        await serving


if __name__ == "__main__":
    sys.stderr.write("the server's own noise\n")
    make_server().run("stdio")
