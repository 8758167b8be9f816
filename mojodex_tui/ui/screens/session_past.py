"""What is held of a session's conversation: pages come where the reader goes, and leave again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, cast

from textual import on, work
from textual.containers import Container

from mojodex_tui.client.errors import ApiError
from mojodex_tui.state.past import Past
from mojodex_tui.ui.past_pages import PastPages
from mojodex_tui.ui.widgets.conversation import Conversation, Waiting
from mojodex_tui.ui.widgets.following_view import FollowingView

if TYPE_CHECKING:
    from mojodex_tui.client.port import Conversations
    from mojodex_tui.state.past import Entries
    from mojodex_tui.ui.screens.framed import Framed

_NO_PAGES = "Older messages could not be fetched."


class SessionPast(Container):
    """Holds the conversation, and as many messages of it as are near the reader.

    Args:
        api: Whom to ask for pages.
        session_id: Whose conversation it is.
    """

    def __init__(self, api: Conversations, session_id: str, *, id: str) -> None:
        super().__init__(id=id)
        self._pages = PastPages(api, session_id)
        self._past = Past()
        self._newest: Entries = ()
        self._waiting: tuple[Waiting, ...] = ()
        self._is_writing = False

    def on_mount(self) -> None:
        """Follow the reader."""
        self.watch(self.chat, "scroll_y", self._look_around, init=False)

    @property
    def chat(self) -> Conversation:
        """What was said."""
        return self.query_one(Conversation)

    @property
    def _frame(self) -> Framed:
        # Only screens of ours compose this.
        return cast("Framed", self.screen)

    def open(self, *, has_older: bool) -> None:
        """Take in that the newest messages were fetched; `show` tells which they are.

        Args:
            has_older: Whether there are older ones.
        """
        self._past = self._past.opened(has_older=has_older)
        self.call_after_refresh(self._look_around)

    def show(self, newest: Entries, waiting: Iterable[Waiting], *, is_writing: bool) -> None:
        """Show the conversation where it is read.

        Args:
            newest: The newest entries of the session.
            waiting: What the user wrote that is on its way.
            is_writing: An answer is being written.
        """
        before, self._newest = self._newest, newest
        self._waiting, self._is_writing = tuple(waiting), is_writing
        past = self._past.after(before, newest)
        chat = self.chat
        if past.has_more(1) and newest[-1:] != before[-1:]:
            chat.unread = True
        # Who follows the end is taken over a gap that was left while there was no connection.
        self._take(Past(is_whole=False) if chat.follow and not past.joins else self._near(past))

    def _take(self, past: Past) -> None:
        chat, self._past = self.chat, past
        chat.more_above, chat.more_below = past.has_more(-1), past.has_more(1)
        chat.show(past.shown(self._newest), self._waiting, is_writing=self._is_writing)
        self.call_after_refresh(self._look_around)

    def _near(self, past: Past) -> Past:
        """Let go what is far from the reader; what is selected is to be copied whole."""
        return past if self.chat.text_selection else past.near(self.chat.pks_around)

    # --- going on --------------------------------------------------------------------------

    def _look_around(self) -> None:
        """Fetch a page, when the reader comes near an end of what is here."""
        if not self.query(Conversation) or self._is_asking:
            return
        chat, page = self.chat, self.chat.window.height
        if chat.scroll_y < page and self._past.has_more(-1):
            self._go_on(-1)
        elif chat.max_scroll_y - chat.scroll_y < page and self._past.has_more(1):
            self._go_on(1)

    @property
    def _is_asking(self) -> bool:
        return any(one.node is self and not one.is_finished for one in self.workers)

    @work(group="past", exclusive=True)
    async def _go_on(self, direction: int) -> None:
        newest = self._newest
        question = partial(self._pages.longer, self._past, newest, direction)
        try:
            past = await self._frame.shell.ask(question)
        except ApiError as error:
            self._frame.say_failed(error, _NO_PAGES)
            return
        self._take(self._near(past.after(newest, self._newest)))

    def stop_asking(self) -> None:
        """Want no page and no match any more."""
        self.workers.cancel_group(self, "past")

    @on(FollowingView.EdgeWanted)
    def _go_to_edge(self, message: FollowingView.EdgeWanted) -> None:
        if message.direction > 0:
            self.return_to_newest()
        else:
            self._go_to_beginning()

    def return_to_newest(self) -> None:
        """Show the newest messages, which are always here."""
        self.stop_asking()
        if self._past.has_more(1):
            self._take(Past(is_whole=False))

    @work(group="past", exclusive=True)
    async def _go_to_beginning(self) -> None:
        newest = self._newest
        try:
            past = await self._frame.shell.ask(partial(self._pages.beginning, newest))
        except ApiError as error:
            self._frame.say_failed(error, _NO_PAGES)
            return
        self._take(past.after(newest, self._newest))
        self.chat.begin_at_top()

    # --- looking for words ------------------------------------------------------------------

    @work(group="past", exclusive=True)
    async def seek(self, direction: int, tell: Callable[[bool], None]) -> None:
        """Go to the next entry that has the words the conversation looks for.

        Args:
            direction: -1 looks in older messages than are here, 1 in newer ones.
            tell: Told whether there is one.
        """
        past: Past | None = self._past
        while past is not None:
            newest = self._newest
            question = partial(self._pages.seek, past, newest, self.chat.is_sought, direction)
            try:
                past = await self._frame.shell.ask(question)
            except ApiError as error:
                self._frame.say_failed(error, _NO_PAGES)
                return
            if past is not None:
                past = past.after(newest, self._newest)
                self._take(past)
                if self.chat.find_next(direction):
                    break
        tell(past is not None)
