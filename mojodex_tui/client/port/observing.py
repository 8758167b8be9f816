"""Values that change by themselves."""

from collections.abc import Callable
from typing import Protocol, TypeAlias, TypeVar

T_co = TypeVar("T_co", covariant=True)


Unsubscribe: TypeAlias = Callable[[], None]
"""Call it to hear no more; calling it again does nothing."""


class Observable(Protocol[T_co]):
    """A value that changes by itself."""

    @property
    def value(self) -> T_co:
        """What it is now."""
        ...

    def subscribe(self, listener: Callable[[T_co], None]) -> Unsubscribe:
        """Call `listener` with every new value, in the event loop, but not with this one."""
        ...
