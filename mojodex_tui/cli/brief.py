"""`mojodex-tui brief`: what is due today, without a screen."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import TYPE_CHECKING

from mojodex_tui.cli.options import DONE, WRONG, Commands, add_data_dir, add_server

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    brief = commands.add_parser(
        "brief",
        help="say what is due today and what was moved in the night",
        description="Say what is due today and what was moved in the night, in the words of the "
        "morning's mail.",
    )
    add_data_dir(brief)
    add_server(brief)
    brief.add_argument(
        "--line",
        action="store_true",
        help="one line for a status bar, at once: what this computer saw last, asking no server",
    )
    brief.set_defaults(do=_brief)


def _brief(options: argparse.Namespace) -> int:
    if options.line:
        return _line(options)
    from mojodex_tui import bootstrap

    return bootstrap.ask(_tell, data_dir=options.data_dir, server=options.server)


def _line(options: argparse.Namespace) -> int:
    import sqlite3

    from mojodex_tui.client.todo_line import todo_line
    from mojodex_tui.folders import data_folder

    store = data_folder(options.data_dir) / "client.sqlite3"
    space = "local" if options.server is None else options.server.rstrip("/")
    try:
        print(todo_line(store, space, date.today()))  # noqa: DTZ011 - the day of who looks at it
    except sqlite3.Error as error:
        print(f"What was seen last cannot be read: {error}.", file=sys.stderr)
        return WRONG
    return DONE


async def _tell(mojodex: Mojodex) -> int:
    from mojodex_tui.client.errors import ApiError, NotSupportedByServer
    from mojodex_tui.state.todos import state_of, told_list

    # The list is fetched for its own sake too: a status bar shows what was seen last.
    try:
        listing = await mojodex.todos.listing()
    except ApiError as error:
        seen = await mojodex.todos.seen_listing()
        if seen is None:
            raise
        print(told_list(state_of(seen, date.today(), ())))  # noqa: DTZ011 - as above
        print(f"{error.sentence} This is what was seen last.", file=sys.stderr)
        return DONE
    try:
        digest = await mojodex.todos.digest()
    except NotSupportedByServer:
        print(told_list(state_of(listing, date.today(), ())))  # noqa: DTZ011 - as above
        return DONE
    print(digest.text.strip())
    if digest.failure is not None:
        print(f"The last mail did not go out. {digest.failure}", file=sys.stderr)
    return DONE
