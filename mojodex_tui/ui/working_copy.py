"""The draft as the user is changing it: on disk until it is saved or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mojodex_tui.client.port import edit_draft

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex
    from mojodex_tui.state.runs import Run


class WorkingCopy:
    """Keeps what stands in the editor of a draft.

    Args:
        mojodex: The backend in use.
        run: Whose draft it is.
    """

    def __init__(self, mojodex: Mojodex, run: Run) -> None:
        self._outbox = mojodex.outbox
        self._drafts = mojodex.drafts
        self._run = run
        self._key = edit_draft(run.execution_pk)

    async def bring_back(self) -> str | None:
        """Return what was not saved; `None` if nothing is left."""
        working = await self._drafts.get(self._key)
        return working if isinstance(working, str) else None

    async def keep(self, body: str) -> None:
        """Keep what stands in the editor."""
        await self._drafts.put(self._key, body)

    async def forget(self) -> None:
        """It was saved, or is the draft as it was."""
        await self._drafts.forget(self._key)

    async def save(self, produced_text_pk: int, title: str, body: str) -> None:
        """Hand the user's version to the outbox."""
        run = self._run
        await self._outbox.save_edit(
            run.session_id, run.execution_pk, produced_text_pk, title, body
        )
        await self.forget()
