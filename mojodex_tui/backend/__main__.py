"""`python -m mojodex_tui.backend --data-dir DIR`: the backend as a child process."""

import argparse
import logging
import os
import sys
from pathlib import Path

from platformdirs import user_data_path

from mojodex_tui.lean import for_good, without

# Socket.IO brings its clients along, structlog a console: a child that only serves needs neither.
with for_good(), without("aiohttp", "requests", "rich"):
    from mojodex_tui.backend.main import run_child


def main() -> int:
    """Run the child and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m mojodex_tui.backend")
    parser.add_argument("--data-dir", type=Path, default=user_data_path("mojodex-tui"))
    return run_child(parser.parse_args().data_dir)


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    sys.stdout.flush()
    # All is closed by now; taking the interpreter apart would take longer than all of it.
    os._exit(code)
