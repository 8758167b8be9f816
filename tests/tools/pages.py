"""A web server on loopback that says, byte for byte, what a test wrote."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from mojodex_tui.backend.tools.addresses import Address

LOOPBACK = IPv4Address("127.0.0.1")
Say = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


def page(
    content: bytes | str,
    kind: str = "text/html; charset=utf-8",
    status: str = "200 OK",
    **more: str,
) -> bytes:
    """Return a whole answer."""
    body = content.encode() if isinstance(content, str) else content
    headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def moved(target: str) -> bytes:
    """Return a redirect."""
    return page("", status="302 Found", Location=target)


@dataclass
class Site:
    """What the server says by path, and what it was asked."""

    paths: dict[str, Say]
    port: int = 0
    heads: list[str] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "pages.example", scheme: str = "http") -> str:
        """Return the address of a path."""
        return f"{scheme}://{host}:{self.port}{path}"

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.heads.append(head)
            say = self.paths[head.split()[1]]
            if isinstance(say, bytes):
                writer.write(say)
                await writer.drain()
            else:
                await say(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client had enough
        finally:
            writer.close()


@asynccontextmanager
async def serving(paths: dict[str, Say], tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    """Serve for the length of a block."""
    site = Site(paths)
    server = await asyncio.start_server(site._answer, "127.0.0.1", 0, ssl=tls)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()


async def to_loopback(host: str, port: int) -> Sequence[Address]:
    """Find every host here."""
    return [LOOPBACK]
