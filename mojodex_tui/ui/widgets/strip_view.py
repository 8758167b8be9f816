"""A scrolling view that draws cached rows, and never lays out a widget for its content."""

from abc import abstractmethod
from time import monotonic
from typing import ClassVar

from rich.style import Style
from textual.geometry import Offset, Region
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip

from mojodex_tui.ui.widgets.following_view import FollowingView
from mojodex_tui.ui.widgets.marks import marked
from mojodex_tui.ui.widgets.strip_cache import StripCache
from mojodex_tui.ui.widgets.strip_search import StripSearch

FRAME = 0.05
"""Seconds between two drawings of arriving text."""
MOST_ROWS = 1_000
"""Drawn rows that are kept; several windows of them."""


class StripView(FollowingView):
    """Shows items (blocks, messages) as rows that can be selected, copied and searched."""

    ALLOW_SELECT = True
    MARGIN: ClassVar[int] = 0
    """Characters at the left of every row that are no text."""
    COMPONENT_CLASSES = {"strip-view--match", "strip-view--current"}
    DEFAULT_CSS = """
    StripView {
        .strip-view--match { color: $text; background: $warning 40%; text-style: bold; }
        .strip-view--current { color: $background; background: $foreground; text-style: bold; }

        &:ansi {
            .strip-view--match { color: ansi_black; background: ansi_yellow; }
            .strip-view--current { color: ansi_black; background: ansi_bright_cyan; }
        }
    }
    """

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
        self._cache = StripCache(MOST_ROWS)
        self._painting = False
        self._frame_due = False
        self._last_frame = 0.0
        self._search: StripSearch | None = None

    @abstractmethod
    def _source(self, index: int) -> str:
        """Return the text of an item as it was written."""

    def _take_arrived(self) -> None:
        """Show what arrived since the last frame."""

    def _forget_rows(self) -> None:
        self._cache.clear()

    # --- frames: arriving text is collected, and drawn some times a second ------------------

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

    # --- drawing ---------------------------------------------------------------------------

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
        if self._search is not None:
            for start, end in self._search.spans(strip.text):
                is_current = self._search.is_at(index, inside)
                strip = marked(strip, start, end, self._match_style(is_current=is_current))
        strip = self._selected(strip, row)
        strip = strip.crop_extend(0, self.window.width, base)
        return strip if self._painting else strip.apply_offsets(0, row)

    def _decorated(self, index: int, inside: int, strip: Strip) -> Strip:
        """Return a row with what does not belong to its text, such as a cursor."""
        return strip

    def action_follow_link(self, href: str) -> None:
        """Tell the screen which link was clicked."""
        self.post_message(self.LinkFollowed(self, href))

    # --- selection -------------------------------------------------------------------------

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

    def _rows_moved(self, rows: int) -> None:
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

    # --- search ----------------------------------------------------------------------------

    def _shift_search(self, items: int) -> None:
        """Let the search stay where it is, with so many more items above."""
        if self._search is not None:
            self._search.shift(items, self._count())

    def find(self, words: str, *, from_window: bool = False) -> None:
        """Mark where `words` stand, in either case; none when empty.

        Args:
            words: What to look for.
            from_window: Begin at the top of the window, instead of the end one comes from.
        """
        self._search = search = StripSearch(words) if words else None
        if search is not None and from_window and len(self._column):
            self._anchor_here()
            index, row = self._anchor
            search.place = (index, row - 1)
        self.refresh()

    @property
    def has_found(self) -> bool:
        """Whether the words that are searched were found somewhere."""
        return self._search is not None and self._search.has_found

    def _match_style(self, *, is_current: bool) -> Style:
        return self._component_style(f"strip-view--{'current' if is_current else 'match'}")

    def find_next(self, direction: int = 1) -> bool:
        """Bring the next match to the top; the first one is nearest to the end one comes from.

        Args:
            direction: 1 for the next match, -1 for the previous one.

        Returns:
            Whether there is one.
        """
        search = self._search
        if search is None:
            return False
        place = search.advance(direction, len(self._column), self._source, self._rows)
        if place is None:
            return False
        self._hold_at(*place)
        self.refresh()
        return True
