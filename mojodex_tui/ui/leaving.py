"""The end of the program: what was typed is kept, and what was held back is sent."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.screen import Screen

from mojodex_tui.ending import end_within
from mojodex_tui.ui.screens.framed import Framed

if TYPE_CHECKING:
    from textual.app import App

    from mojodex_tui.ui.todo_deeds import TodoDeeds

_SENDING_SECONDS = 2
"""How long leaving may take to send what is also on disk."""

_ENDING_SECONDS = 8.0
"""How long the program may take to end when it is told to from outside."""


class Leaving:
    """Ends the program, whoever wants that, without losing anything.

    Args:
        app: The program.
        deeds: Returns what was done to To-Dos and can still be taken back, if there is a backend.
    """

    def __init__(self, app: App[None], deeds: Callable[[], TodoDeeds | None]) -> None:
        self._app = app
        self._deeds = deeds

    def follow_signals(self) -> None:
        """Give the terminal back when the program is ended from outside."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.leave, 128 + number)
            if not self._app.is_headless:
                # The loop hears of the signal too, but it may be what hangs.
                signal.signal(number, _end_for_sure)

    def leave(self, return_code: int) -> None:
        """End the program as soon as all is kept."""
        self._app.run_worker(self._keep_and_exit(return_code), group="leave", exclusive=True)

    async def _keep_and_exit(self, return_code: int) -> None:
        await self._all_typed()
        for screen in tuple(self._app.screen_stack):
            await keep_typed(screen)
        await self._send_deeds()
        self._app.exit(return_code=return_code)

    async def _all_typed(self) -> None:
        """Wait until the keys before this moment arrived: `^Q` overtakes them."""
        arrived = asyncio.Event()
        (self._app.screen.focused or self._app.screen).call_later(arrived.set)
        await arrived.wait()

    async def _send_deeds(self) -> None:
        """Send what was held back so that it could be undone; not sent, it is on disk."""
        deeds = self._deeds()
        if deeds is None or not deeds.pending:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_SENDING_SECONDS):
                await deeds.send_all()


async def keep_typed(screen: Screen[object]) -> None:
    """Have what was typed on a screen on disk."""
    if isinstance(screen, Framed):
        await screen.keep_typed()


def _end_for_sure(number: int, _: object) -> None:
    """End the program even if leaving hangs: a thread may wait for a terminal that is gone."""
    end_within(_ENDING_SECONDS, 128 + number)
