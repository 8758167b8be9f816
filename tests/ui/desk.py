"""A session on a screen, for tests: what is seen of it, and the hands on its keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.ui.screens.session import SessionScreen
from mojodex_tui.ui.screens.session_answer import SessionAnswer
from mojodex_tui.ui.screens.session_draft import SessionDraft
from mojodex_tui.ui.screens.session_panes import SessionPanes
from mojodex_tui.ui.widgets.conversation import Conversation
from mojodex_tui.ui.widgets.draft_pane import DraftPane
from mojodex_tui.ui.widgets.message_box import MessageBox
from tests.fakes import FakeConnect
from tests.ui.session_fakes import BODY, RUN, SessionMojodex, drafted, execution

WIDE = (120, 40)
NARROW = (80, 24)


class Desk:
    """A session on a screen, and the hands on its keys."""

    def __init__(self, pilot: Pilot[None], mojodex: SessionMojodex) -> None:
        self.pilot = pilot
        self.mojodex = mojodex

    @property
    def screen(self) -> SessionScreen:
        screen = self.pilot.app.screen
        assert isinstance(screen, SessionScreen)
        return screen

    @property
    def box(self) -> MessageBox:
        return self.screen.query_one(MessageBox)

    @property
    def draft(self) -> DraftPane:
        return self.screen.query_one(DraftPane)

    @property
    def side(self) -> SessionDraft:
        return self.screen.query_one(SessionDraft)

    @property
    def panes(self) -> SessionPanes:
        return self.screen.query_one(SessionPanes)

    @property
    def answer(self) -> SessionAnswer:
        return self.screen.query_one(SessionAnswer)

    @property
    def chat(self) -> list[tuple[str, str]]:
        return [(entry.author, entry.text) for entry in self.screen.query_one(Conversation).entries]

    async def write(self, text: str) -> None:
        await self.pilot.press(*("space" if letter == " " else letter for letter in text))

    async def settle(self) -> None:
        """Wait until all that was said is shown."""
        for _ in range(4):
            await self.pilot.pause()

    async def worker(self, group: str) -> None:
        """Wait until the work of a group is done."""
        for worker in [one for one in self.pilot.app.workers if one.group == group]:
            await worker.wait()

    async def frame(self) -> None:
        """Wait until arrived text is drawn: a view draws once a frame."""
        await self.pilot.pause(0.1)


@asynccontextmanager
async def opened(
    mojodex: SessionMojodex | None = None, size: tuple[int, int] = WIDE
) -> AsyncIterator[Desk]:
    """Open the session in an application."""
    mojodex = mojodex or SessionMojodex()
    app = MojodexApp(FakeConnect({None: mojodex}))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        app.open_session(RUN)
        desk = Desk(pilot, mojodex)
        await desk.settle()
        yield desk


def finished(version: int = 1) -> SessionMojodex:
    """Return a backend whose run has a draft."""
    mojodex = SessionMojodex()
    mojodex.api.told = execution(**drafted(version))
    mojodex.api.versions = (*(f"body {index}" for index in range(1, version)), BODY)
    return mojodex
