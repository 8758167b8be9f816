"""A session, asked for: what was seen last, what it is now, and what was said before that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mojodex_tui.client.errors import ApiError
from mojodex_tui.state import session as sessions
from mojodex_tui.state.runs import NO_EXECUTION

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex
    from mojodex_tui.state.runs import Run
    from mojodex_tui.state.session import SessionState
    from mojodex_tui.wire.messages import MessageRow


class SessionPages:
    """Fetches a session, newest page first, and remembers which page comes next.

    Args:
        mojodex: The backend in use.
        run: The run.
    """

    def __init__(self, mojodex: Mojodex, run: Run) -> None:
        self._mojodex = mojodex
        self._run = run
        self._older_offset: int | None = None

    @property
    def has_older(self) -> bool:
        """Whether there is a page before those that were fetched, which nobody fetches now."""
        return self._older_offset is not None

    async def seen(self) -> SessionState | None:
        """Return the session as it was seen last; `None` if it never was."""
        cache = self._mojodex.cache
        execution = await cache.execution(self._run.execution_pk)
        if execution is None:
            return None
        return sessions.loaded(execution, await cache.messages(self._run.session_id))

    async def newest(self) -> SessionState:
        """Return the session as the backend tells it, with its newest messages.

        Raises:
            ApiError: it could not be fetched.
        """
        api, run = self._mojodex.api, self._run
        if run.execution_pk == NO_EXECUTION:
            history = await api.messages(run.session_id)
            state = sessions.without_task(run.session_id, history.rows)
        else:
            execution = await api.execution(run.execution_pk)
            history = await api.messages(run.session_id)
            state = sessions.loaded(execution, history.rows)
        self._older_offset = history.older_offset
        return state

    async def older(self) -> tuple[MessageRow, ...]:
        """Return the page before those that were fetched, the oldest row first.

        Raises:
            ApiError: it could not be fetched; it may be asked for again.
        """
        offset, self._older_offset = self._older_offset, None
        if offset is None:
            return ()
        try:
            page = await self._mojodex.api.messages(self._run.session_id, offset)
        except ApiError:
            self._older_offset = offset
            raise
        self._older_offset = page.older_offset
        return page.rows
