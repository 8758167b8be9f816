"""A scrolling view that draws cached rows, and never lays out a widget for its content."""

import re
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import ClassVar

from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from mojodex_tui.ui.markdown import PLAIN, MarkdownStyles
from mojodex_tui.ui.widgets.column import Column
from mojodex_tui.ui.widgets.marks import marked
from mojodex_tui.ui.widgets.strip_cache import StripCache

_BELOW_ALL = 1 << 30
"""A row no item has."""
FRAME = 0.05
"""Seconds between two drawings of arriving text."""
MOST_ROWS = 1_000
"""Drawn rows that are kept; several windows of them."""


class StripView(ScrollView, can_focus=True):
    """Shows items (blocks, messages) as rows drawn near the window only.

    The heights of other items are guessed, and corrected without moving what is read. At
    the end the view follows arriving text; anywhere else it holds.
    """

    ALLOW_SELECT = True
    MARGIN: ClassVar[int] = 0
    """Characters at the left of every row that are no text."""
    COMPONENT_CLASSES = {*MarkdownStyles.component_classes(), "strip-view--match"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "scroll_up", "Up", show=False, id="text.up"),
        Binding("j", "scroll_down", "Down", show=False, id="text.down"),
        Binding("g", "scroll_home", "Start", show=False, id="text.start"),
        Binding("G", "scroll_end", "Follow", show=False, id="text.follow"),
    ]
    DEFAULT_CSS = """
    StripView {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        background: $surface;
        color: $foreground;
        padding: 0 1;

        .markdown--heading-1 { color: $text-primary; text-style: bold; }
        .markdown--heading-2 { color: $text-primary; text-style: bold underline; }
        .markdown--heading-3 { color: $text-primary; text-style: bold; }
        .markdown--heading-4 { color: $foreground; text-style: bold underline; }
        .markdown--heading-5 { color: $foreground; text-style: bold; }
        .markdown--heading-6 { color: $text-muted; text-style: bold; }
        .markdown--rule { color: $primary 60%; }
        .markdown--bullet { color: $text-primary; text-style: bold; }
        .markdown--done { color: $text-success; text-style: bold; }
        .markdown--link { color: $text-primary; text-style: underline; }
        .markdown--inline-code { color: $text-warning; background: $warning 10%; }
        .markdown--quote { background: $boost; }
        .markdown--quote-bar { color: $primary; background: $boost; }
        .markdown--table-header { color: $text-primary; text-style: bold; }
        .markdown--table-border { color: $foreground 35%; }
        .markdown--code, .markdown--operator { color: $foreground; background: $foreground 6%; }
        .markdown--code-label {
            color: $text-muted; background: $foreground 6%; text-style: italic;
        }
        .markdown--comment {
            color: $text-muted; background: $foreground 6%; text-style: italic;
        }
        .markdown--keyword { color: $text-accent; background: $foreground 6%; text-style: bold; }
        .markdown--constant { color: $text-accent; background: $foreground 6%; }
        .markdown--string { color: $text-success; background: $foreground 6%; }
        .markdown--number { color: $text-warning; background: $foreground 6%; }
        .markdown--function { color: $text-primary; background: $foreground 6%; }
        .markdown--type-name {
            color: $text-warning; background: $foreground 6%; text-style: bold;
        }
        .markdown--builtin { color: $text-primary; background: $foreground 6%; }
        .markdown--tag { color: $text-primary; background: $foreground 6%; text-style: bold; }
        .markdown--error { color: $text-error; background: $foreground 6%; }
        .strip-view--match { color: $text; background: $warning 40%; text-style: bold; }

        &:light {
            .markdown--inline-code { color: $text-error; background: $error 6%; }
            .markdown--bullet, .markdown--type-name { color: $text-secondary; }
            .markdown--keyword { color: $text-primary; }
            .markdown--constant, .markdown--number { color: $text-error; }
            .markdown--string { color: $text-secondary; }
            .markdown--done { color: $text-primary; }
        }

        &:ansi {
            .markdown--inline-code { background: ansi_default; }
            .strip-view--match { color: ansi_black; background: ansi_yellow; }
        }
    }
    """

    follow: reactive[bool] = reactive(True, repaint=False)
    """Whether the view moves on with text that arrives at the end."""
    unread: reactive[bool] = reactive(False, repaint=False)
    """Whether text arrived below the window while the view held."""

    class FollowChanged(Message):
        """The view follows arriving text now, or holds."""

        def __init__(self, view: "StripView", follow: bool) -> None:
            super().__init__()
            self.view = view
            self.follow = follow

        @property
        def control(self) -> "StripView":
            """The view that sent it."""
            return self.view

    class NewBelow(Message):
        """Text arrived below the window while the view held; sent once until read."""

        def __init__(self, view: "StripView") -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> "StripView":
            """The view that sent it."""
            return self.view

    class LinkFollowed(Message):
        """A link in the text was clicked."""

        def __init__(self, view: "StripView", href: str) -> None:
            super().__init__()
            self.view = view
            self.href = href

        @property
        def control(self) -> "StripView":
            """The view that sent it."""
            return self.view

    def __init__(
        self, *, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._column = Column()
        self._cache = StripCache(MOST_ROWS)
        self._styles = PLAIN
        self._styles_known = False
        self._anchor = (0, 0)
        self._placing = False
        self._painting = False
        self._drawn_width = 0
        self._frame_due = False
        self._last_frame = 0.0
        self._pattern: re.Pattern[str] | None = None
        self._match = (0, -1)

    # What a view of something shows.

    @abstractmethod
    def _rows(self, index: int) -> Sequence[Strip]:
        """Return the rows of an item, `_drawn_width` cells wide at most."""

    @abstractmethod
    def _guess(self, index: int) -> int:
        """Return about how many rows an item takes, without drawing it."""

    @abstractmethod
    def _count(self) -> int:
        """Return how many items there are."""

    @abstractmethod
    def _source(self, index: int) -> str:
        """Return the text of an item as it was written."""

    def _take_arrived(self) -> None:
        """Show what arrived since the last frame."""

    @property
    def window(self) -> Size:
        """The cells that content is seen in: without scrollbar and padding."""
        return self.scrollable_content_region.size

    @property
    def text_width(self) -> int:
        """Cells a row may take."""
        return max(1, self.window.width)

    # Frames: arriving text is collected, and drawn some times a second.

    def _draw_soon(self) -> None:
        """Have what arrived drawn with the next frame; no timer runs when nothing arrives."""
        if self._frame_due:
            return
        self._frame_due = True
        wait = self._last_frame + FRAME - monotonic()
        if wait > 0:
            self.set_timer(wait, self._draw_frame)
        else:
            self.call_later(self._draw_frame)

    def _draw_frame(self) -> None:
        self._frame_due = False
        self._last_frame = monotonic()
        self._take_arrived()

    # Styles.

    @property
    def markdown_styles(self) -> MarkdownStyles:
        """The roles' styles in the theme there is now."""
        if not self._styles_known:
            styles = MarkdownStyles.resolve(self._component_style)
            self._styles_known = True
            if styles != self._styles:
                self._styles = styles
                self._forget_rows()
        return self._styles

    def _component_style(self, name: str) -> Style:
        return self.get_visual_style(name).rich_style

    def notify_style_update(self) -> None:
        """Resolve the styles again before the next row is drawn."""
        super().notify_style_update()
        self._styles_known = False

    def _forget_rows(self) -> None:
        """Drop all drawn rows: the width or the theme is another."""
        self._cache.clear()

    # Heights and the place of the window.

    def _items_changed(self, first: int) -> None:
        """Show that the items from `first` on are others than before."""
        if not self._drawn_width:
            return
        known = min(first, len(self._column))
        top = self._column.top(known)
        self._column.replace_from(known, map(self._guess, range(known, self._count())))
        self._fit()
        self._refresh_from(top)
        if not self.follow and self._ends_below:
            self.unread = True

    @property
    def _ends_below(self) -> bool:
        return self._column.total > self.scroll_offset.y + self.window.height

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
        self._shift_selection(column.top(index) - old_top)
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
        at_end = self.scroll_offset.y >= self.max_scroll_y
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

    # Keys: no animation, so that a held key never runs after the finger.

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
        self.follow = True

    def action_follow_link(self, href: str) -> None:
        """Tell the screen which link was clicked."""
        self.post_message(self.LinkFollowed(self, href))

    # Drawing.

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return rows to paint, which need no offsets for a selection."""
        self._painting = True
        try:
            return super().render_lines(crop)
        finally:
            self._painting = False

    def render_line(self, y: int) -> Strip:
        """Return a row of the window.

        Asked for outside painting, to learn what is under the mouse, it tells the places
        of its characters. On every painted row they would make a style for each segment
        that no cache could share.
        """
        base = self.markdown_styles.text
        row = self.scroll_offset.y + y
        if not self._drawn_width or row >= self._column.total:
            return Strip.blank(self.window.width, base)
        index = self._column.at(row)
        inside = row - self._column.top(index)
        rows = self._rows(index)
        strip = rows[inside] if inside < len(rows) else Strip.blank(0)
        strip = self._decorated(index, inside, strip)
        if self._pattern is not None:
            for found in self._pattern.finditer(strip.text):
                match_style = self._component_style("strip-view--match")
                strip = marked(strip, found.start(), found.end(), match_style)
        strip = self._selected(strip, row)
        strip = strip.crop_extend(0, self.window.width, base)
        return strip if self._painting else strip.apply_offsets(0, row)

    def _decorated(self, index: int, inside: int, strip: Strip) -> Strip:
        """Return a row with what does not belong to its text, such as a cursor."""
        return strip

    # Selection.

    def _selected(self, strip: Strip, row: int) -> Strip:
        selection = self.text_selection
        span = None if selection is None else selection.get_span(row)
        if span is None:
            return strip
        start, end = span
        end = len(strip.text) if end == -1 else end
        return marked(strip, start, end, self._selection_look)

    @property
    def _selection_look(self) -> Style:
        if self.app.native_ansi_color:
            # Sixteen colours have no shade that every colour of text can be read on.
            return Style(reverse=True)
        return Style(bgcolor=self.screen.get_component_rich_style("screen--selection").bgcolor)

    def _shift_selection(self, rows: int) -> None:
        """Keep the selection on its text when the text got another row number."""
        selection = self.text_selection if rows and self.is_mounted else None
        if selection is None:
            return
        moved = Selection(*(end and end + Offset(0, rows) for end in selection))
        self.screen.selections = {**self.screen.selections, self: moved}

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text, row by row, without the margin."""
        start = selection.start or Offset(0, 0)
        last = self._column.total - 1
        end = selection.end or Offset(-1, last)
        lines = []
        for row in range(start.y, min(end.y, last) + 1):
            index = self._column.at(row)
            inside = row - self._column.top(index)
            rows = self._rows(index)
            text = rows[inside].text if inside < len(rows) else ""
            stop = end.x if row == end.y and end.x >= 0 else len(text)
            begin = max(self.MARGIN, start.x if row == start.y else 0)
            lines.append(text[begin:stop].rstrip())
        return "\n".join(lines), "\n"

    # Search.

    def find(self, pattern: str, *, from_end: bool = False) -> int:
        """Mark where `pattern` stands, in either case; none when empty.

        Args:
            pattern: The words.
            from_end: Begin behind the last row, instead of at the top of the window.

        Returns:
            How many items contain it.
        """
        self._pattern = re.compile(re.escape(pattern), re.IGNORECASE) if pattern else None
        if len(self._column):
            self._anchor_here()
        index, row = self._anchor
        self._match = (self._count() - 1, _BELOW_ALL) if from_end else (index, row - 1)
        self.refresh()
        return sum(map(self._matches, range(self._count())))

    def _matches(self, index: int) -> bool:
        return self._pattern is not None and bool(self._pattern.search(self._source(index)))

    def find_next(self, direction: int = 1) -> bool:
        """Bring the next match after the top row to the top, or the one before it.

        Args:
            direction: 1 for the next match, -1 for the previous one.

        Returns:
            Whether there is one.
        """
        index, row = self._match
        while 0 <= index < len(self._column):
            place = self._match_in(index, row, direction) if self._matches(index) else None
            if place is not None:
                self._match = (index, place)
                self._hold_at(index, place)
                return True
            index += direction
            row = -1 if direction > 0 else _BELOW_ALL
        return False

    def _match_in(self, index: int, row: int, direction: int) -> int | None:
        pattern = self._pattern
        if pattern is None:
            return None
        places = [
            place for place, strip in enumerate(self._rows(index)) if pattern.search(strip.text)
        ]
        beyond = [place for place in places if (place - row) * direction > 0]
        return beyond[0 if direction > 0 else -1] if beyond else None

    def _hold_at(self, index: int, row: int) -> None:
        """Hold with row `row` of an item at the top."""
        self.follow = False
        self._anchor = (index, row)
        self._fit()
