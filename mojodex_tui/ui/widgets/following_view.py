"""A view of items under each other that follows its end, and holds still elsewhere."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from mojodex_tui.ui.widgets.column import Column
from mojodex_tui.ui.widgets.markdown_looks import MarkdownLooks


class FollowingView(MarkdownLooks, can_focus=True):
    """Measures items near the window only, and keeps the window on what is read.

    The heights of other items are guessed, and corrected without moving what is read. At
    the end the view follows arriving text; anywhere else it holds.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "scroll_up", "Up", show=False, id="text.up"),
        Binding("j", "scroll_down", "Down", show=False, id="text.down"),
        Binding("g", "scroll_home", "Start", show=False, id="text.start"),
        Binding("G", "scroll_end", "Follow", show=False, id="text.follow"),
    ]
    DEFAULT_CSS = """
    FollowingView {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        background: $surface;
        color: $foreground;
        padding: 0 1;
    }
    """

    follow: reactive[bool] = reactive(True, repaint=False)
    """Whether the view moves on with text that arrives at the end."""
    unread: reactive[bool] = reactive(False, repaint=False)
    """Whether text arrived below the window while the view held."""

    more_above = False
    """Whether the text begins before the items that are here."""
    more_below = False
    """Whether it goes on after them; then their end is nothing to follow."""

    class FollowChanged(Message):
        """The view follows arriving text now, or holds."""

        def __init__(self, view: "FollowingView", follow: bool) -> None:
            super().__init__()
            self.view = view
            self.follow = follow

        @property
        def control(self) -> "FollowingView":
            """The view that sent it."""
            return self.view

    class NewBelow(Message):
        """Text arrived below the window while the view held; sent once until read."""

        def __init__(self, view: "FollowingView") -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> "FollowingView":
            """The view that sent it."""
            return self.view

    class EdgeWanted(Message):
        """The reader wants to be where the text begins (-1) or ends (1), which is not here."""

        def __init__(self, direction: int) -> None:
            super().__init__()
            self.direction = direction

    def __init__(
        self, *, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._column = Column()
        self._anchor = (0, 0)
        self._placing = False
        self._drawn_width = 0

    # --- what a view of something shows ----------------------------------------------------

    @abstractmethod
    def _rows(self, index: int) -> Sequence[Strip]:
        """Return the rows of an item, `_drawn_width` cells wide at most."""

    @abstractmethod
    def _guess(self, index: int) -> int:
        """Return about how many rows an item takes, without drawing it."""

    @abstractmethod
    def _count(self) -> int:
        """Return how many items there are."""

    def _rows_moved(self, rows: int) -> None:
        """Follow what stands in the window, and got other row numbers."""

    @property
    def window(self) -> Size:
        """The cells that content is seen in: without scrollbar and padding."""
        return self.scrollable_content_region.size

    @property
    def text_width(self) -> int:
        """Cells a row may take."""
        return max(1, self.window.width)

    # --- heights and the place of the window -----------------------------------------------

    def _items_changed(self, first: int, *, arrived: bool = True) -> None:
        """Show that the items from `first` on are others than before.

        Args:
            first: The index of the first of them.
            arrived: They are new to the reader.
        """
        if not self._drawn_width:
            return
        known = min(first, len(self._column))
        top = self._column.top(known)
        self._column.replace_from(known, map(self._guess, range(known, self._count())))
        self._fit()
        self._refresh_from(top)
        if arrived and not self.follow and self._ends_below:
            self.unread = True

    @property
    def _ends_below(self) -> bool:
        return self.more_below or self._column.total > self.scroll_offset.y + self.window.height

    def _refresh_from(self, top: int) -> None:
        """Draw the rows of the window from row `top` of the content on, and no others."""
        y = max(0, top - self.scroll_offset.y)
        width, height = self.window
        if y < height:
            self.refresh(Region(0, y, width, height - y))

    def _measure(self, index: int) -> int:
        if not self._column.is_measured(index):
            self._column.measure(index, len(self._rows(index)))
        return self._column.height(index)

    def _measure_up(self, index: int, rows: int) -> None:
        while index >= 0 and rows > 0:
            rows -= self._measure(index)
            index -= 1

    def _measure_down(self, index: int, rows: int) -> None:
        while index < len(self._column) and rows > 0:
            rows -= self._measure(index)
            index += 1

    def _fit(self) -> None:
        """Measure what is near the window and put the window where it belongs."""
        width, page = self.window
        if not page or not width:
            return
        _ = self.markdown_styles
        if not len(self._column):
            self._place(0, 0)
        elif self.follow:
            self._measure_up(len(self._column) - 1, 2 * page)
            self._place(self._column.total, self._column.total - page)
        else:
            self._fit_held(page)

    def _fit_held(self, page: int) -> None:
        column = self._column
        index, row = self._anchor
        index = min(index, len(column) - 1)
        old_top, old_height = column.top(index), column.height(index)
        height = self._measure(index)
        if height != old_height:
            row = row * height // max(1, old_height)
        row = max(0, min(row, height - 1))
        self._measure_down(index, 2 * page + row)
        self._measure_up(index - 1, page)
        self._anchor = (index, row)
        self._rows_moved(column.top(index) - old_top)
        self._place(column.total, column.top(index) + row)
        if self.scroll_offset.y != column.top(index) + row:
            self._anchor_here()

    def _place(self, height: int, row: int) -> None:
        size = Size(self.window.width, height)
        with self._placement():
            if size != self.virtual_size:
                # Set past the reactive: the content has no layout that could change, and
                # one for each new row would cost more than drawing it.
                self.set_reactive(Widget.virtual_size, size)
                self._scroll_update(size)
            self.scroll_target_y = self.scroll_y = max(0, min(row, self.max_scroll_y))

    @contextmanager
    def _placement(self) -> Iterator[None]:
        """While it lasts, the view is moved by us and not by the reader."""
        placing, self._placing = self._placing, True
        try:
            yield
        finally:
            self._placing = placing

    def _anchor_here(self) -> None:
        if len(self._column):
            row = self.scroll_offset.y
            index = self._column.at(row)
            self._anchor = (index, row - self._column.top(index))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follow at the end and hold elsewhere, when the reader moves."""
        super().watch_scroll_y(old_value, new_value)
        if self._placing or round(old_value) == round(new_value):
            return
        self._anchor_here()
        at_end = self.scroll_offset.y >= self.max_scroll_y and not self.more_below
        if at_end == self.follow:
            self._fit()
        else:
            self.follow = at_end
        if not self._ends_below:
            self.unread = False

    def watch_follow(self, follow: bool) -> None:
        """Go to the end, or stay."""
        if not self.is_mounted:
            return
        if follow:
            self.unread = False
        else:
            self._anchor_here()
        self._fit()
        self.post_message(self.FollowChanged(self, follow))

    def watch_unread(self, unread: bool) -> None:
        """Say once that there is text below."""
        if unread:
            self.post_message(self.NewBelow(self))

    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        with self._placement():
            return super()._size_updated(size, virtual_size, container_size, layout)

    def on_resize(self, event: Resize) -> None:
        """Draw again for another width, what is near the window first."""
        self._use_width()

    def _use_width(self) -> None:
        """Draw for the width there is now; a text without a window has none."""
        if not self.window.width:
            return
        is_first = not self._drawn_width
        if self.text_width != self._drawn_width:
            self._drawn_width = self.text_width
            self._forget_rows()
            self._measure_again()
        self._fit()
        if is_first:
            self._follow_if_all_fits()
        self.refresh()

    def _measure_again(self) -> None:
        """Doubt all heights, and keep the window as far into its first item as it was."""
        column = self._column
        if len(column) != self._count():
            column.replace_from(0, map(self._guess, range(self._count())))
            return
        column.doubt()
        index, row = self._anchor
        if index < len(column) and not self.follow:
            old_height = column.height(index)
            self._anchor = (index, row * self._measure(index) // max(1, old_height))

    # --- keys: no animation, so that a held key never runs after the finger -----------------

    def _move_to(self, row: int) -> None:
        self.scroll_to(y=max(0, min(row, self.max_scroll_y)), animate=False, force=True)

    def action_scroll_up(self) -> None:
        """Move one row up."""
        self._move_to(self.scroll_offset.y - 1)

    def action_scroll_down(self) -> None:
        """Move one row down."""
        self._move_to(self.scroll_offset.y + 1)

    def action_page_up(self) -> None:
        """Move one window up, less a row to go on reading from."""
        self._move_to(self.scroll_offset.y - max(1, self.window.height - 1))

    def action_page_down(self) -> None:
        """Move one window down, less a row to go on reading from."""
        self._move_to(self.scroll_offset.y + max(1, self.window.height - 1))

    def action_scroll_home(self) -> None:
        """Go to the start."""
        if self.more_above:
            self.post_message(self.EdgeWanted(-1))
        else:
            self._move_to(0)

    def begin_at_top(self) -> None:
        """Show the first row, also of a text that has no window yet; follow only if all fits."""
        self.follow = False
        self._anchor = (0, 0)
        self._fit()
        self._follow_if_all_fits()

    def _follow_if_all_fits(self) -> None:
        if self._drawn_width and not self.scroll_offset.y and not self._ends_below:
            self.follow = True

    def action_scroll_end(self) -> None:
        """Go to the end and follow it."""
        if self.more_below:
            self.post_message(self.EdgeWanted(1))
        else:
            self.follow = True

    def _hold_at(self, index: int, row: int) -> None:
        """Hold with row `row` of an item at the top."""
        self.follow = False
        self._anchor = (index, row)
        self._fit()
