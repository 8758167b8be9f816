"""Started programs, which never outlive their test."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest

from tests.e2e.program import start
from tests.e2e.terminal import Terminal


class Launch(Protocol):
    """Starts the program."""

    def __call__(
        self,
        *arguments: str,
        columns: int = 120,
        rows: int = 40,
        env: Mapping[str, str] | None = None,
    ) -> Terminal:
        """Start it with these arguments, and these variables beside a bare environment."""
        ...


@contextmanager
def launching(home: Path) -> Iterator[Launch]:
    """Start programs, and end those that are still there."""
    started: list[Terminal] = []

    def launch(
        *arguments: str,
        columns: int = 120,
        rows: int = 40,
        env: Mapping[str, str] | None = None,
    ) -> Terminal:
        terminal = start(home, arguments, env=env, columns=columns, rows=rows)
        started.append(terminal)
        return terminal

    try:
        yield launch
    finally:
        for terminal in started:
            terminal.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return an empty home folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return where the program is told to keep its data; it does not exist yet."""
    return tmp_path / "data"


@pytest.fixture
def launch(home: Path) -> Iterator[Launch]:
    """Return what starts the program with an empty home."""
    with launching(home) as starter:
        yield starter
