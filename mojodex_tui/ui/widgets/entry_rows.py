"""Entries of a transcript drawn as rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from mojodex_tui.ui.markdown import Document, MarkdownStyles, render_block
from mojodex_tui.ui.markdown.clean import Cleaner, neutralise
from mojodex_tui.ui.markdown.wrap import wrap
from mojodex_tui.ui.widgets.entry import Entry, EntryKind

MARGIN = 2
"""Characters before the text of an entry; the first shows the cursor."""


@dataclass(frozen=True)
class EntryStyles:
    """The styles of the theme for labels and texts."""

    markdown: MarkdownStyles
    labels: dict[EntryKind, Style]
    quiet: Style
    error: Style

    def body(self, kind: EntryKind) -> Style:
        """The style of a text that is shown as it was typed."""
        if kind is EntryKind.ERROR:
            return self.error
        if kind in {EntryKind.USER, EntryKind.ASSISTANT}:
            return self.markdown.text
        return self.quiet


def entry_rows(entry: Entry, width: int, styles: EntryStyles) -> list[Strip]:
    """Draw a whole entry: its label, its text, a blank row."""
    rows = label_rows(entry, width, styles)
    if entry.is_markdown:
        document = Document.finished(entry.text)
        for index in range(len(document)):
            rows += block_rows(document, index, width, styles)
    else:
        rows += _typed_rows(entry, width, styles)
    return [*rows, Strip([])]


def label_rows(entry: Entry, width: int, styles: EntryStyles) -> list[Strip]:
    """Draw the line that says who wrote it, when, and what became of it."""
    if not entry.has_label:
        return []
    label = styles.labels[entry.kind]
    runs = [(_line(entry.author), label)] if entry.author else []
    if entry.time:
        runs.append((f" {_line(entry.time)}", styles.quiet))
    if entry.state:
        runs.append((f" · {_line(entry.state)}" if runs else _line(entry.state), label))
    return _indented(wrap(runs, _inner(width)), styles.markdown.text, width)


def block_rows(document: Document, index: int, width: int, styles: EntryStyles) -> list[Strip]:
    """Draw one block of an entry that is Markdown."""
    strips = render_block(document[index], _inner(width), styles.markdown, document.references)
    return _indented(strips, styles.markdown.text, width)


def guess_rows(entry: Entry, width: int) -> int:
    """Return about how many rows an entry takes, without drawing it."""
    text = entry.text
    return entry.has_label + text.count("\n") + len(text) // _inner(width) + 2


def _typed_rows(entry: Entry, width: int, styles: EntryStyles) -> list[Strip]:
    text = Cleaner().feed(entry.text).expandtabs(4).strip("\n")
    rows = wrap([(text, styles.body(entry.kind))], _inner(width))
    return _indented(rows, styles.markdown.text, width)


def _inner(width: int) -> int:
    return max(1, width - MARGIN)


def _line(text: str) -> str:
    return neutralise(text).replace("\n", " ").replace("\t", " ")


def _indented(
    rows: Iterable[Strip] | Sequence[list[Segment]], style: Style, width: int
) -> list[Strip]:
    margin = Segment(" " * MARGIN, style)
    strips = (Strip([margin, *row]) for row in rows)
    return [strip if strip.cell_length <= width else strip.crop(0, width) for strip in strips]


class StreamedRows:
    """The rows of an entry that is being written: only what is open is drawn again."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.document = Document()
        self.document.append(entry.text)
        self._rows: list[Strip] = []
        self._steady_rows = 0
        self._steady_blocks = 0
        self._stale = True

    def append(self, text: str) -> None:
        """Continue the text."""
        self.document.append(text)
        self._stale = True

    def forget(self) -> None:
        """Drop what is drawn: the width or the theme is another."""
        self._rows.clear()
        self._steady_rows = self._steady_blocks = 0
        self._stale = True

    def rows(self, width: int, styles: EntryStyles) -> list[Strip]:
        """Return the rows so far; the list is the same one each time."""
        if not self._stale:
            return self._rows
        self._stale = False
        if not self._steady_rows:
            self._rows += label_rows(self.entry, width, styles)
            self._steady_rows = len(self._rows)
        del self._rows[self._steady_rows :]
        for index in range(self._steady_blocks, self.document.steady):
            self._rows += block_rows(self.document, index, width, styles)
        self._steady_blocks, self._steady_rows = self.document.steady, len(self._rows)
        for index in range(self._steady_blocks, len(self.document)):
            self._rows += block_rows(self.document, index, width, styles)
        self._rows.append(Strip([]))
        return self._rows
