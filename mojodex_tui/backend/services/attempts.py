"""How often somebody may try to sign in.

Each process counts by itself, in memory: several processes let through as many times more, which
guessing a password does not profit from, and nobody is locked out for longer than the window.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from mojodex_tui.backend.services.errors import ServiceError

WINDOW: Final = timedelta(minutes=15)
PER_ACCOUNT: Final = 10
"""Tries at one account from one address within the window."""
PER_ADDRESS: Final = 100
"""Tries from one address within the window, at any accounts; many may share it."""
_MOST_KEYS: Final = 10_000


class TooManyAttempts(ServiceError):
    """Somebody tried to sign in too often."""

    def __init__(self) -> None:
        minutes = int(WINDOW.total_seconds() // 60)
        super().__init__(f"Too many attempts to sign in. Try again in {minutes} minutes.")


_Key = tuple[str, ...]


@dataclass
class Attempts:
    """Counts tries to sign in.

    Args:
        clock: tells when.
    """

    clock: Callable[[], datetime]
    _tries: dict[_Key, deque[datetime]] = field(default_factory=dict, init=False)

    def begin(self, email: str, address: str) -> None:
        """Count a try, before its password is looked at: tries at the same time count all.

        Args:
            email: of the account.
            address: where the try comes from.

        Raises:
            TooManyAttempts: there were too many; this one does not count.
        """
        now = self.clock()
        limits = {_account(email, address): PER_ACCOUNT, (address,): PER_ADDRESS}
        if any(len(self._recent(key, now)) >= limit for key, limit in limits.items()):
            raise TooManyAttempts
        if len(self._tries) >= _MOST_KEYS:
            self._forget_old(now)
        for key in limits:
            self._tries.setdefault(key, deque()).append(now)

    def succeed(self, email: str, address: str) -> None:
        """Forget the tries at an account, because the last one was right."""
        own = self._tries.pop(_account(email, address), deque())
        everyone = self._tries.get((address,), deque())
        for _ in range(min(len(own), len(everyone))):
            everyone.pop()

    def _recent(self, key: _Key, now: datetime) -> deque[datetime]:
        tries = self._tries.get(key, deque())
        while tries and now - tries[0] >= WINDOW:
            tries.popleft()
        return tries

    def _forget_old(self, now: datetime) -> None:
        self._tries = {key: tries for key, tries in self._tries.items() if self._recent(key, now)}


def _account(email: str, address: str) -> _Key:
    return email.casefold(), address
