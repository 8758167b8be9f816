"""The commands that need no screen."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from mojodex_tui import __version__
from tests.e2e.program import SCRIPT, bare_environment

HEAVY = {"textual", "httpx", "pydantic", "socketio", "sqlalchemy", "fastapi", "yaml"}


def command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return subprocess.run(
        [str(SCRIPT), *arguments],
        env=bare_environment(home),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def spent() -> float:
    """Return the CPU seconds of all ended children."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize(
    ("option", "answer"),
    [("--version", f"mojodex-tui {__version__}\n"), ("--help", "usage: mojodex-tui")],
)
def test_questions_about_itself_are_answered_at_once(home: Path, option: str, answer: str) -> None:
    before = spent()
    told = command(home, option)
    # CPU time, not the clock: other work on the machine must not decide.
    assert spent() - before < 0.2
    assert told.returncode == 0
    assert told.stdout.startswith(answer)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_questions_about_itself_load_no_library(home: Path, option: str) -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", str(SCRIPT), option],
        env=bare_environment(home),
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    loaded = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in told.stderr.splitlines()
    }
    assert "argparse" in loaded
    assert not loaded & HEAVY


def test_reset_terminal_repairs_what_a_killed_program_left(home: Path) -> None:
    told = command(home, "--reset-terminal")
    assert told.returncode == 0
    for sequence in ("\x1b[?1049l", "\x1b[?1000l", "\x1b[?1006l", "\x1b[?2004l", "\x1b[?25h"):
        assert sequence in told.stderr


def test_an_unknown_option_is_named(home: Path) -> None:
    told = command(home, "--colour")
    assert told.returncode == 2
    assert "--colour" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_brief_and_the_jobs_are_told_without_a_screen(home: Path) -> None:
    data = ("--data-dir", str(home / "data"))
    assert command(home, "brief", "--line", *data).stdout == "nothing due\n"
    told = command(home, "brief", *data)
    assert (told.returncode, told.stderr) == (0, "")
    assert "Nothing is due today." in told.stdout
    jobs = command(home, *data, "jobs")
    assert (jobs.returncode, jobs.stderr) == (0, "")
    for name in ("Find To-Dos", "Move late To-Dos", "Mail the reminder"):
        assert name in jobs.stdout


def test_a_server_that_is_not_there_is_told(home: Path) -> None:
    told = command(home, "jobs", "--server", "http://127.0.0.1:9", "--data-dir", str(home / "data"))
    assert told.returncode != 0
    assert told.stderr.strip()
    assert "Traceback" not in told.stderr


def test_a_clock_that_cannot_be_read_is_named(home: Path) -> None:
    told = command(
        home, "serve", "--clock", str(home / "none"), "--data-dir", str(home / "data"), "--port=0"
    )
    assert told.returncode == 1
    assert str(home / "none") in told.stderr
    assert "Traceback" not in told.stderr


def test_the_line_of_a_status_bar_loads_no_library(home: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", str(SCRIPT), "brief", "--line"],
        env=bare_environment(home),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    loaded = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in told.stderr.splitlines()
    }
    assert told.stdout == "nothing due\n"
    assert "sqlite3" in loaded
    assert not loaded & (HEAVY | {"asyncio"})
