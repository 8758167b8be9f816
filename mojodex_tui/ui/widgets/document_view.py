"""A Markdown text that may still be growing: a draft, a result."""

from bisect import bisect_right
from collections.abc import Sequence
from time import monotonic

from textual.reactive import reactive
from textual.selection import SELECT_ALL, Selection
from textual.strip import Strip

from mojodex_tui.ui.markdown import Document, render_block
from mojodex_tui.ui.widgets.strip_view import StripView

REWRITE_PAUSE = 0.25
"""Seconds between two drawings of a text that is rewritten instead of continued."""


class DocumentView(StripView):
    """Shows one Markdown text, and follows it while it grows.

    Args:
        text: What to show first; taken as whole.
        max_text_width: Cells a line of text may take, however wide the view is.
    """

    max_text_width: reactive[int] = reactive(88, init=False)

    def __init__(
        self,
        text: str = "",
        *,
        max_text_width: int = 88,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.set_reactive(DocumentView.max_text_width, max_text_width)
        self._document = Document.finished(text) if text else Document()
        self._arrived: list[str] = []
        self._rewritten: str | None = None
        self._last_rewrite = 0.0

    @property
    def text(self) -> str:
        """All of the text, also what is not drawn yet."""
        if self._rewritten is not None:
            return self._rewritten
        return self._document.text + "".join(self._arrived)

    @property
    def text_width(self) -> int:
        """Cells a row may take."""
        return max(1, min(self.window.width, self.max_text_width))

    @property
    def line_in_window(self) -> int:
        """The line of the text, from 0, at which what is at the top of the window begins."""
        return self._place_in_text()[0]

    def append(self, text: str) -> None:
        """Continue the text; drawn with the next frame."""
        if self._rewritten is not None:
            self._rewritten += text
        else:
            self._arrived.append(text)
        self._draw_soon()

    def replace(self, text: str) -> None:
        """Make `text` the whole text; cheap where it continues the text there was."""
        self._rewritten = text
        self._arrived.clear()
        self._draw_soon()

    def settle(self) -> None:
        """End the text: read it once in full, and show that without moving the view."""
        self._take_text(at_once=True)
        document = self._document
        if document.settled:
            return
        line, row = self._place_in_text()
        heights = {
            document[index]: self._column.height(index) for index in range(len(self._column))
        }
        document.settle()
        if document.references:
            self._forget_rows()
        if self._drawn_width:
            self._column.replace_from(
                0, (heights.get(document[i]) or self._guess(i) for i in range(len(document)))
            )
            self._return_to(line, row)

    def watch_max_text_width(self) -> None:
        """Draw again for the new width."""
        self._use_width()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text; all of it as it was written."""
        return (self.text, "\n") if selection == SELECT_ALL else super().get_selection(selection)

    def _place_in_text(self) -> tuple[int, int]:
        """Return the line at which the block in the window begins, and the rows since."""
        if not len(self._column):
            return 0, 0
        self._anchor_here()
        index, _ = self._anchor
        while index and not self._document[index - 1].closes:
            index -= 1
        return self._document[index].line, self.scroll_offset.y - self._column.top(index)

    def _return_to(self, line: int, row: int) -> None:
        """Put the window `row` rows below where the block of `line` begins."""
        count = len(self._document)
        if count:
            after = bisect_right(range(count), line, key=lambda index: self._document[index].line)
            index = max(0, after - 1)
            self._anchor = (index, min(row, self._measure(index) - 1))
        self._fit()
        self.refresh()

    def _count(self) -> int:
        return len(self._document)

    def _source(self, index: int) -> str:
        return self._document[index].source

    def _guess(self, index: int) -> int:
        block = self._document[index]
        source = block.source
        return block.lead + 1 + source.count("\n") + len(source) // self._drawn_width

    def _rows(self, index: int) -> Sequence[Strip]:
        block = self._document[index]
        return self._cache.rows(
            block,
            lambda: render_block(
                block, self._drawn_width, self.markdown_styles, self._document.references
            ),
        )

    def _take_arrived(self) -> None:
        self._take_text(at_once=False)

    def _take_text(self, *, at_once: bool) -> None:
        if self._rewritten is not None:
            shown = self._document.text
            if self._rewritten.startswith(shown):
                self._arrived = [self._rewritten[len(shown) :]]
                self._rewritten = None
            elif at_once or monotonic() - self._last_rewrite >= REWRITE_PAUSE:
                self._rewrite(self._rewritten)
            else:
                self._draw_soon()
        if self._arrived:
            text = "".join(self._arrived)
            self._arrived.clear()
            if text:
                self._items_changed(self._document.append(text))

    def _rewrite(self, text: str) -> None:
        self._rewritten = None
        self._last_rewrite = monotonic()
        if self._document.references:
            self._forget_rows()
        self._document = Document()
        self._document.append(text)
        self._items_changed(0)
