"""Watches what a program writes to its terminal, without drawing it.

Drawing the screen for ourselves would take a processor from the programs that are measured. So
what is waited for is always a letter that stands nowhere else: once the program writes it, it is
on the screen.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence

import pexpect

from tests.e2e.terminal import Terminal

LETTERS = "".join(map(chr, [*range(0x100, 0x180), *range(0x410, 0x450), *range(0x561, 0x587)]))
"""Letters to type, each of which stands nowhere else."""

_LINE = 20
"""Letters typed until the line is emptied again."""

_LOST = 5.0
"""Seconds after which a key that was not shown counts as lost."""


class Watch:
    """A terminal whose program is watched.

    Args:
        terminal: Where it runs.

    """

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._letters = self._all_letters()

    @property
    def pid(self) -> int:
        """The program's process."""
        pid = self._terminal.child.pid
        if pid is None:
            raise ProcessLookupError("the program was not started")
        return pid

    def until(self, seen: Callable[[str], bool], seconds: float) -> float | None:
        """Take in what is written until `seen` finds what it looks for in a piece of it.

        Returns:
            The moment (`time.time`), or `None` if it was not seen in time.

        """
        give_up = time.monotonic() + seconds
        while (rest := give_up - time.monotonic()) > 0:
            try:
                said = self._terminal.child.read_nonblocking(65536, timeout=rest)
            except pexpect.TIMEOUT:
                return None
            if seen(said):
                return time.time()
        return None

    def rest(self, seconds: float) -> None:
        """Take in what is written for a while."""
        self.until(lambda _said: False, seconds)

    def wait_for(self, letter: str, seconds: float) -> float:
        """Return the moment at which a letter is on the screen.

        Raises:
            TimeoutError: it did not come.

        """
        moment = self.until(lambda said: letter in said, seconds)
        if moment is None:
            raise TimeoutError(f"{letter!r} was not shown in {seconds} s")
        return moment

    def key(self) -> float:
        """Press a key, and return the seconds until its letter is on the screen."""
        letter = next(self._letters)
        pressed = time.time()
        self._terminal.write(letter)
        shown = self.until(lambda said: letter in said, _LOST)
        return _LOST if shown is None else shown - pressed

    def _all_letters(self) -> Iterator[str]:
        for index, letter in enumerate(LETTERS):
            if index and index % _LINE == 0:
                self._terminal.press("ctrl+u")
                self.rest(0.1)
            yield letter


def percentile_95(times: Sequence[float]) -> float:
    """Return what 95 of 100 stay below."""
    return statistics.quantiles(times, n=20)[-1]
