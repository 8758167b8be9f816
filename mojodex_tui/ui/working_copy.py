"""What the user makes of a draft: kept on disk while it is changed, then sent as a version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from mojodex_tui.client.port import OutboxChange, OutboxKind, OutboxStatus, edit_draft
from mojodex_tui.state.versions import Working
from mojodex_tui.wire.produced_texts import SavedProducedText

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex, Unsubscribe
    from mojodex_tui.state.runs import Run
    from mojodex_tui.state.session import DraftShown


class WorkingCopy:
    """Keeps what stands in the editor of a draft, and sends it.

    Args:
        mojodex: The backend in use.
        run: Whose draft it is.
        saved: Told of each version of the user's that the server has; its index is not known.
    """

    def __init__(self, mojodex: Mojodex, run: Run, saved: Callable[[DraftShown], None]) -> None:
        self._outbox = mojodex.outbox
        self._drafts = mojodex.drafts
        self._run = run
        self._saved = saved
        self._key = edit_draft(run.execution_pk)
        self._on_its_way: dict[str, DraftShown] = {}
        self.value: Working | None = None
        """What was not saved yet; `None` if nothing is left."""

    def listen(self) -> Unsubscribe:
        """Follow what becomes of versions that are on their way."""
        return self._outbox.subscribe(self._follow)

    async def bring_back(self) -> Working | None:
        """Return what was not saved the last time; `None` if nothing is left."""
        self.value = Working.of(await self._drafts.get(self._key))
        return self.value

    async def keep(self, working: Working) -> None:
        """Keep what the user has made of the draft."""
        if working != self.value:
            self.value = working
            await self._drafts.put(self._key, {"body": working.body, "base": working.base})

    async def forget(self) -> None:
        """It was saved, or given up, or is the draft as it was."""
        self.value = None
        await self._drafts.forget(self._key)

    async def send(self, version: DraftShown) -> None:
        """Hand a version of the user's to the outbox."""
        run = self._run
        item = await self._outbox.save_edit(
            run.session_id,
            run.execution_pk,
            version.produced_text_pk,
            version.title,
            version.body,
        )
        self._on_its_way[item.id] = version

    def _follow(self, change: OutboxChange) -> None:
        """Tell of a version once the server has it."""
        item, answer = change.item, change.answer
        if item.kind is not OutboxKind.EDIT or item.id not in self._on_its_way:
            return
        if item.status is OutboxStatus.DROPPED:
            del self._on_its_way[item.id]
        elif item.status is OutboxStatus.DELIVERED and isinstance(answer, SavedProducedText):
            if self.value is not None:
                # The user's own version is none that came from elsewhere.
                self.value = replace(self.value, base=self.value.base + 1)
            self._saved(
                replace(
                    self._on_its_way.pop(item.id),
                    produced_text_pk=answer.produced_text_pk,
                    version_pk=answer.produced_text_version_pk,
                )
            )
