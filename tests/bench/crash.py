"""Whether a workflow survives its backend being killed at any moment.

Real backend processes on SQLite run a workflow of sixteen step executions, four of which are
decided about, and are killed at random moments: while they start, work, or wait. What is looked at
afterwards:

* `lost`: decisions that were answered and had to be taken again, step executions that are missing.
* `repeated`: results and texts that are there twice, and steps that did their work again although
  its result was kept.
* `identical`: whether every run gave the text of an uninterrupted one.
"""

import argparse
import tempfile
from pathlib import Path

from tests.workflows.crashing import measure


def main(argv: list[str]) -> dict[str, object]:
    """Kill as often as is wanted."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="mojodex-crash-") as folder:
        return measure(Path(folder), options.kills, options.seed)
