"""How long it takes to start, what that holds, and when the first word of a draft is seen.

Times depend on the machine, so they are reported as ratios to a minimal Textual program that is
started in the same run, in turns with ours.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.bench._model import Model, model
from tests.bench._process import memory_mb
from tests.bench._watch import Watch
from tests.e2e.journeys import open_form
from tests.e2e.program import READY, bare_environment, start
from tests.e2e.terminal import Terminal

ROUNDS = 5
WORD = "Quagga"
"""The first word of the scripted draft; nothing else on the screen holds it."""

_SETTLED = 1.5
"""Seconds after which a program that was started does nothing more."""

_THINKING = 0.5
"""Seconds from a model's call to its first token, as with a fast one."""


@dataclass(frozen=True)
class Start:
    """One start of a program."""

    paint: float
    """Seconds until something is on the screen."""
    usable: float
    """Seconds until what was typed is on the screen."""
    memory: float
    """Megabytes, once it is idle."""


def main(arguments: Sequence[str]) -> dict[str, float]:
    """Measure, and return the figures by their names in the report."""
    options = argparse.ArgumentParser(prog="start")
    options.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = options.parse_args(arguments).rounds
    with model() as server:
        return starts(rounds) | first_words(server, rounds)


def starts(rounds: int) -> dict[str, float]:
    """Return what starting costs beside the minimal program."""
    hello: list[Start] = []
    first: list[Start] = []
    again: list[Start] = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            hello.append(_started(partial(hello_program, home), "hello"))
            first.append(_started(partial(our_program, home), READY))
            again.append(_started(partial(our_program, home), READY))
    least = _medians(hello)
    ours = _medians(again)
    return {
        "hello_ms": least.usable * 1000,
        "hello_rss_mb": least.memory,
        "rss_mb": ours.memory,
        "first_paint_ratio": ours.paint / least.paint,
        "usable_ratio": ours.usable / least.usable,
        "usable_first_ratio": _medians(first).usable / least.usable,
        "rss_ratio": ours.memory / least.memory,
    }


def first_words(server: Model, rounds: int) -> dict[str, float]:
    """Return the milliseconds from a model's first token to its first word on the screen."""
    seconds = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            seconds.append(_first_word(server, Path(folder)))
    return {"first_word_ms": statistics.median(seconds) * 1000}


def hello_program(home: Path) -> Terminal:
    """Start the minimal program."""
    command = [sys.executable, "-m", "tests.bench.hello"]
    return Terminal(command, env=bare_environment(home), columns=120, rows=40)


def our_program(home: Path, server: Model | None = None) -> Terminal:
    """Start ours, with a model or offline."""
    env = {} if server is None else server.environment
    return start(home, ("--data-dir", str(home / "data")), env=env, columns=120, rows=40)


def fill_form(terminal: Terminal) -> None:
    """Go from the catalog to a form that only waits for being sent."""
    open_form(terminal)
    terminal.paste("Ana and Luc met. Luc sends the quote on Friday.")
    terminal.wait_for("Luc sends the quote")


def _first_word(server: Model, home: Path) -> float:
    """Run a task on a model that the backend has had the time of a form to get ready."""
    terminal = our_program(home, server)
    try:
        rest = [f" word{index}" for index in range(60)]
        pieces = [f"<execution><title>Zebra</title><draft>{WORD}", *rest]
        server.say([*pieces, "</draft></execution>"], rate=60, delay=_THINKING)
        fill_form(terminal)
        watch = Watch(terminal)
        watch.rest(_SETTLED)
        terminal.press("ctrl+s")
        seen = watch.wait_for(WORD, 20)
        watch.rest(_SETTLED)
        return seen - float(server.drafts()[-1]["first_token"])
    finally:
        terminal.close()


def _started(open_program: Callable[[], Terminal], painted: str) -> Start:
    """Start a program, type into it, and leave."""
    began = time.monotonic()
    terminal = open_program()
    try:
        terminal.wait_until(lambda: terminal.text.strip() != "", "the first paint")
        paint = time.monotonic() - began
        terminal.wait_for(painted, timeout=60)
        terminal.write("zq")
        terminal.wait_for("zq")
        usable = time.monotonic() - began
        settled = time.monotonic() + _SETTLED
        while time.monotonic() < settled:
            terminal.read(0.1)
        memory = memory_mb(Watch(terminal).pid)
        terminal.press("ctrl+q")
        terminal.wait_end()
        return Start(paint, usable, memory)
    finally:
        terminal.close()


def _medians(runs: Sequence[Start]) -> Start:
    """Return the median of everything."""
    return Start(
        statistics.median(run.paint for run in runs),
        statistics.median(run.usable for run in runs),
        statistics.median(run.memory for run in runs),
    )
