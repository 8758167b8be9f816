"""The first line of every screen: where you are, and how you are connected."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from mojodex_tui.state.connection import Reach, Standing

if TYPE_CHECKING:
    from mojodex_tui.wire.workflow_extensions import WaitingRun

PLACES = (("1", "Tasks", "catalog"), ("2", "History", "history"), ("3", "To-Dos", "todos"))
"""The key, the name and the action of each place."""

_REACH_STYLE = {
    Reach.LOCAL: "$success",
    Reach.ONLINE: "$success",
    Reach.RECONNECTING: "$warning",
    Reach.OFFLINE: "$error",
    Reach.SIGNED_OUT: "$warning",
    Reach.STARTING: "$quiet-text",
}


class HeaderLine(Widget):
    """Places on the left, account, assistant and connection on the right."""

    standing: reactive[Standing] = reactive(Standing())
    place: reactive[str] = reactive("")
    due_todos: reactive[int] = reactive(0)
    waiting_runs: reactive[int] = reactive(0)

    def __init__(self, place: str) -> None:
        super().__init__()
        self.set_reactive(HeaderLine.place, place)

    def on_mount(self) -> None:
        """Follow what the application knows of the connection."""
        self.watch(self.app, "standing", self._follow)
        self.watch(self.app, "due_todos", self._follow_due)
        self.watch(self.app, "waiting_runs", self._follow_waiting)
        # Only the seconds until the next try change by themselves.
        self.set_interval(1, self._count_down)

    def _follow(self, standing: Standing) -> None:
        self.standing = standing

    def _follow_due(self, due_todos: int) -> None:
        self.due_todos = due_todos

    def _follow_waiting(self, waiting_runs: tuple[WaitingRun, ...]) -> None:
        self.waiting_runs = len(waiting_runs)

    def _count_down(self) -> None:
        if self.standing.reach is Reach.RECONNECTING:
            self.refresh()

    async def on_click(self, event: events.Click) -> None:
        """Go to the place that was clicked."""
        place = event.style.meta.get("place")
        if isinstance(place, str):
            await self.app.run_action(place, self.app)

    def render(self) -> RenderResult:
        """Draw the line; what does not fit on the right is left out, the connection last."""
        left = Content.assemble(
            ("Mojodex ", "bold $primary"), *map(self._tab, PLACES), self._badge()
        )
        right = self._right(self.size.width - left.cell_length - 1)
        gap = max(1, self.size.width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right)

    def _badge(self) -> Content:
        """Return how many runs wait for a decision, with the key that shows them."""
        if not self.waiting_runs:
            return Content("")
        badge = Content.styled(f" ! {self.waiting_runs} waiting", "bold $warning")
        return badge.stylize(Style.from_meta({"place": "inbox"}))

    def _tab(self, place: tuple[str, str, str]) -> Content:
        key, name, action = place
        is_here = name == self.place
        number = f" {self.due_todos}" if action == "todos" and self.due_todos else ""
        shown = f"[{key} {name}{number}]" if is_here else f" {key} {name}{number} "
        style = "bold $foreground" if is_here else "$quiet-text"
        return Content.assemble((shown, style)).stylize(Style.from_meta({"place": action}))

    def _right(self, room: int) -> Content:
        standing = self.standing
        word = Content.assemble(
            (standing.word(datetime.now(UTC)), f"bold {_REACH_STYLE[standing.reach]}")
        )
        parts = [Content.assemble((text, "$quiet-text")) for text in self._details() if text]
        while parts and sum(part.cell_length + 2 for part in parts) + word.cell_length > room:
            parts.pop(0)
        return Content("  ").join([*parts, word])

    def _details(self) -> tuple[str, str]:
        return self.standing.account, self.standing.assistant
