"""A real backend in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

SECRET = "a-secret-of-the-tests"
OFFLINE = {"MOJODEX_LLM_BASE_URL": "offline"}
"""Keeps a test away from whatever model this computer knows."""


@dataclass(frozen=True)
class BackendProcess:
    """A backend that is ready."""

    process: subprocess.Popen[bytes]
    orders: IO[bytes]
    """Its standard input; closing it ends the backend."""
    data_dir: Path
    port: int
    secret: str = SECRET

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> int:
        """End it as its parent would, and return its exit code."""
        self.orders.close()
        return self._gone()

    def kill(self) -> int:
        """End it as a crash would."""
        self.process.kill()
        self.orders.close()
        return self._gone()

    def _gone(self) -> int:
        code = self.process.wait(timeout=60)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code


def spawn(data_dir: Path, environ: Mapping[str, str] = OFFLINE) -> subprocess.Popen[bytes]:
    """Start a backend as the terminal program does, and hand it its secret."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mojodex_tui.backend", "--data-dir", str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **environ},
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps({"secret": SECRET}).encode() + b"\n")
    process.stdin.flush()
    return process


def start(data_dir: Path, environ: Mapping[str, str] = OFFLINE) -> BackendProcess:
    """Start a backend and wait until it is ready."""
    process = spawn(data_dir, environ)
    assert process.stdin is not None
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, f"the backend ended with {process.wait()}"
    return BackendProcess(process, process.stdin, data_dir, json.loads(line)["port"])


@contextmanager
def running(data_dir: Path, environ: Mapping[str, str] = OFFLINE) -> Iterator[BackendProcess]:
    """Run a backend for the length of a block."""
    backend = start(data_dir, environ)
    try:
        yield backend
    finally:
        backend.stop()
