"""The commands and their options."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from mojodex_tui import __version__

RESET_TERMINAL = (
    "\x1b[?1049l"  # leave the alternate screen
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l"  # no mouse reports
    "\x1b[?1004l\x1b[?2004l\x1b[<u"  # no focus, paste or key reports
    "\x1b[?25h\x1b[0m"  # the cursor again, plain text
)
"""What puts a terminal right after a full-screen program that could not."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument(
        "--data-dir",
        type=Path,
        default=None,
        metavar="DIR",
        help="keep everything the program writes in this folder",
    )
    root = argparse.ArgumentParser(
        prog="mojodex-tui",
        description="Get work done with an assistant, on the keyboard alone.",
        epilog="Without a command the full-screen program starts.",
        parents=[data],
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
    commands = root.add_subparsers(dest="command", metavar="COMMAND")

    serve = commands.add_parser(
        "serve",
        help="serve a team from this computer",
        epilog="MOJODEX_DATABASE_URL names a PostgreSQL database instead of SQLite, "
        "MOJODEX_REDIS_URL a Redis between several processes.",
    )
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    serve.add_argument("--port", type=int, default=5001, help="port to listen on (5001)")

    catalog = commands.add_parser("catalog", help="look after the tasks of the catalog")
    catalog_commands = catalog.add_subparsers(dest="catalog_command", required=True, metavar="WHAT")
    check = catalog_commands.add_parser("check", help="say what is wrong in the task files")
    check.add_argument("folder", nargs="*", type=Path, help="folders to check besides your own")

    for command in (serve, check):
        # A default here would overwrite what was given before the command's name.
        command.add_argument(
            "--data-dir",
            type=Path,
            default=argparse.SUPPRESS,
            metavar="DIR",
            help=argparse.SUPPRESS,
        )
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
    # The layers behind a command are heavy: loaded once it is known which one is wanted.
    from mojodex_tui import bootstrap

    match options.command:
        case "serve":
            return bootstrap.serve(data_dir=options.data_dir, host=options.host, port=options.port)
        case "catalog":
            return bootstrap.check_catalog(data_dir=options.data_dir, folders=options.folder)
        case _:
            return bootstrap.start_screen(data_dir=options.data_dir, server=options.server)
