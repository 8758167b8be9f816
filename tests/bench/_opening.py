"""What it costs to open a long conversation, and to change the size of its window."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from tests.bench._history import TITLE
from tests.bench._model import END
from tests.bench._process import cpu_seconds
from tests.bench._watch import Watch
from tests.bench.start import our_program
from tests.e2e.program import READY
from tests.e2e.terminal import Terminal

_RESIZES = 40
_SIZES = ((40, 100), (36, 132), (30, 90), (40, 120))
"""Rows and columns."""


@dataclass(frozen=True)
class Opened:
    """One conversation, opened in a program that knew nothing of it."""

    seconds: float
    """From Enter in the history to the last message on the screen."""
    seconds_from_start: float
    """From the start of the program, with all keys on the way."""
    resize: float
    """Seconds for all changes of size, until a key is echoed after each."""
    resize_cpu: float
    """Seconds of processor time."""


@contextmanager
def found(seeded: Path) -> Iterator[tuple[Terminal, float]]:
    """Start a program that finds the conversation of a seeded data folder, of which it has a copy.

    Yields:
        The program, in which Enter opens the conversation, and the moment it was started.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copytree(seeded, home / "data")
        began = time.time()
        terminal = our_program(home)
        try:
            terminal.wait_for(READY, timeout=60)
            terminal.press("ctrl+o")
            terminal.wait_for(TITLE)
            yield terminal, began
        finally:
            terminal.close()


def opened(seeded: Path) -> Opened:
    """Open the conversation of a seeded data folder."""
    with found(seeded) as (terminal, began):
        watch = Watch(terminal)
        pressed = time.time()
        terminal.press("enter")
        shown = watch.wait_for(END, 240)
        watch.rest(1.0)
        resize, resize_cpu = _resized(terminal, watch)
        return Opened(shown - pressed, shown - began, resize, resize_cpu)


def _resized(terminal: Terminal, watch: Watch) -> tuple[float, float]:
    """Change the size again and again; return seconds, and seconds of processor time."""
    cpu, taken = cpu_seconds(watch.pid), 0.0
    for rows, columns in islice(cycle(_SIZES), _RESIZES):
        began = time.time()
        terminal.child.setwinsize(rows, columns)
        watch.key()
        taken += time.time() - began
        watch.rest(0.05)
    return taken, cpu_seconds(watch.pid) - cpu
