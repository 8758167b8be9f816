"""Marks on a drawn row: a selection, the places where a search found something."""

from collections.abc import Iterator
from itertools import pairwise

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


def marked(strip: Strip, start: int, end: int, style: Style) -> Strip:
    """Return `strip` with its characters from `start` to `end` in the colours of `style`."""
    return Strip(_segments(strip, start, end, style), strip.cell_length)


def _segments(strip: Strip, start: int, end: int, style: Style) -> Iterator[Segment]:
    place = 0
    for text, own, control in strip:
        cuts = sorted({0, len(text), *(min(max(at - place, 0), len(text)) for at in (start, end))})
        for first, last in pairwise(cuts):
            inside = start <= place + first < end
            look = (own + style if own else style) if inside else own
            yield Segment(text[first:last], look, control)
        place += len(text)
