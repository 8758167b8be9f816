"""The backend as a child process of the terminal program.

The child is spawned before anything heavy is imported, so that it starts while the screen is
painted. Its end of the bargain: one line of JSON with its port on standard output once it is
ready, the secret read from standard input, and the end of standard input as the sign to stop. So
nothing secret stands in arguments or environment, and a killed parent never leaves it behind.
"""

import asyncio
import contextlib
import json
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mojodex_tui.client.errors import BackendDidNotStart

BUSY_EXIT = 75
"""The child's exit code when another process already serves the data folder (EX_TEMPFAIL)."""

_ATTACH_PATIENCE = 10.0
"""Seconds to wait for another process's backend to tell where it listens."""

_STOP_PATIENCE = 3.0
"""Seconds our child has to end by itself."""


@dataclass(frozen=True)
class Address:
    """Where a local backend listens, and what opens it."""

    url: str
    secret: str


@dataclass(frozen=True)
class _Child:
    """A spawned backend and the two pipes it is spoken to through."""

    process: subprocess.Popen[bytes]
    orders: IO[bytes]
    words: IO[bytes]


class EmbeddedBackend:
    """The backend that serves a data folder: our own child, or another program's.

    Args:
        data_dir: The folder that holds everything the program writes.

    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._secret = ""
        self._child: _Child | None = None

    def spawn(self) -> None:
        """Start the child and return at once."""
        self._child = self._spawned()

    async def ready(self) -> Address:
        """Wait until the backend answers.

        Raises:
            BackendDidNotStart: it ended, or the program that owns the folder does not say where.

        """
        child = self._child = self._child or self._spawned()
        line = await asyncio.to_thread(child.words.readline)
        if line:
            port = json.loads(line)["port"]
            return Address(f"http://127.0.0.1:{port}", self._secret)
        if await asyncio.to_thread(child.process.wait) == BUSY_EXIT:
            return await asyncio.to_thread(self._attach)
        raise BackendDidNotStart(
            "The part of the program that keeps your work did not start. "
            f"What it said is in {self._stderr_file}."
        )

    async def restart(self) -> Address:
        """Replace a backend that died, and wait until the new one answers.

        Raises:
            BackendDidNotStart: as for `ready`.

        """
        await asyncio.to_thread(self.stop)
        self.spawn()
        return await self.ready()

    def stop(self) -> None:
        """Let our child end; another program's backend is left alone."""
        child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(BrokenPipeError):  # it is gone already, as was wanted
            child.orders.close()
        try:
            child.process.wait(timeout=_STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()
        child.words.close()

    @property
    def _stderr_file(self) -> Path:
        return self._data_dir / "logs" / "backend.stderr"

    def _spawned(self) -> _Child:
        """Start a child and hand it a new secret."""
        self._stderr_file.parent.mkdir(parents=True, exist_ok=True)
        self._data_dir.chmod(0o700)
        self._secret = secrets.token_urlsafe(32)
        with self._stderr_file.open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", "mojodex_tui.backend", "--data-dir", str(self._data_dir)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                # ^C belongs to the screen; the child must not take it as its own.
                start_new_session=True,
            )
        if process.stdin is None or process.stdout is None:
            raise BackendDidNotStart("The backend was started without pipes.")
        process.stdin.write(json.dumps({"secret": self._secret}).encode() + b"\n")
        process.stdin.flush()
        return _Child(process, process.stdin, process.stdout)

    def _attach(self) -> Address:
        """Return the address another program's backend wrote down."""
        note = self._data_dir / "backend.json"
        give_up = time.monotonic() + _ATTACH_PATIENCE
        while time.monotonic() < give_up:
            try:
                told = json.loads(note.read_text())
            except (FileNotFoundError, json.JSONDecodeError):
                time.sleep(0.05)  # it is being started at this very moment
                continue
            return Address(f"http://127.0.0.1:{told['port']}", told["secret"])
        raise BackendDidNotStart(
            f"Another program uses {self._data_dir} but does not say where it listens. "
            "Close it, or use another folder with --data-dir."
        )
