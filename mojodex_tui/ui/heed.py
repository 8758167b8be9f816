"""Runs of workflows that are listened to wherever the user is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from mojodex_tui.wire.events import AssistantActivity, WorkflowProducedText
from mojodex_tui.wire.heard import TokenAppended, TokenReplaced

if TYPE_CHECKING:
    from textual.app import App
    from textual.timer import Timer

    from mojodex_tui.client.port import LiveEvents

_GROUP: Final = "heed"

_RESTS_AFTER: Final = 1.0
"""Seconds after its word within which a run has come to rest: until then it is said to work."""


class Heed:
    """Has what waits looked for as soon as a run says that it has changed.

    Args:
        app: Listens in the background.
        live: What is listened to.
        look: Looks for what waits.
        end: Is told that a run has come to its end.
    """

    def __init__(
        self,
        app: App[None],
        live: LiveEvents,
        look: Callable[[], object],
        end: Callable[[], object],
    ) -> None:
        self._app = app
        self._live = live
        self._look = look
        self._end = end
        self._heard: set[str] = set()
        self._later: Timer | None = None

    def to(self, session_ids: Iterable[str]) -> None:
        """Listen to these runs too, each until it has ended."""
        for session_id in session_ids:
            if session_id not in self._heard:
                self._heard.add(session_id)
                self._app.run_worker(self._listen(session_id), group=_GROUP)

    def stop(self) -> None:
        """Listen to nothing any more."""
        if self._later is not None:
            self._later.stop()
        self._app.workers.cancel_group(self._app, _GROUP)

    async def _listen(self, session_id: str) -> None:
        async with aclosing(self._live.listen(session_id)) as events:
            async for event in events:
                if isinstance(event, TokenAppended | TokenReplaced | AssistantActivity):
                    continue
                self._look_now_and_later()
                if isinstance(event, WorkflowProducedText):
                    self._heard.discard(session_id)
                    self._end()
                    return

    def _look_now_and_later(self) -> None:
        self._look()
        if self._later is not None:
            self._later.stop()
        self._later = self._app.set_timer(_RESTS_AFTER, self._look)
