"""`login` and `logout`, and the questions a server asks before it answers."""

from mojodex_tui.client.errors import ApiError, TermsNeeded
from mojodex_tui.client.port import KeptIn, Mojodex
from mojodex_tui.console.commands import Arguments, Command, Misused
from mojodex_tui.console.talk import Talk, ask_yes

_LOCAL = "On this computer there is nobody to sign in or out: everything here is yours."


class Account:
    """The commands about who is signed in.

    Args:
        talk: Where to speak.
        mojodex: The backend.
        is_local: Whether it is this computer's own, which signs in by itself.
    """

    def __init__(self, talk: Talk, mojodex: Mojodex, *, is_local: bool) -> None:
        self._talk = talk
        self._mojodex = mojodex
        self._is_local = is_local

    def commands(self) -> tuple[Command, ...]:
        """Return them, as `help` lists them."""
        return (
            Command(("login",), "", "sign in, or change account", self._login),
            Command(("logout",), "", "forget who is signed in", self._logout),
        )

    async def sign_in_if_needed(self) -> None:
        """Ask for e-mail and password until they are right, unless somebody is signed in."""
        if self._is_local or self._mojodex.account.value is not None:
            return
        await self._ask()

    async def satisfy(self, error: ApiError) -> None:
        """Do what the server wants first: a new sign-in, or the terms accepted.

        Raises:
            ApiError: the user would rather not.
        """
        if self._is_local:
            raise error
        if not isinstance(error, TermsNeeded):
            await self._ask()
        elif await ask_yes(self._talk, "Accept the terms and conditions of this server"):
            await self._mojodex.api.accept_terms()
        else:
            raise error

    async def _ask(self) -> None:
        while True:
            email = (await self._talk.ask("Email: ")).strip()
            password = await self._talk.ask("Password: ", secret=True)
            try:
                await self._mojodex.api.sign_in(email, password)
            except ApiError as error:
                self._talk.say(error.sentence)
            else:
                await self._offer_to_stay()
                return

    async def _offer_to_stay(self) -> None:
        """Keep the token in a file, where there is no keyring and the user agrees."""
        keeping = self._mojodex.keeping.value
        if keeping.where is not KeptIn.MEMORY:
            return
        if keeping.notice:
            self._talk.say(keeping.notice)
        if await ask_yes(self._talk, "Stay signed in, by a file only you can read"):
            await self._mojodex.api.keep_token_in_file()

    async def _login(self, _arguments: Arguments) -> None:
        if self._is_local:
            raise Misused(_LOCAL)
        await self._ask()

    async def _logout(self, _arguments: Arguments) -> None:
        if self._is_local:
            raise Misused(_LOCAL)
        await self._mojodex.api.sign_out()
        self._talk.say("Signed out.")
