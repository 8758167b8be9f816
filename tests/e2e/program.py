"""The installed program, as a stranger starts it: an empty home, an empty environment."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.e2e.terminal import Terminal

SCRIPT = Path(sys.executable).with_name("mojodex-tui")
"""The script the package installs, beside the interpreter that runs the tests."""

READY = "Meeting recap"
"""What shows that the catalog is there."""


def bare_environment(home: Path, **extra: str) -> dict[str, str]:
    """Return an environment that knows a home folder, a path and nothing else."""
    return {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        # Nothing listens there: a test must not find a model that happens to run here.
        "OLLAMA_HOST": "http://127.0.0.1:9",
    } | extra


def start(
    home: Path,
    arguments: Sequence[str] = (),
    *,
    env: Mapping[str, str] | None = None,
    columns: int = 80,
    rows: int = 24,
    script: Path = SCRIPT,
) -> Terminal:
    """Start the program in a terminal, with `home` as the user's home folder."""
    return Terminal(
        [str(script), *arguments],
        env=bare_environment(home, **(env or {})),
        cwd=home,
        columns=columns,
        rows=rows,
    )
