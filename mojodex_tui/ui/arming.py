"""Keys that decide: they act only a moment after what they decide on was drawn, and never held."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

ARMED_AFTER: Final = 0.4
"""Seconds a result must have been in sight, with the focus on it."""

REPEATS_WITHIN: Final = 0.7
"""Seconds within which the same key once more is one that is held down: terminals only repeat it,
and the slowest begin with that after so long."""


class Arming:
    """Tells whether a key that decides was meant.

    Args:
        clock: Seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._drawn = clock()
        self._pressed: dict[str, float] = {}

    def drawn(self) -> None:
        """Note that something else is in sight now, or that the focus has just come."""
        self._drawn = self._clock()

    @property
    def is_armed(self) -> bool:
        """Whether the result was in sight for long enough."""
        return self._clock() - self._drawn >= ARMED_AFTER

    def accepts(self, key: str) -> bool:
        """Return whether `key`, which was just pressed, may decide."""
        now = self._clock()
        before = self._pressed.get(key)
        self._pressed[key] = now
        is_held = before is not None and now - before < REPEATS_WITHIN
        return self.is_armed and not is_held
