"""A wire that can be cut: a proxy between the program and a server."""

from __future__ import annotations

import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_EVENT = re.compile(rb'42\d*\["(\w+)"')
"""A Socket.IO event in a frame of a server, which masks nothing."""
_ACKNOWLEDGEMENT = b"43"
"""What a Socket.IO acknowledgement begins with, within a frame."""
_CLOSING = 8
"""The code of a frame that ends a connection."""


class Proxy:
    """Hands bytes on, counts the events that pass, and loses what it is told to.

    Args:
        port: Where the server listens.
    """

    def __init__(self, port: int) -> None:
        self._server = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._cut_at: float | None = None
        self._passes = threading.Event()
        self._passes.set()
        self._lossy_until = ("", 0)
        self.events: dict[str, int] = {}
        """How often each event was sent by the server."""
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The address of the server, through this wire."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        """End every connection, and take no other until `mend`."""
        with self._lock:
            self._cut_at = time.monotonic()
            self._close_all()

    def mend(self) -> None:
        """Take connections again."""
        self._cut_at = None

    def has_been_cut_for(self, seconds: float) -> bool:
        """Whether that much time has passed since the cut."""
        return self._cut_at is not None and time.monotonic() - self._cut_at >= seconds

    def lose_acknowledgements_until(self, event: str, times: int) -> None:
        """Lose what the program acknowledges until the server has sent an event so many times."""
        self._lossy_until = (event, times)

    @property
    def _is_lossy(self) -> bool:
        event, times = self._lossy_until
        return self.events.get(event, 0) < times

    def hold(self) -> None:
        """Take connections, and hand nothing on until `go_on`."""
        self._passes.clear()

    def go_on(self) -> None:
        """Hand on again, also what came meanwhile."""
        self._passes.set()

    def close(self) -> None:
        """End it all."""
        self._passes.set()
        self._listener.close()
        with self._lock:
            self._close_all()

    def _close_all(self) -> None:
        for one in self._sockets:
            with suppress(OSError):  # the other side was first
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._sockets.clear()

    def _accept(self) -> None:
        while True:
            try:
                program, _ = self._listener.accept()
            except OSError:
                return  # closed
            with self._lock:
                if self._cut_at is not None:
                    program.close()
                    continue
                server = socket.create_connection(self._server)
                self._sockets |= {program, server}
            for source, target, hand_on in (
                (program, server, self._to_server),
                (server, program, self._to_program),
            ):
                threading.Thread(
                    target=self._carry, args=(source, target, hand_on(source)), daemon=True
                ).start()

    def _carry(self, source: socket.socket, target: socket.socket, pieces: Iterator[bytes]) -> None:
        with suppress(OSError):  # cut, or ended by one side
            for piece in pieces:
                self._passes.wait()
                target.sendall(piece)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _to_program(self, source: socket.socket) -> Iterator[bytes]:
        """Yield what the server says, and count its events."""
        left = b""
        while piece := source.recv(65536):
            said = left + piece
            end = 0
            for event in _EVENT.finditer(said):
                name, end = event[1].decode(), event.end()
                self.events[name] = self.events.get(name, 0) + 1
            left = said[max(end, len(said) - 64) :]
            yield piece

    def _to_server(self, source: socket.socket) -> Iterator[bytes]:
        """Yield what the program says, frame by frame once the connection is one of frames."""
        opening = source.recv(65536)
        yield opening
        if b"upgrade: websocket" not in opening.lower():
            while piece := source.recv(65536):
                yield piece
            return
        with source.makefile("rb") as stream:
            while frame := _frame(stream.read):
                code, raw, payload = frame
                if payload.startswith(_ACKNOWLEDGEMENT) and self._is_lossy:
                    continue
                yield raw
                if code == _CLOSING:
                    return


def _frame(read: Callable[[int], bytes]) -> tuple[int, bytes, bytes] | None:
    """Return a frame of a client: its code, itself, and what it holds; nothing at the end."""
    head = read(2)
    if len(head) < 2:
        return None
    raw, length = head, head[1] & 127
    for mark, form in ((126, "!H"), (127, "!Q")):
        if head[1] & 127 == mark:
            more = read(struct.calcsize(form))
            raw, length = raw + more, struct.unpack(form, more)[0]
    mask = read(4)  # frames of a client always have one (RFC 6455, 5.3)
    body = read(length)
    payload = bytes(byte ^ mask[place % 4] for place, byte in enumerate(body))
    return head[0] & 15, raw + mask + body, payload


@contextmanager
def proxying(port: int) -> Iterator[Proxy]:
    """Run a proxy for the length of a block."""
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
