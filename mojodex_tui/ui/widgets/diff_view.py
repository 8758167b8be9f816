"""Two texts and their differences, in one column or side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from mojodex_tui.state.comparison import Comparison, Line, Same, Span
from mojodex_tui.ui.markdown.wrap import Row, row_width, wrap
from mojodex_tui.ui.widgets.strip_view import StripView

_GUTTER = 4
"""Cells before the text of a line: which change the keys act on, and the line's mark."""

_ABOVE = 3
"""Rows that stay in sight above the change one goes to."""


@dataclass(frozen=True)
class _Half:
    """A line on one side."""

    mark: str
    """`-`, `+`, or a blank for a line both sides have."""
    line: Line


@dataclass(frozen=True)
class _Item:
    """A line of the view; with two columns it has both sides."""

    left: _Half | None
    right: _Half | None = None
    change: int | None = None


class DiffView(StripView):
    """Shows how one text became another; marks stand beside colours."""

    MARGIN = _GUTTER
    COMPONENT_CLASSES = {
        "diff-view--removed",
        "diff-view--added",
        "diff-view--removed-word",
        "diff-view--added-word",
        "diff-view--edge",
        "diff-view--current",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "change(1)", "next", id="diff.next", tooltip="Go to the next change"),
        Binding("N", "change(-1)", "previous", id="diff.previous", show=False),
        Binding("m", "switch_words", "words/lines", id="diff.words"),
        Binding("s", "switch_columns", "columns", id="diff.columns", tooltip="One or two columns"),
    ]
    DEFAULT_CSS = """
    DiffView {
        .diff-view--removed { color: $text-error; }
        .diff-view--added { color: $text-success; }
        .diff-view--removed-word { color: $text; background: $error 35%; text-style: bold; }
        .diff-view--added-word { color: $text; background: $success 35%; text-style: bold; }
        .diff-view--edge { color: $foreground 35%; }
        .diff-view--current { color: $accent; text-style: bold; }

        &:ansi {
            .diff-view--removed { color: ansi_red; }
            .diff-view--added { color: ansi_green; }
            .diff-view--removed-word { color: ansi_red; text-style: bold reverse; }
            .diff-view--added-word { color: ansi_green; text-style: bold reverse; }
        }
    }
    """

    comparison: reactive[Comparison] = reactive(Comparison(()), init=False)
    current: reactive[int] = reactive(0, init=False)
    """The place of the change the keys act on, from 0."""
    by_words: reactive[bool] = reactive(True, init=False)
    """Whether changed words are marked within changed lines."""
    two_columns: reactive[bool] = reactive(False, init=False)

    class CurrentChanged(Message):
        """The keys act on another change."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._items: list[_Item] = []
        self.set_reactive(StripView.follow, False)

    # --- what is shown ---------------------------------------------------------------------

    def watch_comparison(self) -> None:
        """Show other texts from their first change on."""
        self.set_reactive(DiffView.current, 0)
        self._build()
        self._show_current()

    def watch_two_columns(self) -> None:
        """Lay the lines out anew; the change stays in sight."""
        self._build()
        self._show_current()

    def watch_by_words(self) -> None:
        """Draw the marks of the words, or leave them out."""
        self._forget_rows()
        self.refresh()

    def watch_current(self) -> None:
        """Go to the change."""
        self._show_current()

    def _build(self) -> None:
        self._items = list(self._laid_out())
        self._forget_rows()
        self._items_changed(0)
        self.refresh()

    def _laid_out(self) -> Iterator[_Item]:
        change = -1
        for part in self.comparison.parts:
            if isinstance(part, Same):
                for text in part.lines:
                    half = _Half(" ", Line((Span(text),)))
                    yield _Item(half, half if self.two_columns else None)
                continue
            change += 1
            old = [_Half("-", line) for line in part.old]
            new = [_Half("+", line) for line in part.new]
            if self.two_columns:
                for left, right in zip_longest(old, new):
                    yield _Item(left, right, change)
            else:
                yield from (_Item(half, change=change) for half in (*old, *new))

    def _show_current(self) -> None:
        first = next(
            (at for at, item in enumerate(self._items) if item.change == self.current), None
        )
        if first is not None:
            self._hold_at(max(0, first - _ABOVE), 0)
        self.refresh()
        self.post_message(self.CurrentChanged())

    # --- keys ------------------------------------------------------------------------------

    def action_change(self, step: int) -> None:
        """Go to the next change, or the one before; after the last comes the first."""
        count = len(self.comparison.changes)
        if count:
            self.current = (self.current + step) % count

    def action_switch_words(self) -> None:
        """Mark changed words, or changed lines only."""
        self.by_words = not self.by_words

    def action_switch_columns(self) -> None:
        """Show both texts side by side, or in one column."""
        self.two_columns = not self.two_columns

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Go between changes only where there are some."""
        return action != "change" or bool(self.comparison.changes)

    # --- rows ------------------------------------------------------------------------------

    def _count(self) -> int:
        return len(self._items)

    def _source(self, index: int) -> str:
        item = self._items[index]
        halves = (item.left, item.right)
        return "\n".join(half.line.text for half in halves if half is not None)

    def _guess(self, index: int) -> int:
        item = self._items[index]
        longest = max(
            len(half.line.text) if half is not None else 0 for half in (item.left, item.right)
        )
        return 1 + longest // self._half_width

    @property
    def _half_width(self) -> int:
        """Cells a line's text may take."""
        columns = 2 if self.two_columns else 1
        return max(1, (self._drawn_width - (columns - 1)) // columns - _GUTTER)

    def _rows(self, index: int) -> Sequence[Strip]:
        item = self._items[index]
        is_current = item.change is not None and item.change == self.current
        return self._cache.rows((index, is_current), lambda: self._draw(item, is_current))

    def _draw(self, item: _Item, is_current: bool) -> list[Strip]:
        left = self._half(item.left, is_current)
        if not self.two_columns:
            return [Strip(row) for row in left]
        right = self._half(item.right, is_current)
        edge = Segment("│", self._component_style("diff-view--edge"))
        blank = Segment(" " * (self._half_width + _GUTTER), self.markdown_styles.text)
        rows = []
        for one, other in zip_longest(left, right):
            pad = self._half_width + _GUTTER - row_width(one or [])
            filled = [*one, Segment(" " * pad, self.markdown_styles.text)] if one else [blank]
            rows.append(Strip([*filled, edge, *(other or [])]))
        return rows

    def _half(self, half: _Half | None, is_current: bool) -> list[Row]:
        """Return the rows of a line on one side, each with its mark."""
        if half is None:
            return []
        look = self._look(half.mark)
        runs = [
            (span.text, self._look(half.mark, word=span.is_changed)) for span in half.line.spans
        ]
        pointer = Segment("› " if is_current else "  ", self._component_style("diff-view--current"))
        gutter = [pointer, Segment(f"{half.mark} ", look)]
        return [[*gutter, *row] for row in wrap(runs, self._half_width)]

    def _look(self, mark: str, *, word: bool = False) -> Style:
        kind = {"-": "removed", "+": "added"}.get(mark)
        if kind is None:
            return self.markdown_styles.text
        suffix = "-word" if word and self.by_words else ""
        return self._component_style(f"diff-view--{kind}{suffix}")
