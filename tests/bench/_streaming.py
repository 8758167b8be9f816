"""What it costs to show a text while a model writes it."""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench._model import END, RATE, Model, tokens
from tests.bench._process import children, cpu_seconds, memory_mb
from tests.bench._watch import Watch
from tests.bench.start import fill_form, our_program
from tests.e2e.program import bare_environment
from tests.e2e.terminal import Terminal

_DELAY = 2.0
"""Seconds from a model's call to its first token; what the call costs is over by then."""

_SETTLED = 1.0
"""Seconds before the first token, or after the last, at which nothing else is done."""

_LATEST = 120.0
"""Seconds after its last token until which a text must be shown."""


@dataclass(frozen=True)
class Streamed:
    """One text, shown."""

    tokens: int
    cpu: float
    """Seconds of the program that shows it."""
    backend_cpu: float
    """Seconds of the programs it has started."""
    lag: float
    """Seconds from the last token to the screen."""
    growth: float
    """Megabytes."""
    keys: tuple[float, ...]
    """Seconds from each key to the screen."""

    @property
    def cpu_of_1000(self) -> float:
        """Seconds a thousand tokens."""
        return self.cpu * 1000 / self.tokens

    @property
    def backend_cpu_of_1000(self) -> float:
        """Seconds a thousand tokens."""
        return self.backend_cpu * 1000 / self.tokens


def streamed_by_ours(server: Model, count: int, *, typing: bool = False) -> Streamed:
    """Show a draft in the program."""
    begin = "<execution><title>A draft</title><draft>"
    pieces = [begin, *tokens(count), f" {END}</draft></execution>"]
    with tempfile.TemporaryDirectory() as home:
        terminal = our_program(Path(home), server)
        try:
            fill_form(terminal)
            return _streamed(terminal, server, pieces, lambda: terminal.press("ctrl+s"), typing)
        finally:
            terminal.close()


def streamed_by_reference(server: Model, count: int, *, typing: bool = False) -> Streamed:
    """Show the same text in the reference program."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "tests.bench.stream", server.url]
        terminal = Terminal(command, env=bare_environment(Path(home)), columns=120, rows=40)
        try:
            terminal.wait_for("hello")
            pieces = [*tokens(count), f" {END}"]
            return _streamed(terminal, server, pieces, lambda: terminal.press("enter"), typing)
        finally:
            terminal.close()


def _streamed(
    terminal: Terminal,
    server: Model,
    pieces: Sequence[str],
    begin: Callable[[], None],
    typing: bool,
) -> Streamed:
    """Have a text shown, and count."""
    watch = Watch(terminal)
    known = len(server.drafts())
    server.say(pieces, delay=_DELAY)
    begin()
    while len(server.drafts()) == known:
        watch.rest(0.05)
    watch.rest(_DELAY - _SETTLED)
    started = children(watch.pid)
    cpu, memory = cpu_seconds(watch.pid), memory_mb(watch.pid)
    backend_cpu = sum(map(cpu_seconds, started))
    watch.rest(_SETTLED)
    seconds = len(pieces) / RATE
    keys = _typed(watch, seconds - 2 * _SETTLED) if typing else ()
    shown = watch.wait_for(END, seconds + _LATEST)
    watch.rest(_SETTLED)
    return Streamed(
        tokens=len(pieces),
        cpu=cpu_seconds(watch.pid) - cpu,
        backend_cpu=sum(map(cpu_seconds, started)) - backend_cpu,
        lag=shown - float(server.drafts()[-1]["last_token"]),
        growth=memory_mb(watch.pid) - memory,
        keys=keys,
    )


def _typed(watch: Watch, seconds: float) -> tuple[float, ...]:
    """Press keys for a while, never twice after the same pause."""
    watch.rest(_SETTLED)
    give_up = time.monotonic() + seconds
    taken = []
    while time.monotonic() < give_up:
        taken.append(watch.key())
        watch.rest(0.1 + len(taken) * 37 % 50 / 1000)
    return tuple(taken)
