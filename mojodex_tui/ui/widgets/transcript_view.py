"""A conversation: messages as values, drawn where the window is."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from mojodex_tui.ui.widgets.entry import Entry, EntryKind
from mojodex_tui.ui.widgets.entry_list import EntryList
from mojodex_tui.ui.widgets.entry_rows import (
    MARGIN,
    EntryStyles,
    StreamedRows,
    entry_rows,
    guess_rows,
)
from mojodex_tui.ui.widgets.strip_view import StripView


class TranscriptView(StripView):
    """Shows entries under each other, with a cursor on one of them.

    The cost of opening, scrolling and resizing depends on the window, not on how many
    entries there are.
    """

    MARGIN = MARGIN
    COMPONENT_CLASSES = {
        *(f"transcript--{kind}" for kind in EntryKind),
        "transcript--quiet",
        "transcript--failed",
        "transcript--cursor",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "select(-1)", "Previous message", show=False, id="transcript.previous"),
        Binding("j", "select(1)", "Next message", show=False, id="transcript.next"),
    ]
    DEFAULT_CSS = """
    TranscriptView {
        .transcript--user { color: $text-accent; text-style: bold; }
        .transcript--assistant { color: $text-primary; text-style: bold; }
        .transcript--notice { color: $text-muted; text-style: bold; }
        .transcript--error { color: $text-error; text-style: bold; }
        .transcript--draft { color: $text-success; text-style: bold; }
        .transcript--queued, .transcript--pending { color: $text-muted; text-style: bold italic; }
        .transcript--unsent { color: $text-warning; text-style: bold; }
        .transcript--quiet { color: $text-muted; }
        .transcript--failed { color: $text-error; }
        .transcript--cursor { color: $accent; text-style: bold; }

        &:light {
            .transcript--user { color: $foreground; }
            .transcript--draft { color: $text-primary; }
            .transcript--unsent { color: $text-error; }
        }
    }
    """

    selected_key: reactive[str | None] = reactive(None, repaint=False)
    """The key of the entry the cursor is on."""

    class EntrySelected(Message):
        """The cursor moved to another entry, or to none."""

        def __init__(self, view: "TranscriptView", entry: Entry | None) -> None:
            super().__init__()
            self.view = view
            self.entry = entry

        @property
        def control(self) -> "TranscriptView":
            """The view that sent it."""
            return self.view

    def __init__(
        self,
        entries: Iterable[Entry] = (),
        *,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._entries = EntryList(entries)
        self._streams: dict[str, StreamedRows] = {}
        self._arrived: dict[str, list[str]] = {}
        self._entry_styles: EntryStyles | None = None

    @property
    def entries(self) -> Sequence[Entry]:
        """All entries, in order, with their texts so far."""
        return [self.entry(entry.key) if self._streams else entry for entry in self._entries]

    def entry(self, key: str) -> Entry:
        """Return an entry with its text so far.

        Raises:
            KeyError: There is none with this key.
        """
        entry = self._entries[self._entries.index(key)]
        stream = self._streams.get(key)
        text = entry.text if stream is None else stream.document.text
        arrived = self._arrived.get(key, ())
        return replace(entry, text="".join([text, *arrived])) if stream or arrived else entry

    def entries_between(self, first: int, last: int) -> Sequence[Entry]:
        """Return the entries that rows of the content belong to.

        Args:
            first: A row, from 0; it may be above all.
            last: A row after that; it may be below all.
        """
        if not len(self._column):
            return ()
        indices = range(self._column.at(max(0, first)), self._column.at(last) + 1)
        return [self._entries[index] for index in indices]

    @property
    def selected(self) -> Entry | None:
        """The entry the cursor is on."""
        return None if self.selected_key is None else self.entry(self.selected_key)

    def set_entries(self, entries: Iterable[Entry]) -> None:
        """Show other entries instead, from the end; from the start if more is below."""
        self._entries = EntryList(entries)
        self._streams.clear()
        self._arrived.clear()
        self._anchor = (0, 0)
        if self._search is not None:
            self._search.place = None
        if self.selected_key not in self._entries:
            self.selected_key = None
        # First, because following looks at the column, which must not speak of the old entries.
        self._column.replace_from(0, ())
        self._items_changed(0, arrived=False)
        if self.more_below:
            self._hold_at(0, 0)
        else:
            self.follow = True

    def append_entries(self, entries: Sequence[Entry], *, arrived: bool = True) -> None:
        """Put entries below all others.

        Args:
            entries: The entries, in order.
            arrived: They are new, and not only shown again.
        """
        first = len(self._entries)
        self._entries.append(entries)
        self._items_changed(first, arrived=arrived)

    def prepend_entries(self, older: Sequence[Entry]) -> None:
        """Put older entries above all others; what is read stays where it is."""
        self._entries.prepend(older)
        if self._drawn_width:
            self._move_anchor(len(older))
            self._column.prepend(guess_rows(entry, self._drawn_width) for entry in older)
            self._moved_by(self._column.top(len(older)))
        self._shift_search(len(older))

    def drop_first(self, count: int) -> None:
        """Let the first entries go; what is read stays where it is."""
        self._let_go(self._entries.drop_first(count))
        if self._drawn_width:
            rows = self._column.top(count)
            self._move_anchor(-count)
            self._column.drop_first(count)
            self._moved_by(-rows)
        self._shift_search(-count)

    def drop_last(self, count: int) -> None:
        """Let the last entries go."""
        self._let_go(self._entries.drop_last(count))
        self._items_changed(len(self._entries), arrived=False)
        self._shift_search(0)

    def _let_go(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._streams.pop(entry.key, None)
            self._arrived.pop(entry.key, None)
            if entry.key == self.selected_key:
                self.selected_key = None

    def _move_anchor(self, items: int) -> None:
        """Keep the anchor on its entry, which has so many more above it now."""
        if not self.follow:
            self._anchor_here()
            index, row = self._anchor
            self._anchor = (index + items, row) if index + items >= 0 else (0, 0)

    def _moved_by(self, rows: int) -> None:
        self._rows_moved(rows)
        self._fit()
        self.refresh()

    def update_entry(self, key: str, entry: Entry | None = None) -> None:
        """Show an entry as it is now, and for good: a text that was streamed is read in full.

        Args:
            key: Which entry.
            entry: What stands in its place; without it, its text so far is its text.

        Raises:
            KeyError: There is none with this key.
        """
        index = self._entries.index(key)
        new = self.entry(key) if entry is None else entry
        self._streams.pop(key, None)
        self._arrived.pop(key, None)
        if self.selected_key == key:
            self.set_reactive(TranscriptView.selected_key, new.key)
        self._entries.replace(index, new)
        self._entry_changed(index)

    def stream(self, key: str, appended_text: str) -> None:
        """Continue the text of an entry; drawn with the next frame.

        Raises:
            KeyError: There is none with this key.
        """
        if key not in self._entries:
            raise KeyError(key)
        self._arrived.setdefault(key, []).append(appended_text)
        self._draw_soon()

    def action_select(self, step: int) -> None:
        """Move the cursor to the entry `step` entries further; first to one in the window."""
        if not self._entries:
            return
        if self.selected_key is None:
            index = self._last_in_window() if step < 0 else self._first_in_window()
        else:
            index = self._entries.index(self.selected_key) + step
        index = max(0, min(index, len(self._entries) - 1))
        self.selected_key = self._entries[index].key
        self._show_entry(index)

    def watch_selected_key(self) -> None:
        """Draw the cursor, and say where it is."""
        self.refresh()
        if self.is_mounted:
            self.post_message(self.EntrySelected(self, self.selected))

    def on_click(self, event: Click) -> None:
        """Put the cursor on the entry that was clicked."""
        row = self.scroll_offset.y + event.get_content_offset_capture(self).y
        if len(self._column) and row < self._column.total:
            self.selected_key = self._entries[self._column.at(row)].key

    def _first_in_window(self) -> int:
        return self._column.at(self.scroll_offset.y)

    def _last_in_window(self) -> int:
        return self._column.at(self.scroll_offset.y + self.window.height - 1)

    def _show_entry(self, index: int) -> None:
        """Move the window as little as brings the entry into it, its start before its end."""
        if not self._drawn_width:
            return
        page = self.window.height
        height = self._measure(index)
        top, bottom = self._column.top(index), self._column.top(index) + height
        y = self.scroll_offset.y
        if top < y or height > page:
            self._move_to(top)
        elif bottom > y + page:
            self._move_to(bottom - page)

    def _entry_changed(self, index: int) -> None:
        """Draw an entry again; others only where they move."""
        if not self._drawn_width:
            return
        column = self._column
        top, height = column.top(index), column.height(index)
        in_window = top < self.scroll_offset.y + self.window.height
        column.guess(index, self._guess(index))
        # What is being written is cheap to measure, and must be known to grow.
        if in_window or self._entries[index].key in self._streams:
            self._measure(index)
        self._fit()
        if in_window:
            self._refresh_from(top)
        if not self.follow and column.height(index) > height and self._ends_below:
            self.unread = True

    def _take_arrived(self) -> None:
        arrived, self._arrived = self._arrived, {}
        for key, pieces in arrived.items():
            index = self._entries.index(key)
            if key not in self._streams:
                self._streams[key] = StreamedRows(self._entries[index])
            self._streams[key].append("".join(pieces))
            self._entry_changed(index)

    @property
    def _drawing_styles(self) -> EntryStyles:
        markdown = self.markdown_styles
        if self._entry_styles is None:
            style = self._component_style
            self._entry_styles = EntryStyles(
                markdown=markdown,
                labels={kind: style(f"transcript--{kind}") for kind in EntryKind},
                quiet=style("transcript--quiet"),
                error=style("transcript--failed"),
            )
        return self._entry_styles

    def _forget_rows(self) -> None:
        super()._forget_rows()
        self._entry_styles = None
        for stream in self._streams.values():
            stream.forget()

    def _count(self) -> int:
        return len(self._entries)

    def _source(self, index: int) -> str:
        entry = self._entries[index]
        return self.entry(entry.key).text if entry.key in self._streams else entry.text

    def _guess(self, index: int) -> int:
        return guess_rows(self._entries[index], self._drawn_width)

    def _rows(self, index: int) -> Sequence[Strip]:
        entry = self._entries[index]
        styles, width = self._drawing_styles, self._drawn_width
        stream = self._streams.get(entry.key)
        if stream is not None:
            return stream.rows(width, styles)
        key: Hashable = entry
        return self._cache.rows(key, lambda: entry_rows(entry, width, styles))

    def _decorated(self, index: int, inside: int, strip: Strip) -> Strip:
        if self._entries[index].key != self.selected_key or not strip.cell_length:
            return strip
        bar = Segment("▌", self._component_style("transcript--cursor"))
        return Strip([bar, *strip.crop(1)], strip.cell_length)
