"""`mojodex-tui run NAME` and `mojodex-tui workflow run NAME`: one run, for scripts."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from mojodex_tui.cli.options import Commands, add_data_dir, add_server

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex

_EXIT_CODES = (
    "Exit codes: 0 done, 1 the assistant failed, 2 a person is to decide or to answer, "
    "3 sign in first, 4 no server can be reached, 5 refused."
)


def add_to(commands: Commands) -> None:
    """Add the commands to the command line."""
    run = commands.add_parser(
        "run",
        help="run a task without a screen, and print its text",
        description="Run a task without a screen, and print its text.",
        epilog=_EXIT_CODES,
    )
    _add_order(run, is_workflow=False)
    workflow = commands.add_parser("workflow", help="run a workflow without a screen")
    kinds = workflow.add_subparsers(required=True, metavar="WHAT")
    of_workflow = kinds.add_parser(
        "run",
        help="run a workflow until it ends, or until a step waits for a decision",
        description="Run a workflow until it ends, or until a step waits for a decision.",
        epilog=_EXIT_CODES,
    )
    _add_order(of_workflow, is_workflow=True)
    of_workflow.add_argument(
        "--yes", action="store_true", help="accept the result of every step, whatever it is"
    )


def _add_order(command: argparse.ArgumentParser, *, is_workflow: bool) -> None:
    add_data_dir(command)
    add_server(command)
    command.add_argument("name", metavar="NAME", help="its name, or the beginning of it")
    command.add_argument(
        "--field",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an answer of its form; VALUE may be - for standard input, or @FILE",
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(do=_run, is_workflow=is_workflow, yes=False)


def _run(options: argparse.Namespace) -> int:
    from mojodex_tui import bootstrap

    async def obey(mojodex: Mojodex) -> int:
        from mojodex_tui.console.scripts import Order, run_order

        order = Order(
            name=options.name,
            fields=options.field,
            is_workflow=options.is_workflow,
            says_yes=options.yes,
            as_json=options.json,
        )
        return await run_order(mojodex, order, is_local=options.server is None)

    return bootstrap.ask(obey, data_dir=options.data_dir, server=options.server)
