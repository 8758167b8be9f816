"""The way to the backend on this computer, which is started again when it dies."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from mojodex_tui.client.errors import ApiError, SignInNeeded, Unreachable
from mojodex_tui.client.http import Endpoint, Http
from mojodex_tui.wire.accounts import Account
from mojodex_tui.wire.extensions import OPEN_LOCAL_SESSION, LocalSessionRequest


class BackendAddress(Protocol):
    """Where a local backend listens, and what opens it."""

    @property
    def url(self) -> str:
        """Its address on the loopback interface."""
        ...

    @property
    def secret(self) -> str:
        """What it gives a token for."""
        ...


class BackendHandle(Protocol):
    """A local backend that may still be starting; both methods wait until it answers."""

    async def ready(self) -> BackendAddress:
        """Return its address.

        Raises:
            BackendDidNotStart: it ended before it was ready.
        """
        ...

    async def restart(self) -> BackendAddress:
        """Replace one that died.

        Raises:
            BackendDidNotStart: the new one ended before it was ready.
        """
        ...


class BackendLink:
    """Leads to the local backend, signed in as the user of this computer.

    Args:
        handle: The backend.
        http: What calls it.
        signed_in: Called with the local account.
    """

    def __init__(
        self, handle: BackendHandle, http: Http, signed_in: Callable[[Account], None]
    ) -> None:
        self._handle = handle
        self._http = http
        self._signed_in = signed_in
        self._address: BackendAddress | None = None
        self._endpoint: Endpoint | None = None
        self._asked = False
        self._lock = asyncio.Lock()

    async def endpoint(self) -> Endpoint:
        """Return the backend's address and the local user's token, once it is ready."""
        async with self._lock:
            if self._endpoint is None:
                self._endpoint = await self._open()
            return self._endpoint

    async def mend(self, error: ApiError, used: Endpoint) -> bool:
        """Start the backend again if it is gone, sign in again if that is missing."""
        if not isinstance(error, (Unreachable, SignInNeeded)):
            return False
        async with self._lock:
            if used != self._endpoint:
                return True  # another call has repaired it
            self._endpoint = None
            if isinstance(error, Unreachable):
                self._address = None
            self._endpoint = await self._open()
            return True

    async def _open(self) -> Endpoint:
        """Find the backend, starting it if it was there before, and sign in."""
        if self._address is None:
            find = self._handle.restart if self._asked else self._handle.ready
            self._asked = True
            self._address = await find()
        address = self._address
        try:
            account = await self._http.call(
                Endpoint(address.url, address.secret), OPEN_LOCAL_SESSION, LocalSessionRequest()
            )
        except Unreachable:
            self._address = None
            raise
        self._signed_in(account)
        return Endpoint(address.url, account.token)
