"""A value that tells when it changes."""

from collections.abc import Callable
from typing import Generic, TypeVar

from mojodex_tui.client.port import Unsubscribe

T = TypeVar("T")


class Listeners(Generic[T]):
    """Those who want to hear, in the order they came."""

    def __init__(self) -> None:
        self._by_key: dict[object, Callable[[T], None]] = {}

    def add(self, listener: Callable[[T], None]) -> Unsubscribe:
        """Add a listener; the result takes it off again."""
        # The same function may listen twice, so it cannot be its own key.
        key = object()
        self._by_key[key] = listener

        def unsubscribe() -> None:
            self._by_key.pop(key, None)

        return unsubscribe

    def tell(self, news: T) -> None:
        """Call every listener."""
        for listener in tuple(self._by_key.values()):
            listener(news)


class Subject(Generic[T]):
    """An observable value.

    Args:
        value: What it is at first.
    """

    def __init__(self, value: T) -> None:
        self._value = value
        self._listeners = Listeners[T]()

    @property
    def value(self) -> T:
        """What it is now."""
        return self._value

    def set(self, value: T) -> None:
        """Change it, and tell if it is another value."""
        if value == self._value:
            return
        self._value = value
        self._listeners.tell(value)

    def subscribe(self, listener: Callable[[T], None]) -> Unsubscribe:
        """Call `listener` with every new value."""
        return self._listeners.add(listener)
