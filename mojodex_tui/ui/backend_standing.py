"""What the header says of the backend in use: whether it can be heard, who is in, who writes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mojodex_tui.client.errors import ApiError
from mojodex_tui.state.connection import Standing, reach_of
from mojodex_tui.ui.messages import ConnectionChanged

if TYPE_CHECKING:
    from mojodex_tui.client.port import Connection, Mojodex, Unsubscribe
    from mojodex_tui.ui.app import MojodexApp
    from mojodex_tui.wire.accounts import Account


class BackendStanding:
    """Keeps the standing of a program true, and tells its screens of the connection.

    Args:
        app: The program.
        mojodex: The backend.
        is_local: It is this computer's own.
    """

    def __init__(self, app: MojodexApp, mojodex: Mojodex, *, is_local: bool) -> None:
        self._app = app
        self._mojodex = mojodex
        self._is_local = is_local
        self._unsubscribes: tuple[Unsubscribe, ...] = ()

    def follow(self) -> None:
        """Say how things stand, from now on."""
        mojodex = self._mojodex
        self._unsubscribes = (
            mojodex.live.connection.subscribe(self._follow_connection),
            mojodex.account.subscribe(self._follow_account),
        )
        self._app.standing = Standing()
        self._follow_account(mojodex.account.value)

    def stop(self) -> None:
        """Say no more."""
        for unsubscribe in self._unsubscribes:
            unsubscribe()
        self._unsubscribes = ()

    def _follow_account(self, account: Account | None) -> None:
        name = "" if account is None or self._is_local else account.name or ""
        self._app.standing = replace(self._app.standing, account=name)
        self._follow_connection(self._mojodex.live.connection.value)

    def _follow_connection(self, connection: Connection) -> None:
        self._app.standing = replace(
            self._app.standing,
            reach=reach_of(
                connection,
                is_signed_in=self._mojodex.account.value is not None,
                is_local=self._is_local,
            ),
            next_try=connection.next_try,
            unsent=connection.unsent,
        )
        for screen in self._app.screen_stack:
            screen.post_message(ConnectionChanged(connection))

    async def learn_assistant(self) -> None:
        """Ask who writes."""
        try:
            info = await self._mojodex.api.backend_info()
        except ApiError:
            return  # the header says by itself that the backend cannot be reached
        if info is not None:
            is_offline = info.assistant.kind == "offline"
            label = "offline assistant" if is_offline else info.assistant.label
            self._app.standing = replace(self._app.standing, assistant=label)
