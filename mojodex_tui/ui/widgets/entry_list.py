"""The entries of a transcript: in order, and found by their keys."""

from collections.abc import Iterable, Iterator, Sequence

from mojodex_tui.ui.widgets.entry import Entry


class EntryList:
    """Entries that come and go at both ends, none of which is numbered again for that.

    An entry's index is its number less the first one's: older entries get smaller numbers.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries = list(entries)
        self._first = 0
        self._numbers = {entry.key: number for number, entry in enumerate(self._entries)}

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __getitem__(self, index: int) -> Entry:
        return self._entries[index]

    def __contains__(self, key: str | None) -> bool:
        return key in self._numbers

    def index(self, key: str) -> int:
        """Return where an entry stands.

        Raises:
            KeyError: There is none with this key.
        """
        return self._numbers[key] - self._first

    def prepend(self, older: Sequence[Entry]) -> None:
        """Put entries above all others."""
        self._first -= len(older)
        for number, entry in enumerate(older, self._first):
            self._numbers[entry.key] = number
        self._entries[:0] = older

    def append(self, newer: Iterable[Entry]) -> None:
        """Put entries below all others."""
        for entry in newer:
            self._numbers[entry.key] = self._first + len(self._entries)
            self._entries.append(entry)

    def replace(self, index: int, entry: Entry) -> None:
        """Put an entry, which may have another key, in place of another."""
        del self._numbers[self._entries[index].key]
        self._numbers[entry.key] = self._first + index
        self._entries[index] = entry

    def drop_first(self, count: int) -> list[Entry]:
        """Take out the first entries, and return them."""
        self._first += count
        return self._drop(slice(0, count))

    def drop_last(self, count: int) -> list[Entry]:
        """Take out the last entries, and return them."""
        return self._drop(slice(len(self._entries) - count, None))

    def _drop(self, which: slice) -> list[Entry]:
        dropped = self._entries[which]
        del self._entries[which]
        for entry in dropped:
            del self._numbers[entry.key]
        return dropped
