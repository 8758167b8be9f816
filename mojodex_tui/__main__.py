"""`python -m mojodex_tui`, and the `mojodex-tui` script."""

import sys

from mojodex_tui.cli import run


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
