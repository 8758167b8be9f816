"""The line over a session: its title, and its panes where only one of them shows."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

SPLIT_FROM = 100
"""Columns from which both panes show; there is nothing to choose between then."""


class SessionTitle(Widget):
    """Says which session this is."""

    title: reactive[str] = reactive("")
    pane: reactive[str] = reactive("chat")
    has_draft: reactive[bool] = reactive(False)
    versions: reactive[int] = reactive(0)
    is_split: reactive[bool] = reactive(True)
    """Both panes show where there is room for both."""
    behind: reactive[str] = reactive("")
    """What is being done in the pane that is not in front."""

    def __init__(self, title: str, came_from: str = "") -> None:
        super().__init__()
        self._came_from = came_from
        self.set_reactive(SessionTitle.title, title)

    def render(self) -> RenderResult:
        """Draw the title on the left, the panes on the right."""
        right = self._panes()
        room = max(1, self.size.width - right.cell_length - 2)
        origin = f"   from {self._came_from}" if self._came_from else ""
        left = Content.assemble((self.title, "bold $foreground"), (origin, "$quiet-text"))
        left = left.truncate(room, ellipsis=True)
        gap = max(1, self.size.width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right)

    def _panes(self) -> Content:
        shows_both = self.is_split and self.size.width >= SPLIT_FROM
        if not self.has_draft or shows_both:
            return Content("")
        draft = f"Draft v{self.versions}" if self.versions else "Draft"
        behind = Content.styled(f"{self.behind} ", "$accent") if self.behind else Content("")
        tabs = Content(" ").join([self._tab("chat", "Chat"), self._tab("draft", draft)])
        return Content.assemble(behind, tabs)

    def _tab(self, pane: str, name: str) -> Content:
        is_front = pane == self.pane
        shown = f"[{name}]" if is_front else f" {name} "
        return Content.styled(shown, "bold $foreground" if is_front else "$quiet-text")
