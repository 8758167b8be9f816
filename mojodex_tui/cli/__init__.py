"""The command line: what can be typed after `mojodex-tui`.

Nothing here imports more than the standard library until a command is chosen, so that `--help`
and `--version` answer at once.
"""

from mojodex_tui.cli.commands import run

__all__ = ["run"]
