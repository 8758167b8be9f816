"""The pages of a conversation before its newest messages, asked for where the reader is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mojodex_tui.state.past import Page, Past, beginning
from mojodex_tui.wire.base import PAGE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from mojodex_tui.client.port import Conversations
    from mojodex_tui.state.past import Entries, Rows
    from mojodex_tui.state.session import Entry


class PastPages:
    """Asks for pages until one goes on with what is held.

    Args:
        api: Whom to ask.
        session_id: Whose conversation it is.
    """

    def __init__(self, api: Conversations, session_id: str) -> None:
        self._api = api
        self._session_id = session_id

    async def beginning(self, newest: Entries) -> Past:
        """Return the first messages.

        Args:
            newest: The newest entries.

        Raises:
            ApiError: they could not be fetched.
        """
        return beginning(await self._rows(Page(0, from_oldest=True)), newest)

    async def longer(self, past: Past, newest: Entries, direction: int) -> Past:
        """Return what is held with the messages before it, or after it.

        Args:
            past: What is held; there must be more.
            newest: The newest entries.
            direction: -1 for older messages, 1 for newer ones.

        Returns:
            The newest messages alone, if what is held is not in the conversation any more.

        Raises:
            ApiError: they could not be fetched.
        """
        page = past.older_page(newest) if direction < 0 else past.newer_page()
        join = past.with_older if direction < 0 else past.with_newer
        while page is not None:
            rows = await self._rows(page)
            longer = join(page, rows, newest)
            if longer is not None:
                return longer
            page = page.next if len(rows) == PAGE_LIMIT else None
        return Past()

    async def seek(
        self, past: Past, newest: Entries, is_wanted: Callable[[Entry], bool], direction: int
    ) -> Past | None:
        """Return the messages about the nearest wanted one beyond what is held, if there is one.

        Args:
            past: What is held.
            newest: The newest entries.
            is_wanted: Whether it is an entry like this.
            direction: -1 looks in older messages, 1 in newer ones.

        Raises:
            ApiError: they could not be fetched.
        """
        while past.has_more(direction):
            longer = await self.longer(past, newest, direction)
            wanted = any(map(is_wanted, longer.added(past, newest, direction)))
            past = longer.near(longer.edge(direction))
            if wanted:
                return past
        return None

    async def _rows(self, page: Page) -> Rows:
        history = await self._api.messages(
            self._session_id, page.offset, from_oldest=page.from_oldest
        )
        return history.rows
