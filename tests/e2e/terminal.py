"""A terminal for tests: a real pty around the real program, and a screen one can read."""

import os
import re
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pexpect
import pyte

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "escape": "\x1b",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "space": " ",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
}

_UNKNOWN_TO_PYTE = re.compile(
    r"\x1b\[[<=>][0-9;]*[A-Za-z]|\x1bP.*?\x1b\\|\x1b\[\?[0-9;]*\$p", re.DOTALL
)
"""What pyte would print instead of ignoring: key protocols, device strings, mode questions."""

_BEGUN = re.compile(r"\x1b(?:\[[0-9;<=>?$ ]*|P[^\x1b]*\x1b?|\][^\x07\x1b]*\x1b?)?\Z")
"""A sequence whose end has not arrived yet."""


class ScreenTimeout(AssertionError):
    """The screen did not show what was waited for; the text is what it showed."""


class Terminal:
    """A program in a pty.

    Args:
        command: The program and its arguments.
        env: Its whole environment; `TERM` is set here.
        cwd: The folder it is started in; `None` for that of the tests.
        columns: Width of the terminal.
        rows: Height of the terminal.

    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        columns: int = 80,
        rows: int = 24,
    ) -> None:
        whole = dict(os.environ if env is None else env)
        whole["TERM"] = "xterm-256color"
        for name in ("COLUMNS", "LINES"):
            whole.pop(name, None)
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self._begun = ""
        self.written: list[str] = []
        """All that the program wrote, as it came."""
        self.child = pexpect.spawn(
            command[0],
            list(command[1:]),
            env=whole,
            cwd=cwd,
            dimensions=(rows, columns),
            encoding="utf-8",
            codec_errors="replace",
            timeout=10,
        )
        self.child.delaybeforesend = None

    @property
    def lines(self) -> list[str]:
        """The rows of the screen, without blanks at their ends."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines)

    def is_bold(self, text: str) -> bool:
        """Return whether `text` stands on the screen, its first letter in bold."""
        for row, line in enumerate(self._screen.display):
            column = line.find(text)
            if column >= 0 and self._screen.buffer[row][column].bold:
                return True
        return False

    def read(self, seconds: float = 0.02) -> bool:
        """Take in what the program wrote, waiting at most `seconds` for it.

        Returns:
            Whether the program is still there.

        """
        try:
            said = self.child.read_nonblocking(size=65536, timeout=seconds)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.written.append(said)
        said = self._begun + said
        begun = _BEGUN.search(said)
        self._begun = begun.group() if begun else ""
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", said.removesuffix(self._begun)))
        return True

    def wait_until(self, seen: Callable[[], bool], what: str, timeout: float = 60) -> float:
        """Read until `seen()`, and return how many seconds it took.

        Raises:
            ScreenTimeout: it was not seen in time, or the program ended.

        """
        started = time.monotonic()
        while not seen():
            alive = self.read()
            if seen():
                break
            if not alive:
                raise ScreenTimeout(f"the program ended before {what}:\n{self.text}")
            if time.monotonic() - started > timeout:
                raise ScreenTimeout(f"{what} did not appear in {timeout} s:\n{self.text}")
        return time.monotonic() - started

    def wait_for(self, text: str, timeout: float = 60) -> float:
        """Read until `text` is on the screen, and return how many seconds it took.

        Raises:
            ScreenTimeout: as for `wait_until`.

        """
        return self.wait_until(lambda: text in self.text, repr(text), timeout)

    def wait_gone(self, text: str, timeout: float = 60) -> float:
        """Read until `text` is no longer on the screen.

        Raises:
            ScreenTimeout: as for `wait_until`.

        """
        return self.wait_until(lambda: text not in self.text, f"the end of {text!r}", timeout)

    def press(self, *keys: str) -> None:
        """Press keys by name (`enter`, `ctrl+s`, `f2`, `a`)."""
        for key in keys:
            self.child.send(_bytes_of(key))

    def write(self, text: str) -> None:
        """Type `text` letter by letter."""
        self.child.send(text)

    def paste(self, text: str) -> None:
        """Paste `text` whole; terminals deliver its line ends as carriage returns."""
        body = text.replace("\n", "\r")
        self.child.send(f"\x1b[200~{body}\x1b[201~")

    def click(self, text: str) -> None:
        """Click where `text` is first seen."""
        row = next(place for place, line in enumerate(self.lines) if text in line)
        spot = f"{self.lines[row].index(text) + 1};{row + 1}"
        self.child.send(f"\x1b[<0;{spot}M\x1b[<0;{spot}m")

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size, as dragging its corner does."""
        self._screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program, and to nothing else."""
        self.child.kill(number)

    def hang_up(self) -> None:
        """Close the terminal under the program, as a window does that is killed."""
        self.child.ptyproc.fileobj.close()  # type: ignore[attr-defined]  # not in its stubs

    def wait_death(self, timeout: float = 60) -> None:
        """Wait until the program has ended, without taking in what it writes.

        Raises:
            ScreenTimeout: it goes on.

        """
        started = time.monotonic()
        while self.child.isalive():
            if time.monotonic() - started > timeout:
                raise ScreenTimeout(f"the program did not end in {timeout} s")
            time.sleep(0.02)  # nothing tells when a process that is no child of asyncio ends

    def wait_end(self, timeout: float = 60) -> int:
        """Wait until the program has ended.

        Returns:
            Its exit code; of a program that a signal ended, the signal's number, negative.

        Raises:
            ScreenTimeout: it goes on.

        """
        started = time.monotonic()
        while self.read(0.1):
            if time.monotonic() - started > timeout:
                raise ScreenTimeout(f"the program did not end in {timeout} s:\n{self.text}")
        self.child.close()
        if self.child.exitstatus is not None:
            return int(self.child.exitstatus)
        return -int(self.child.signalstatus or 0)

    def close(self) -> None:
        """End the program, whatever it does."""
        self.child.close(force=True)


def _bytes_of(key: str) -> str:
    """Return what a terminal sends for a key."""
    if key in KEYS:
        return KEYS[key]
    if key.startswith("ctrl+") and len(key) == len("ctrl+x"):
        return chr(ord(key[-1].upper()) - 64)
    if len(key) == 1:
        return key
    raise ValueError(f"no such key: {key}")
