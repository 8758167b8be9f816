"""Who is signed in, to which server, and since when the server knows our clock."""

from collections.abc import Callable
from typing import Final

from mojodex_tui.client.credentials import Credentials, Login
from mojodex_tui.client.observable import Subject
from mojodex_tui.client.port import Keeping, KeptIn
from mojodex_tui.wire.accounts import Account

LOCAL: Final = "local"
"""The space of what belongs to the backend on this computer."""


class Identity:
    """The user's login, kept between two starts.

    Args:
        server: The server's address; `None` for the backend on this computer, whose user is
            whoever sits at it.
        credentials: Where logins are kept.
    """

    def __init__(self, server: str | None, credentials: Credentials) -> None:
        self.account = Subject[Account | None](None)
        self.keeping = Subject(Keeping(KeptIn.MEMORY))
        self._server = server
        self._credentials = credentials
        self._email = ""

    @property
    def is_local(self) -> bool:
        """Whether there is nobody to sign in."""
        return self._server is None

    @property
    def space(self) -> str:
        """Whose things are kept on this computer now."""
        return LOCAL if self._server is None else f"{self._server} {self._email}".strip()

    def token(self) -> str | None:
        """Return the token to call with."""
        return self.account.value.token if self.account.value else None

    def adopt(self, account: Account) -> None:
        """Take the account that the local backend made."""
        self.account.set(account)

    async def restore(self) -> None:
        """Take up the login of the last start."""
        if self._server is None:
            return
        login, keeping = await self._credentials.load(self._server)
        self.keeping.set(keeping)
        if login is not None:
            self._take(login)

    async def sign_in(self, email: str, account: Account) -> None:
        """Take a login, and keep it."""
        login = Login(email=email, account=account)
        # First of all: a keyring may take its time.
        self._take(login)
        if self._server is not None:
            self.keeping.set(await self._credentials.keep(self._server, login))

    async def change(self, change: Callable[[Account], Account]) -> None:
        """Take what has changed about the account, and keep it."""
        account = self.account.value
        if account is None:
            return
        if self._server is None:
            self.account.set(change(account))
        else:
            await self.sign_in(self._email, change(account))

    async def keep_in_file(self) -> Keeping:
        """Keep the login in a file, because the user agreed to it."""
        account = self.account.value
        if account is not None and self._server is not None:
            login = Login(email=self._email, account=account)
            keeping = await self._credentials.keep(self._server, login, file_agreed=True)
            self.keeping.set(keeping)
        return self.keeping.value

    async def sign_out(self) -> None:
        """Forget the login."""
        if self._server is not None:
            await self._credentials.forget(self._server)
        self.account.set(None)

    def refuse(self, token: str | None) -> None:
        """Note that the server does not take a token any more; a newer one is not touched."""
        if token == self.token():
            self.account.set(None)

    def _take(self, login: Login) -> None:
        """Be this user from now on."""
        self._email = login.email
        self.account.set(login.account)
