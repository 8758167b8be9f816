"""What a server says on its own, and the way to it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from mojodex_tui.client.errors import ApiError
from mojodex_tui.client.port.observing import Observable
from mojodex_tui.wire.heard import LiveEvent


class Link(StrEnum):
    """Whether the server can be heard; the header shows this word."""

    ONLINE = "online"
    RECONNECTING = "reconnecting"
    OFFLINE = "offline"
    """Given up hope for the moment; it is still tried, at longer intervals."""
    LOCAL = "local"
    """Online, to the backend on this computer."""


@dataclass(frozen=True)
class Connection:
    """The state of the way to the server."""

    link: Link
    since: datetime
    """Aware; when this link state began."""
    next_try: datetime | None = None
    unsent: int = 0
    """How many items wait in the outbox."""
    cause: ApiError | None = None
    """Why it is not online; `SignInNeeded` will not go away by waiting."""


class LiveEvents(Protocol):
    """What the server says on its own."""

    def listen(self, session_id: str) -> AsyncGenerator[LiveEvent, None]:
        """Yield what the session says, until the iterator is closed; use `contextlib.aclosing`.

        Nothing comes twice. The session is joined again after every interruption, and then
        `Resynchronise` comes first; it also comes if the connection was made only after this
        call. The outbox waits for the joining before it sends.
        """
        ...

    async def joined(self, session_id: str) -> None:
        """Wait until what the session says is heard; not if nobody listens, or offline."""
        ...

    @property
    def connection(self) -> Observable[Connection]:
        """The way to the server, as the header shows it."""
        ...

    def try_now(self) -> None:
        """Do not wait for the next try."""
        ...
