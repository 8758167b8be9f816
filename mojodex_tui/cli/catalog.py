"""`mojodex-tui catalog`: the task files."""

import argparse
from pathlib import Path

from mojodex_tui.cli.options import Commands, add_data_dir


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    catalog = commands.add_parser("catalog", help="look after the tasks of the catalog")
    ways = catalog.add_subparsers(required=True, metavar="WHAT")
    check = ways.add_parser("check", help="say what is wrong in the task files")
    add_data_dir(check)
    check.add_argument("folder", nargs="*", type=Path, help="folders to check besides your own")
    check.set_defaults(do=_check)


def _check(options: argparse.Namespace) -> int:
    from mojodex_tui import bootstrap

    return bootstrap.check_catalog(data_dir=options.data_dir, folders=options.folder)
