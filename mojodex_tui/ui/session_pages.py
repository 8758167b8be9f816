"""A session, asked for: what was seen last, and what it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mojodex_tui.state import session as sessions
from mojodex_tui.state.runs import NO_EXECUTION

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex
    from mojodex_tui.state.runs import Run
    from mojodex_tui.state.session import SessionState


class SessionPages:
    """Fetches a session with its newest messages.

    Args:
        mojodex: The backend in use.
        run: The run.
    """

    def __init__(self, mojodex: Mojodex, run: Run) -> None:
        self._mojodex = mojodex
        self._run = run
        self.has_older = False
        """Whether more was said before the newest messages that were fetched."""

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
        self.has_older = history.is_full
        return state
