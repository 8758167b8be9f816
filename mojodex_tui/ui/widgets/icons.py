"""Icons in a slot of two cells, whatever the terminal makes of an emoji."""

from rich.cells import set_cell_size

SLOT = 2
"""Cells an icon takes."""


def slot(icon: str) -> str:
    """Return `icon` in exactly two cells; one of another width would push the line aside.

    Terminals do not agree on joined emoji and on marks that ask for colour, so that only the
    first character stays of them.
    """
    return set_cell_size(icon.strip()[:1], SLOT)
