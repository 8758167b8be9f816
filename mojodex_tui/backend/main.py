"""The process around the backend: its lock, its port, its log, its end."""

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import uvicorn
from pydantic import SecretStr
from starlette.types import ASGIApp

from mojodex_tui.backend.asgi import open_backend
from mojodex_tui.backend.log import log_to
from mojodex_tui.backend.settings import BackendSettings
from mojodex_tui.ending import end_within
from mojodex_tui.settings.sections import BadSettings

BUSY_EXIT = 75
"""Another process serves the data folder (EX_TEMPFAIL)."""


_ENDING_SECONDS = 8.0
"""How long a child may take to end; its parent, if it is still there, kills it before."""


class DataFolderBusy(Exception):
    """Another process serves the data folder."""


class _Server(uvicorn.Server):
    """Says when it is ready, and ends at once."""

    def __init__(self, app: ASGIApp, on_ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="off",
            )
        )
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then say so."""
        await super().startup(sockets)
        self._on_ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End when told to; uvicorn's own way lets the signal kill us before we have cleaned up."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.end)
        yield

    def end(self) -> None:
        """Stop serving; clients reconnect, so nobody is waited for."""
        self.should_exit = True
        self.force_exit = True


def run_child(data_dir: Path) -> int:
    """Serve the program that started us, until it is gone.

    The first line of standard input is a JSON object with the secret of the local account; the
    end of standard input ends us. Standard output gets one line, when we are ready.

    Returns:
        The exit code.
    """
    secret = SecretStr(json.loads(sys.stdin.buffer.readline())["secret"])
    settings = BackendSettings(data_dir=data_dir)
    data_dir.mkdir(parents=True, exist_ok=True)
    data_dir.chmod(0o700)
    try:
        with _folder_lock(data_dir):
            log_to(settings.log_file)
            asyncio.run(_serve_parent(settings, secret))
    except DataFolderBusy:
        return BUSY_EXIT
    return 0


async def _serve_parent(settings: BackendSettings, secret: SecretStr) -> None:
    listener = _listen(settings.host, settings.port)
    port: int = listener.getsockname()[1]
    async with open_backend(settings, secret=secret) as backend:
        with _address_note(settings.data_dir, port, secret) as write_note:

            def tell_ready() -> None:
                write_note()
                print(json.dumps({"port": port}), flush=True)  # noqa: T201 - the parent reads it

            server = _Server(backend.app, tell_ready)
            asyncio.get_running_loop().add_reader(sys.stdin.fileno(), _heed, server)
            await server.serve([listener])


def _heed(server: _Server) -> None:
    """End when the parent does: its end of our standard input closes, however it ends."""
    if not os.read(sys.stdin.fileno(), 4096):
        end_within(_ENDING_SECONDS, 1)
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        server.end()


def serve(settings: BackendSettings) -> int:
    """Serve a team until a signal comes.

    Returns:
        The exit code.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        with contextlib.ExitStack() as stack:
            if settings.database_url is None:
                # Processes of one team share a folder for uploads; a SQLite file has one owner.
                stack.enter_context(_folder_lock(settings.data_dir))
            log_to(settings.log_file)
            asyncio.run(_serve_team(settings))
    except DataFolderBusy:
        print(  # noqa: T201 - this is a command
            f"Another mojodex-tui uses {settings.data_dir}. "
            "Close it, or use another folder with --data-dir.",
            file=sys.stderr,
        )
        return BUSY_EXIT
    except BadSettings as error:
        print(error, file=sys.stderr)  # noqa: T201 - this is a command
        return 1
    except OSError as error:
        print(  # noqa: T201 - this is a command
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}",
            file=sys.stderr,
        )
        return 1
    return 0


async def _serve_team(settings: BackendSettings) -> None:
    listener = _listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]

    def tell_ready() -> None:
        print(f"Serving on http://{host}:{port}", flush=True)  # noqa: T201 - this is a command

    async with open_backend(settings) as backend:
        await _Server(backend.app, tell_ready).serve([listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small writes at once only on sockets that say they are TCP; without it every
    # answer waits 40 ms for an acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.setblocking(False)
    return listener


@contextmanager
def _folder_lock(data_dir: Path) -> Iterator[IO[bytes]]:
    """Hold the data folder; the system lets it go if we die.

    Raises:
        DataFolderBusy: another process holds it.
    """
    with (data_dir / "backend.lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataFolderBusy from error
        # What a dead process wrote down is of no use, and would mislead.
        (data_dir / "backend.json").unlink(missing_ok=True)
        yield file


@contextmanager
def _address_note(data_dir: Path, port: int, secret: SecretStr) -> Iterator[Callable[[], None]]:
    """Write down where we listen, for a second program of the same user, until we end."""
    note = data_dir / "backend.json"

    def write() -> None:
        told = {"port": port, "secret": secret.get_secret_value(), "pid": os.getpid()}
        draft = note.with_suffix(".tmp")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(told, file)
        draft.replace(note)

    try:
        yield write
    finally:
        with contextlib.suppress(FileNotFoundError):  # we never came so far
            note.unlink()
