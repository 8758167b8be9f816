"""Items under each other, each some rows high, many of them only guessed."""

from bisect import bisect_right
from collections.abc import Iterable


class Column:
    """The heights of items, and where each begins.

    Where items begin is summed up only as far as somebody asks, so a change near the end
    costs the same however many items are above it.
    """

    def __init__(self) -> None:
        self._heights: list[int] = []
        self._measured: list[bool] = []
        self._tops: list[int] = [0]

    def __len__(self) -> int:
        return len(self._heights)

    @property
    def total(self) -> int:
        """Rows of all items together."""
        return self.top(len(self._heights))

    def height(self, index: int) -> int:
        """Rows of one item."""
        return self._heights[index]

    def is_measured(self, index: int) -> bool:
        """Whether the height of an item is more than a guess."""
        return self._measured[index]

    def top(self, index: int) -> int:
        """Return the row an item begins at; for the index after the last, the end."""
        tops = self._tops
        row = tops[-1]
        for height in self._heights[len(tops) - 1 : index]:
            row += height
            tops.append(row)
        return tops[index]

    def at(self, row: int) -> int:
        """Return the index of the item that `row` belongs to; there must be an item."""
        self.top(len(self._heights))
        index = bisect_right(self._tops, row) - 1
        return max(0, min(index, len(self._heights) - 1))

    def measure(self, index: int, height: int) -> None:
        """Set the true height of an item."""
        self._measured[index] = True
        if height != self._heights[index]:
            self._heights[index] = height
            del self._tops[index + 1 :]

    def replace_from(self, index: int, guesses: Iterable[int]) -> None:
        """Put new items, with guessed heights, in place of all from `index` on."""
        del self._heights[index:], self._measured[index:], self._tops[index + 1 :]
        self._heights.extend(guesses)
        self._measured.extend([False] * (len(self._heights) - index))

    def prepend(self, guesses: Iterable[int]) -> None:
        """Put new items, with guessed heights, above all others."""
        above = list(guesses)
        self._heights[:0] = above
        self._measured[:0] = [False] * len(above)
        self._tops = [0]

    def drop_first(self, count: int) -> None:
        """Take out the topmost items."""
        del self._heights[:count], self._measured[:count]
        self._tops = [0]

    def guess(self, index: int, height: int) -> None:
        """Forget the true height of an item that has changed."""
        self.measure(index, height)
        self._measured[index] = False

    def doubt(self) -> None:
        """Take all heights as guesses: they were measured for another width."""
        self._measured = [False] * len(self._heights)
