"""`mojodex-tui jobs`: how the work that comes due on the clock goes."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from mojodex_tui.cli.options import DONE, WRONG, Commands, add_data_dir, add_server

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    jobs = commands.add_parser(
        "jobs",
        help="say when To-Dos were last looked for, moved and mailed, and what went wrong",
        description="Say when To-Dos were last looked for, moved and mailed, when they will be, "
        "and what went wrong.",
    )
    add_data_dir(jobs)
    add_server(jobs)
    jobs.set_defaults(do=_jobs)


def _jobs(options: argparse.Namespace) -> int:
    from mojodex_tui import bootstrap

    return bootstrap.ask(_tell, data_dir=options.data_dir, server=options.server)


async def _tell(mojodex: Mojodex) -> int:
    from mojodex_tui.state.jobs import told_jobs

    jobs = (await mojodex.todos.jobs()).jobs
    print(told_jobs(jobs))
    return WRONG if any(job.failures for job in jobs) else DONE
