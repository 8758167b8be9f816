"""Where the program is connected to, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mojodex_tui.client.port import Connection


class Reach(StrEnum):
    """How things stand between this program and its backend."""

    STARTING = "starting"
    LOCAL = "local"
    ONLINE = "online"
    RECONNECTING = "reconnecting"
    OFFLINE = "offline"
    SIGNED_OUT = "not signed in"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the right end of the header says."""

    reach: Reach = Reach.STARTING
    next_try: datetime | None = None
    """Aware; when the connection is tried again."""
    unsent: int = 0
    """How much waits in the outbox."""
    account: str = ""
    assistant: str = ""
    """Who writes the answers, if the backend tells."""

    def word(self, now: datetime) -> str:
        """Return the state in a word or two: it is never told by colour alone.

        Args:
            now: Aware.
        """
        word: str = self.reach.value
        if self.reach is Reach.RECONNECTING and self.next_try is not None:
            word += f" {max(0, ceil((self.next_try - now).total_seconds()))} s"
        return f"{word}, {self.unsent} unsent" if self.unsent else word


def reach_of(connection: Connection, *, is_signed_in: bool, is_local: bool) -> Reach:
    """Return how things stand, from what the client observes.

    Args:
        connection: The way to the server.
        is_signed_in: Whether an account is known.
        is_local: Whether the backend is this computer's own, which needs no account.
    """
    if not is_signed_in and not is_local:
        return Reach.SIGNED_OUT
    return Reach(connection.link.value)
