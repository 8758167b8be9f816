"""What a backend may want before it answers: that the user signs in, or accepts its terms."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from mojodex_tui.client.errors import SignInNeeded, TermsNeeded

if TYPE_CHECKING:
    from mojodex_tui.ui.app import MojodexApp

T = TypeVar("T")


class Admission:
    """Asks questions, and shows over the screen in front what must be done first.

    Args:
        app: The program.
    """

    def __init__(self, app: MojodexApp) -> None:
        self._app = app
        self._sign_in_lock = asyncio.Lock()

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """Ask; sign in or accept the terms first if the backend wants that, then ask again.

        Raises:
            ApiError: the answer is no, there was none, or the user would rather not.
        """
        try:
            return await question()
        except SignInNeeded:
            await self._sign_in_again()
        except TermsNeeded:
            await self._accept_terms()
        return await question()

    async def _sign_in_again(self) -> None:
        app = self._app
        if app.is_local:
            raise SignInNeeded  # this computer's account signs in by itself, or something is wrong
        token_before = app.mojodex.account.value
        async with self._sign_in_lock:
            if app.mojodex.account.value not in {None, token_before}:
                return  # another question that waited for the same has had it answered
            if await app.push_screen_wait(app.sign_in_again()) is None:
                raise SignInNeeded

    async def _accept_terms(self) -> None:
        from mojodex_tui.ui.screens.terms import TermsScreen

        app = self._app
        screen = TermsScreen(app.mojodex.api, app.address or "This server")
        if not await app.push_screen_wait(screen):
            raise TermsNeeded
