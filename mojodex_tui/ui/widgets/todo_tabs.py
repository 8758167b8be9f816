"""The views of the To-Dos, with how much there is in each."""

from __future__ import annotations

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from mojodex_tui.state.todos import TodosState, View


class TodoTabs(Widget):
    """One line; the view that is shown stands in brackets."""

    todos: reactive[TodosState] = reactive(TodosState(), layout=True)

    class Chosen(Message):
        """A view was clicked.

        Args:
            view: Which.
        """

        def __init__(self, view: View) -> None:
            super().__init__()
            self.view = view

    def render(self) -> RenderResult:
        """Draw the line."""
        counts = self.todos.counts()
        return Content.assemble(*(self._tab(view, counts.get(view)) for view in View))

    def _tab(self, view: View, count: int | None) -> Content:
        words = view.value if count is None else f"{view.value} {count}"
        is_here = view is self.todos.view
        shown = f"[{words}]" if is_here else f" {words} "
        late = view is View.OVERDUE and bool(count) and not is_here
        style = "bold $foreground" if is_here else "$error" if late else "$quiet-text"
        return Content.assemble((shown, style), " ").stylize(Style.from_meta({"view": view.value}))

    def on_click(self, event: events.Click) -> None:
        """Show the view that was clicked."""
        view = event.style.meta.get("view")
        if isinstance(view, str):
            self.post_message(self.Chosen(View(view)))
