"""What it costs to read a long conversation from its last message to its first, and back."""

import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench._history import START
from tests.bench._model import END
from tests.bench._opening import found
from tests.bench._process import cpu_seconds, memory_mb
from tests.bench._watch import Watch
from tests.e2e.terminal import Terminal

_BURST = 8
"""Keys that are pressed before the screen is looked at: a key that is held."""

_LOOK = 0.15
"""Seconds for which it is looked at."""

_AT_MOST = 600.0
"""Seconds for one way."""


@dataclass(frozen=True)
class Scrolled:
    """A conversation that was read end to end."""

    growth: float
    """Megabytes that are held more than before, at the most."""
    cpu: float
    """Seconds of processor time for one key."""


def scrolled(seeded: Path) -> Scrolled:
    """Read the conversation of a seeded data folder, up and down again.

    Raises:
        TimeoutError: an end was not reached.
    """
    with found(seeded) as (terminal, _):
        watch = Watch(terminal)
        terminal.press("enter")
        watch.wait_for(END, 240)
        watch.rest(1.0)
        terminal.press("tab")
        watch.rest(0.5)
        before, cpu = memory_mb(watch.pid), cpu_seconds(watch.pid)
        keys = _keys_to(START, "pageup", terminal, watch)
        above = memory_mb(watch.pid)
        keys += _keys_to(END, "pagedown", terminal, watch)
        most = max(above, memory_mb(watch.pid))
        return Scrolled(most - before, (cpu_seconds(watch.pid) - cpu) / keys)


def _keys_to(letter: str, key: str, terminal: Terminal, watch: Watch) -> int:
    """Press a key until a letter is on the screen; return how often."""
    give_up, keys = time.monotonic() + _AT_MOST, 0
    while time.monotonic() < give_up:
        for _ in range(_BURST):
            terminal.press(key)
        keys += _BURST
        if watch.until(lambda said: letter in said, _LOOK) is not None:
            watch.rest(1.0)
            return keys
    raise TimeoutError(f"{letter!r} was not reached")
