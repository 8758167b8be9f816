"""A team's server as a process, and how one signs in to it."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.program import SCRIPT, bare_environment
from tests.e2e.terminal import Terminal

EMAIL = "ana@example.com"
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Team:
    """A server that runs."""

    port: int
    data: Path

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def team_server(folder: Path, env: Mapping[str, str] | None = None) -> Iterator[Team]:
    """Serve a team, and end with a signal as a service manager would."""
    data = folder / "data"
    process = subprocess.Popen(
        [str(SCRIPT), "serve", "--data-dir", str(data), "--port", "0"],
        env=bare_environment(folder, **(env or {})),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    told = process.stdout.readline()
    address = re.fullmatch(r"Serving on http://127\.0\.0\.1:(\d+)\n", told)
    assert address is not None, told
    try:
        yield Team(int(address[1]), data)
    finally:
        os.kill(process.pid, signal.SIGTERM)
        _, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (0, "")


def register(terminal: Terminal) -> None:
    """Make an account on the form, accept the terms, and stay signed in."""
    terminal.wait_for("ok: answered in")
    terminal.press("f6")
    terminal.wait_for("A new account")
    terminal.write("Ana")
    terminal.press("tab")
    enter(terminal, PASSWORD)
    terminal.wait_for("Terms and conditions")
    terminal.press("end")
    terminal.wait_for("^S I agree")
    terminal.press("ctrl+s")
    stay(terminal)
    terminal.wait_for("Meeting recap")


def enter(terminal: Terminal, password: str) -> None:
    """Fill in the form from the e-mail on, and send it."""
    terminal.write(EMAIL)
    terminal.press("tab")
    terminal.write(password)
    terminal.wait_for("•" * len(password))
    terminal.press("ctrl+s")


def stay(terminal: Terminal) -> None:
    """Let the token be kept in a file: in these tests there is no keyring."""
    terminal.wait_for("Stay signed in?")
    terminal.press("y")
