"""What the commands have in common."""

import argparse
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse has no public name for it
"""What commands are added to."""

DONE, WRONG = 0, 1
"""Exit codes."""


def add_data_dir(command: argparse.ArgumentParser) -> None:
    """Take `--data-dir` after the command's name too."""
    command.add_argument(
        "--data-dir",
        type=Path,
        # A default here would overwrite what was given before the command's name.
        default=argparse.SUPPRESS,
        metavar="DIR",
        help=argparse.SUPPRESS,
    )


def add_server(command: argparse.ArgumentParser) -> None:
    """Take `--server` after the command's name too."""
    command.add_argument(
        "--server", metavar="URL", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
