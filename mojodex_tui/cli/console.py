"""`mojodex-tui console`: the `mojodex>` prompt on this terminal."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from mojodex_tui.cli.options import Commands, add_data_dir, add_server

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    console = commands.add_parser(
        "console",
        help="the whole product as a dialogue of lines",
        description="Tasks, workflows, To-Dos and the history as a dialogue of lines: for screen "
        "readers, slow lines and people who like it. 'help' there lists its commands.",
    )
    add_data_dir(console)
    add_server(console)
    console.set_defaults(do=_console)


def _console(options: argparse.Namespace) -> int:
    from mojodex_tui import bootstrap
    from mojodex_tui.folders import data_folder

    history = data_folder(options.data_dir) / "console_history"

    async def talk(mojodex: Mojodex) -> int:
        from mojodex_tui.console.terminal import talk_on_terminal

        return await talk_on_terminal(mojodex, history, is_local=options.server is None)

    return bootstrap.ask(talk, data_dir=options.data_dir, server=options.server)
