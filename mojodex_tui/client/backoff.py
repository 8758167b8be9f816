"""How long to wait before trying again."""

import random
from collections.abc import Callable
from typing import TypeAlias

Backoff: TypeAlias = Callable[[int], float]
"""The seconds to wait after so many failures, from 1."""

_FIRST = 0.5
_GROWTH = 1.4
"""Little, so that after a short cut nobody waits long: after one of 8 seconds, 3 more at most."""
_LONGEST = 30.0


def gentle(failures: int) -> float:
    """Wait ever longer, up to half a minute, spread so that clients do not come all at once."""
    wait = min(_LONGEST, _FIRST * _GROWTH ** min(failures - 1, 20))
    return wait * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, guards nothing
