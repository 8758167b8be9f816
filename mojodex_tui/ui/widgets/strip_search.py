"""Words looked for in items that are drawn as rows."""

import re
from collections.abc import Callable, Iterator, Sequence

from textual.strip import Strip

_BELOW_ALL = 1 << 30
"""A row no item has."""


class StripSearch:
    """Where words stand, in either case, and how far one has come in looking for them.

    Args:
        words: What to look for.
    """

    def __init__(self, words: str) -> None:
        self._pattern = re.compile(re.escape(words), re.IGNORECASE)
        self.place: tuple[int, int] | None = None
        """The item and the row one has come to; `None` is the end that one comes from."""
        self.has_found = False
        """Whether it has come to a row that has the words, and not only to begin there."""

    def is_in(self, text: str) -> bool:
        """Whether the words stand in a text."""
        return self._pattern.search(text) is not None

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Return where the words begin and end in a text."""
        return (found.span() for found in self._pattern.finditer(text))

    def is_at(self, item: int, row: int) -> bool:
        """Whether this is the row that was found last."""
        return self.has_found and self.place == (item, row)

    def advance(
        self,
        direction: int,
        count: int,
        source: Callable[[int], str],
        rows: Callable[[int], Sequence[Strip]],
    ) -> tuple[int, int] | None:
        """Go to the next row that has the words.

        Args:
            direction: 1 for the next one, -1 for the previous one.
            count: How many items there are.
            source: Returns the text of an item; only items that have the words in it are drawn.
            rows: Returns the rows of an item.

        Returns:
            The place; without one, the search stays where it is.
        """
        start = -1 if direction > 0 else _BELOW_ALL
        index, row = self.place or (0 if direction > 0 else count - 1, start)
        while 0 <= index < count:
            found = (
                self._in_rows(rows(index), row, direction) if self.is_in(source(index)) else None
            )
            if found is not None:
                self.place, self.has_found = (index, found), True
                return self.place
            index, row = index + direction, start
        return None

    def _in_rows(self, rows: Sequence[Strip], row: int, direction: int) -> int | None:
        places = [place for place, strip in enumerate(rows) if self.is_in(strip.text)]
        beyond = [place for place in places if (place - row) * direction > 0]
        return beyond[0 if direction > 0 else -1] if beyond else None

    def shift(self, items: int, count: int) -> None:
        """Stay where one is, although items were added or taken out above.

        Args:
            items: How many more there are above.
            count: How many items there are now.
        """
        if self.place is not None:
            index, row = self.place
            index += items
            if index < 0:
                self.place = (0, -1)
            elif index >= count:
                self.place = (count - 1, _BELOW_ALL)
            else:
                self.place = (index, row)
