"""Starts the program that a wheel installed, and looks whether the catalog comes.

`python -m tests.e2e.wheel SCRIPT` is the last step of CI: it proves that styles, catalog and
migrations are inside the wheel.
"""

import sys
import tempfile
from pathlib import Path

from tests.e2e.program import READY, start


def main(script: Path) -> None:
    """Start `script`, wait for the catalog, and leave."""
    with tempfile.TemporaryDirectory() as home:
        terminal = start(Path(home), script=script)
        try:
            terminal.wait_for(READY, timeout=60)
            terminal.press("ctrl+q")
            code = terminal.wait_end()
        finally:
            terminal.close()
    if code != 0:
        raise SystemExit(f"the program ended with {code}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
