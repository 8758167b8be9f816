"""The terminal the program is in, which can go away at any moment."""

import os
import signal
from contextlib import suppress
from io import TextIOWrapper
from typing import TextIO, cast

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver


class EnduringOutput:
    """Writes to a terminal for as long as there is one.

    Textual's writer ends with an error where the terminal is gone, and whoever draws then waits
    for it for ever.

    Args:
        terminal: Where to.
    """

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal

    def write(self, text: str) -> None:
        """Write, or do nothing."""
        with suppress(OSError):  # it is gone, and the hang-up ends the program
            self._terminal.write(text)

    def flush(self) -> None:
        """Flush, or do nothing."""
        with suppress(OSError):
            self._terminal.flush()

    def fileno(self) -> int:
        """Return the terminal's file descriptor."""
        return self._terminal.fileno()


class TerminalDriver(LinuxDriver):
    """Textual's own, for terminals that can go away."""

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if self._file is not None:
            # Its writer only writes and flushes.
            self._file = cast("TextIOWrapper", EnduringOutput(self._file))

    def run_input_thread(self) -> None:
        """Read keys until told to stop; the end of the terminal is a hang-up."""
        try:
            super().run_input_thread()
        except OSError:
            os.kill(os.getpid(), signal.SIGHUP)
