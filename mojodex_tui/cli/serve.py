"""`mojodex-tui serve`: a team's server."""

import argparse
from pathlib import Path

from mojodex_tui.cli.options import Commands, add_data_dir


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    serve = commands.add_parser(
        "serve",
        help="serve a team from this computer",
        epilog="MOJODEX_DATABASE_URL names a PostgreSQL database instead of SQLite, "
        "MOJODEX_REDIS_URL a Redis between several processes.",
    )
    add_data_dir(serve)
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    serve.add_argument("--port", type=int, default=5001, help="port to listen on (5001)")
    serve.add_argument(
        "--clock",
        type=Path,
        metavar="FILE",
        help="for trying out nights and mornings: it is the moment that stands in this file, "
        "such as 2026-11-20T00:55, and time goes on from there; write another one to set it",
    )
    serve.set_defaults(do=_serve)


def _serve(options: argparse.Namespace) -> int:
    from mojodex_tui import bootstrap

    return bootstrap.serve(
        data_dir=options.data_dir, host=options.host, port=options.port, clock_file=options.clock
    )
