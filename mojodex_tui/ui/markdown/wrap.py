"""Styled text cut into rows by the width it has on the screen."""

import re
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from rich.style import Style

Run = tuple[str, Style]
"""Text in one style; a newline in it ends the row."""
Row = list[Segment]

_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uff60"
_WORD = re.compile(f"[{_WIDE}] *|[^ {_WIDE}]+ *| +")
"""A word with the spaces after it; rows may end between any two wide characters."""


def row_width(row: Iterable[Segment]) -> int:
    """Return the cells `row` takes."""
    return sum(cell_len(segment.text) for segment in row)


def wrap(runs: Sequence[Run], width: int) -> list[Row]:
    """Return `runs` as rows of at most `width` cells, broken between words."""
    rows: list[Row] = []
    for line in _lines(runs):
        plain = "".join(text for text, _ in line)
        rows.extend(_sliced(line, _word_breaks(plain, width), trim=True))
    return rows


def fold(runs: Sequence[Run], width: int) -> list[Row]:
    """Return `runs` as rows of at most `width` cells, broken anywhere, spaces kept."""
    rows: list[Row] = []
    for line in _lines(runs):
        plain = "".join(text for text, _ in line)
        rows.extend(_sliced(line, _cell_breaks(plain, width), trim=False))
    return rows


def _lines(runs: Sequence[Run]) -> Iterator[list[Run]]:
    line: list[Run] = []
    for text, style in runs:
        first, *others = text.split("\n")
        if first:
            line.append((first, style))
        for other in others:
            yield line
            line = [(other, style)] if other else []
    yield line


def _cell_breaks(plain: str, width: int) -> list[int]:
    if cell_len(plain) <= width:
        return []
    breaks: list[int] = []
    place = 0
    for piece in chop_cells(plain, width)[:-1]:
        place += len(piece)
        breaks.append(place)
    return breaks


def _word_breaks(plain: str, width: int) -> list[int]:
    if cell_len(plain) <= width:
        return []
    breaks: list[int] = []
    column = 0
    for found in _WORD.finditer(plain):
        word = found.group()
        if column and column + cell_len(word.rstrip(" ")) > width:
            breaks.append(found.start())
            column = 0
        if cell_len(word.rstrip(" ")) > width:
            inner = _cell_breaks(word.rstrip(" "), width)
            breaks.extend(found.start() + place for place in inner)
            word = word[inner[-1] :]
        column += cell_len(word)
    return breaks


def _sliced(line: Sequence[Run], breaks: Sequence[int], *, trim: bool) -> Iterator[Row]:
    ends = iter([*breaks, None])
    end = next(ends)
    row: Row = []
    place = 0
    for text, style in line:
        start = 0
        while end is not None and place + len(text) - start >= end:
            cut = start + end - place
            if cut > start:
                row.append(Segment(text[start:cut], style))
            yield _trimmed(row) if trim else row
            row, start, place, end = [], cut, end, next(ends)
        if start < len(text):
            row.append(Segment(text[start:], style))
            place += len(text) - start
    if row or not breaks:
        yield _trimmed(row) if trim else row


def _trimmed(row: Row) -> Row:
    """Return `row` without spaces at its end."""
    while row and not row[-1].text.rstrip(" "):
        row.pop()
    if row and row[-1].text.endswith(" "):
        row[-1] = Segment(row[-1].text.rstrip(" "), row[-1].style)
    return row
