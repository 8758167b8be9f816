"""Tables: columns fitted to the width, cells wrapped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.segment import Segment

from mojodex_tui.ui.markdown.styles import MarkdownStyles
from mojodex_tui.ui.markdown.wrap import Row, Run, row_width, wrap

Alignment = Literal["left", "center", "right"]

_NARROWEST = 4
"""Cells a column needs to be readable; with fewer, each row becomes a small list."""


@dataclass(frozen=True)
class Cell:
    """One cell: its text and the side it leans to."""

    runs: Sequence[Run]
    align: Alignment = "left"

    @property
    def natural(self) -> int:
        """Cells its longest line takes."""
        plain = "".join(text for text, _ in self.runs)
        return max(map(cell_len, plain.split("\n")), default=0)


@dataclass(frozen=True)
class Table:
    """A header and rows of cells."""

    header: Sequence[Cell]
    body: Sequence[Sequence[Cell]]

    def rows(self, width: int, styles: MarkdownStyles, *, opens: bool, closes: bool) -> list[Row]:
        """Draw the table in at most `width` cells.

        Args:
            width: The cells there are.
            styles: The roles' styles.
            opens: Whether it begins here: draw the header.
            closes: Whether it ends here: draw the last line.
        """
        count = len(self.header)
        available = width - 3 * count - 1
        if available < count * _NARROWEST:
            return self._as_list(width, styles)
        widths = _fit(self._natural_widths(), available)
        lines = [_wrapped(cells, widths) for cells in self.body]
        airy = any(len(cell) > 1 for line in lines for cell in line)
        rows: list[Row] = []
        if opens:
            rows.append(_edge("┌", "┬", "┐", widths, styles))
            rows += _drawn(_wrapped(self.header, widths), self.header, widths, styles)
            rows.append(_edge("├", "┼", "┤", widths, styles))
        for index, (line, cells) in enumerate(zip(lines, self.body, strict=True)):
            if index and airy:
                rows.append(_edge("├", "┼", "┤", widths, styles))
            rows += _drawn(line, cells, widths, styles)
        if closes:
            rows.append(_edge("└", "┴", "┘", widths, styles))
        return rows

    def _natural_widths(self) -> list[int]:
        return [
            max(1, *(cells[column].natural for cells in (self.header, *self.body)))
            for column in range(len(self.header))
        ]

    def _as_list(self, width: int, styles: MarkdownStyles) -> list[Row]:
        rows: list[Row] = []
        for index, cells in enumerate(self.body):
            if index:
                rows.append([])
            for title, cell in zip(self.header, cells, strict=True):
                rows += wrap([*title.runs, (": ", styles.table_header), *cell.runs], width)
        return rows


def _fit(natural: Sequence[int], available: int) -> list[int]:
    """Return column widths of at most `available` together: the widest give way first."""
    widths = list(natural)
    if sum(widths) <= available:
        return widths
    room = available
    fitted: dict[int, int] = {}
    columns = sorted(range(len(widths)), key=lambda column: widths[column])
    for done, column in enumerate(columns):
        share = room // (len(columns) - done)
        fitted[column] = min(widths[column], share)
        room -= fitted[column]
    return [fitted[column] for column in range(len(widths))]


def _wrapped(cells: Sequence[Cell], widths: Sequence[int]) -> list[list[Row]]:
    return [wrap(cell.runs, width) for cell, width in zip(cells, widths, strict=True)]


def _drawn(
    line: Sequence[list[Row]], cells: Sequence[Cell], widths: Sequence[int], styles: MarkdownStyles
) -> list[Row]:
    bar = Segment("│", styles.table_border)
    rows: list[Row] = []
    for height in range(max(map(len, line))):
        row: Row = [bar]
        for content, cell, width in zip(line, cells, widths, strict=True):
            text = content[height] if height < len(content) else []
            row += [*_aligned(text, cell.align, width, styles), bar]
        rows.append(row)
    return rows


def _aligned(row: Row, align: Alignment, width: int, styles: MarkdownStyles) -> Row:
    missing = max(0, width - row_width(row))
    before = {"left": 0, "center": missing // 2, "right": missing}[align]
    return [
        Segment(" " * (before + 1), styles.text),
        *row,
        Segment(" " * (missing - before + 1), styles.text),
    ]


def _edge(left: str, middle: str, right: str, widths: Sequence[int], styles: MarkdownStyles) -> Row:
    line = middle.join("─" * (width + 2) for width in widths)
    return [Segment(f"{left}{line}{right}", styles.table_border)]
