"""Drawn rows, kept while there is room for them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence

from textual.strip import Strip

Rows = Sequence[Strip]


class StripCache:
    """The rows drawn last, by what they show; the longest unused leave first.

    Args:
        most_rows: How many rows to keep; what was drawn last is kept in any case.
    """

    def __init__(self, most_rows: int) -> None:
        self._most_rows = most_rows
        self._rows = 0
        self._drawn: OrderedDict[Hashable, Rows] = OrderedDict()

    def rows(self, key: Hashable, draw: Callable[[], Rows]) -> Rows:
        """Return the rows kept for `key`, or `draw` them."""
        kept = self._drawn.get(key)
        if kept is not None:
            self._drawn.move_to_end(key)
            return kept
        drawn = draw()
        self._drawn[key] = drawn
        self._rows += len(drawn)
        while self._rows > self._most_rows and len(self._drawn) > 1:
            _, gone = self._drawn.popitem(last=False)
            self._rows -= len(gone)
        return drawn

    def clear(self) -> None:
        """Forget all rows: they were drawn for another width or theme."""
        self._drawn.clear()
        self._rows = 0
