"""The versions of a run's draft, fetched once each: they never change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mojodex_tui.state.versions import KnownVersion, known_version

if TYPE_CHECKING:
    from mojodex_tui.client.port import Texts
    from mojodex_tui.state.runs import Run
    from mojodex_tui.state.session import SessionState

_MOST_KEPT = 50


class Versions:
    """Fetches versions.

    Args:
        api: The backend.
        run: Whose versions.
    """

    def __init__(self, api: Texts, run: Run) -> None:
        self._api = api
        self._run = run
        self._known: dict[int, KnownVersion] = {}

    def forget(self) -> None:
        """Fetch all again: a server that puts a spelling right changes the newest in place."""
        self._known.clear()

    async def get(self, index: int, state: SessionState) -> KnownVersion:
        """Return a version.

        Args:
            index: Its place, from 1, the oldest first.
            state: The session: it tells what the assistant has delivered.

        Raises:
            ApiError: it could not be fetched, or there is none.
        """
        known = self._known.get(index)
        if known is None:
            version = await self._api.produced_text_version(self._run.execution_pk, index)
            known = known_version(version, index, state.entries)
            if len(self._known) >= _MOST_KEPT:
                del self._known[next(iter(self._known))]
            self._known[index] = known
        return known
