"""The way to a server: its address, what opens it, and what to do when it is lost."""

from collections.abc import Callable
from typing import Protocol

from mojodex_tui.client.errors import ApiError, SignInNeeded
from mojodex_tui.client.http import Endpoint


class Way(Protocol):
    """Leads to a server."""

    async def endpoint(self) -> Endpoint:
        """Return where to call now.

        Raises:
            ApiError: there is no way at the moment.
        """
        ...

    async def mend(self, error: ApiError, used: Endpoint) -> bool:
        """Repair what can be repaired.

        Args:
            error: What went wrong.
            used: Where the call went.

        Returns:
            Whether it is worth calling again.

        Raises:
            ApiError: the repair failed.
        """
        ...


class RemoteWay:
    """The way to a server somewhere else, which nobody here can repair.

    Args:
        url: Its address.
        token: Tells the token of the user, if one is signed in.
        refused: Called with a token that the server does not accept any more.
    """

    def __init__(
        self, url: str, token: Callable[[], str | None], refused: Callable[[str | None], None]
    ) -> None:
        self._url = url
        self._token = token
        self._refused = refused

    async def endpoint(self) -> Endpoint:
        """Return the server's address and the user's token."""
        return Endpoint(self._url, self._token())

    async def mend(self, error: ApiError, used: Endpoint) -> bool:
        """Have the user sign in again, if that is what is missing."""
        if isinstance(error, SignInNeeded):
            self._refused(used.token)
        return False
