"""Lists whose lines are called by their number, or by the beginning of their name."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from mojodex_tui.console.commands import Misused
from mojodex_tui.state.search import plain

T = TypeVar("T")


class Numbered(Generic[T]):
    """What a list showed last, by number.

    Args:
        what: What a line is, in a word: `task`.
        name_of: Returns the name of one.
    """

    def __init__(self, what: str, name_of: Callable[[T], str]) -> None:
        self._what = what
        self._name_of = name_of
        self.shown: tuple[T, ...] = ()
        """In the order of their numbers."""

    @property
    def _list(self) -> str:
        return self._what if self._what == "history" else f"{self._what} list"

    def show(self, items: Sequence[T]) -> Sequence[tuple[int, T]]:
        """Return the items with their numbers, from 1, and remember them."""
        self.shown = tuple(items)
        return tuple(enumerate(self.shown, 1))

    def find(self, called: str) -> T:
        """Return the item with this number, or the only one whose name begins so.

        Raises:
            Misused: there is none, or more than one.
        """
        if called.isdecimal():
            number = int(called)
            if not 1 <= number <= len(self.shown):
                raise Misused(
                    f"There is no {self._what} {number}: there are {len(self.shown)}. "
                    f"'{self._list}' shows them."
                )
            return self.shown[number - 1]
        begun = plain(called)
        exact = [item for item in self.shown if plain(self._name_of(item)) == begun]
        found = exact or [one for one in self.shown if plain(self._name_of(one)).startswith(begun)]
        if len(found) == 1:
            return found[0]
        if not found:
            raise Misused(f"No {self._what} is called '{called}'. '{self._list}' shows them.")
        names = ", ".join(self._name_of(item) for item in found[:4])
        raise Misused(f"Several begin with '{called}': {names}. Type more of the name.")
