"""To-Dos in their parts, one a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mojodex_tui.state.todos import Part, TodosState, told_due

if TYPE_CHECKING:
    from mojodex_tui.wire.todo_extensions import TodoRow

_MARK_CELLS = 8
_DUE_CELLS = 18
_MOVED_CELLS = 10
_SMALLEST_TEXT = 20
_GAPS = 4


class TodoList(OptionList):
    """Shows To-Dos; the keys that act on one are the screen's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", id="todos.down", show=False),
        Binding("k", "cursor_up", "Up", id="todos.up", show=False),
        Binding("g", "first", "First", id="todos.first", show=False),
        Binding("G", "last", "Last", id="todos.last", show=False),
    ]

    todos: reactive[TodosState] = reactive(TodosState(), init=False)

    @dataclass
    class Pointed(Message):
        """The cursor is on another To-Do, or the To-Do has changed."""

        row: TodoRow | None

    def __init__(self) -> None:
        super().__init__(markup=False)

    @property
    def pointed(self) -> TodoRow | None:
        """The To-Do under the cursor."""
        option = self.highlighted_option
        return None if option is None or option.id is None else self.todos.row(int(option.id))

    def visible_unread(self) -> frozenset[int]:
        """Return the To-Dos on the screen that were not read."""
        first = round(self.scroll_y)
        last = min(first + self.scrollable_content_region.height, self.option_count)
        shown = (self.get_option_at_index(at).id for at in range(first, last))
        rows = (self.todos.row(int(pk)) for pk in shown if pk is not None)
        return frozenset(
            row.todo_pk for row in rows if row is not None and row.read_by_user is None
        )

    def watch_todos(self) -> None:
        """Show the To-Dos; the cursor stays on its To-Do, or on its line if that has gone."""
        self._draw()

    def on_resize(self) -> None:
        """Share the width anew."""
        self._draw()

    def _draw(self) -> None:
        option, line = self.highlighted_option, self.highlighted or 0
        self.set_options(self._parts())
        ids = [each.id for each in self.options]
        rows = [at for at, pk in enumerate(ids) if pk is not None]
        if option is not None and option.id in ids:
            self.highlighted = ids.index(option.id)
        elif rows:
            self.highlighted = min(rows, key=lambda at: abs(at - line))
        self.post_message(self.Pointed(self.pointed))

    def _parts(self) -> Iterator[Option]:
        for part, rows in self.todos.parts():
            total = self.todos.n_done if part is Part.DONE else None
            count = f"{len(rows)} of {total}" if total and total > len(rows) else f"{len(rows)}"
            yield Option(Content(f" {part.value.upper()}  {count}"), disabled=True)
            for row in rows:
                yield Option(self._line(row), id=str(row.todo_pk))

    def _line(self, row: TodoRow) -> Content:
        done = self.todos.is_done(row)
        is_new = row.read_by_user is None and not done
        late = self.todos.part_of(row) is Part.OVERDUE and not done
        is_pending = any(row.todo_pk == it.todo_pk for it in self.todos.pending)
        moved = "u undo" if is_pending else _told_moves(row.n_moves)
        room = self.size.width - _MARK_CELLS - _DUE_CELLS - _MOVED_CELLS - _GAPS
        text = _fitted(" ".join(row.description.split()), max(_SMALLEST_TEXT, room))
        return Content.assemble(
            f"  {'[x]' if done else '[ ]'} ",
            ("* " if is_new else "  ", "bold $accent"),
            (text, "$quiet-text" if done else "bold" if is_new else ""),
            "  ",
            (
                set_cell_size(told_due(row, self.todos.today), _DUE_CELLS),
                "$error" if late else "$quiet-text",
            ),
            (f"{moved:<{_MOVED_CELLS}}", "$quiet-text"),
        )

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell which To-Do the cursor is on."""
        event.stop()
        self.post_message(self.Pointed(self.pointed))


def _fitted(text: str, cells: int) -> str:
    short = f"{set_cell_size(text, cells - 1).rstrip()}…" if cell_len(text) > cells else text
    return set_cell_size(short, cells)


def _told_moves(number: int) -> str:
    if not number:
        return ""
    return {1: "moved", 2: "twice"}.get(number, f"{number} times")
