"""The command line as a whole; each command stands in a module of its own."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from mojodex_tui import __version__
from mojodex_tui.cli import brief, catalog, console, jobs, run_task, serve

_COMMANDS = (console, run_task, brief, jobs, serve, catalog)

RESET_TERMINAL = (
    "\x1b[?1049l"  # leave the alternate screen
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l"  # no mouse reports
    "\x1b[?1004l\x1b[?2004l\x1b[<u"  # no focus, paste or key reports
    "\x1b[?25h\x1b[0m"  # the cursor again, plain text
)
"""What puts a terminal right after a full-screen program that could not."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    root = argparse.ArgumentParser(
        prog="mojodex-tui",
        description="Get work done with an assistant, on the keyboard alone.",
        epilog="Without a command the full-screen program starts.",
    )
    root.add_argument(
        "--data-dir",
        type=Path,
        default=None,
        metavar="DIR",
        help="keep everything the program writes in this folder",
    )
    root.add_argument("--version", action="version", version=f"mojodex-tui {__version__}")
    root.add_argument(
        "--server",
        metavar="URL",
        default=None,
        help="use this Mojodex server instead of this computer",
    )
    root.add_argument(
        "--reset-terminal",
        action="store_true",
        help="repair a terminal that a killed program left in disorder, and stop",
    )
    root.set_defaults(do=_start_screen)
    commands = root.add_subparsers(metavar="COMMAND")
    for command in _COMMANDS:
        command.add_to(commands)
    return root


def run(arguments: Sequence[str]) -> int:
    """Do what `arguments` ask for.

    Returns:
        The exit code: 0 done, 1 something is wrong, 4 cannot reach.
    """
    options = parser().parse_args(arguments)
    if options.reset_terminal:
        sys.stderr.write(RESET_TERMINAL)
        return 0
    do: Callable[[argparse.Namespace], int] = options.do
    return do(options)


def _start_screen(options: argparse.Namespace) -> int:
    # The layers behind a command are heavy: loaded once it is known which one is wanted.
    from mojodex_tui import bootstrap

    return bootstrap.start_screen(data_dir=options.data_dir, server=options.server)
