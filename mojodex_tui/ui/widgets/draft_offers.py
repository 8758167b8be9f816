"""What there is beside the draft: its versions, quick changes of it, and tasks to go on with."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from mojodex_tui.state.session import SessionState

_MOST_VERSIONS = 8
"""Versions that are told by their numbers; the list has all of them."""


class DraftOffers(Widget):
    """Up to three lines, each with the key that leads there."""

    state: reactive[SessionState | None] = reactive(None, layout=True)

    def watch_state(self) -> None:
        """Take no room while there is nothing to tell."""
        self.set_class(not any(self._told()), "-empty")

    def render(self) -> RenderResult:
        """Draw a line for each thing there is."""
        lines = (Content.assemble((f"{name:<11}", "$heading"), what) for name, what in self._told())
        return Content("\n").join(line.truncate(self.size.width, ellipsis=True) for line in lines)

    def _told(self) -> Iterator[tuple[str, Content]]:
        state = self.state
        if state is None or state.draft is None:
            return
        if state.versions > 1:
            yield "VERSIONS", _versions(state.versions, state.draft.index)
        changes = [one.name for one in state.execution.text_edit_actions]
        if changes:
            yield "ACTIONS", Content(f"a: {' / '.join(changes)}")
        tasks = [one.button_text or one.name or "" for one in state.execution.actions]
        if tasks:
            yield "NEXT TASK", Content(f"n: {' / '.join(tasks)}")


def _versions(count: int, shown: int) -> Content:
    """Return the newest versions and the one that is shown, which has a mark."""
    first = max(1, min(count - _MOST_VERSIONS + 1, shown))
    told = [
        Content.styled(f"v{index} *", "bold") if index == shown else Content(f"v{index}")
        for index in range(first, min(count, first + _MOST_VERSIONS - 1) + 1)
    ]
    return Content("  ").join([*told, Content.styled("[ ] walk  l list", "$quiet-text")])
