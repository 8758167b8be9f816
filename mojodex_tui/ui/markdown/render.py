"""Blocks drawn as strips: the one place that knows how Markdown looks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from markdown_it.token import Token
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from mojodex_tui.ui.markdown.blocks import Block
from mojodex_tui.ui.markdown.code import code_rows
from mojodex_tui.ui.markdown.inline import is_continued, runs_of
from mojodex_tui.ui.markdown.parser import Group, Reference, groups, parse
from mojodex_tui.ui.markdown.styles import MarkdownStyles
from mojodex_tui.ui.markdown.table import Alignment, Cell, Table
from mojodex_tui.ui.markdown.wrap import Row, Run, row_width, wrap

_BULLETS = "•▪‣◦"
_TASK = re.compile(r"\[([ xX])\] ")


def render_block(
    block: Block, width: int, styles: MarkdownStyles, references: dict[str, Reference]
) -> list[Strip]:
    """Draw `block` as strips of at most `width` cells.

    Args:
        block: What to draw.
        width: The cells there are, at least one.
        styles: The roles' styles.
        references: Where the text's reference links go.
    """
    tokens = parse(block.text, references)
    pen = _Pen(styles, styles.text, width, opens=not block.opener, closes=block.closes)
    rows: list[Row] = [[] for _ in range(block.lead)]
    rows += pen.blocks(tokens)
    return [_strip(row, width) for row in rows]


def _strip(row: Row, width: int) -> Strip:
    cells = row_width(row)
    strip = Strip(row, cells)
    # A margin can be wider than a very narrow window.
    return strip if cells <= width else strip.crop(0, width)


@dataclass(frozen=True)
class _Pen:
    """Draws blocks in a column: so wide, in this style, at this depth."""

    styles: MarkdownStyles
    base: Style
    width: int
    depth: int = 0
    opens: bool = True
    closes: bool = True

    def blocks(self, tokens: Sequence[Token], *, airy: bool = True) -> list[Row]:
        """Draw blocks under each other, with a blank row between them where `airy`."""
        rows: list[Row] = []
        for group in groups(tokens):
            drawn = self._block(group)
            if rows and drawn and airy:
                rows.append([])
            rows += drawn
        return rows

    def _block(self, group: Group) -> list[Row]:
        match group.head.type:
            case "paragraph_open":
                return self._text(group.inner[0], self.base)
            case "heading_open":
                return self._heading(group)
            case "bullet_list_open" | "ordered_list_open":
                return self._list(group)
            case "blockquote_open":
                return self._quote(group)
            case "fence" | "code_block":
                head = group.head
                return code_rows(
                    head.content,
                    head.info,
                    self.width,
                    self.styles,
                    opens=self.opens,
                    closes=self.closes,
                )
            case "table_open":
                table = _table(group, self.styles)
                return table.rows(self.width, self.styles, opens=self.opens, closes=self.closes)
            case "hr":
                return [[Segment("─" * self.width, self.styles.rule)]]
        return [[Segment(group.head.content, self.base)]]

    def _text(self, inline: Token, style: Style) -> list[Row]:
        runs = runs_of(inline, style, self.styles)
        return wrap(runs, self.width) if runs else []

    def _heading(self, group: Group) -> list[Row]:
        level = int(group.head.tag[1:])
        rows = self._text(group.inner[0], self.styles.heading(level))
        if level == 1:
            rows.append([Segment("━" * self.width, self.styles.rule)])
        return rows

    def _quote(self, group: Group) -> list[Row]:
        bar = [Segment("▌", self.styles.quote_bar), Segment(" ", self.styles.quote)]
        inside = self._narrower(2, self.styles.quote)
        rows = []
        for row in inside.blocks(group.inner):
            missing = max(0, inside.width - row_width(row))
            rows.append([*bar, *row, Segment(" " * missing, self.styles.quote)])
        return rows

    def _list(self, group: Group) -> list[Row]:
        items = [item for item in groups(group.inner) if item.head.type == "list_item_open"]
        airy = any(_is_loose(item) for item in items)
        first = int(group.head.attrs.get("start", 1))
        ordered = group.head.type == "ordered_list_open"
        numbers = len(f"{first + len(items) - 1}. ") if ordered else 0
        rows: list[Row] = []
        for index, item in enumerate(items):
            marker = f"{first + index}. ".rjust(numbers) if ordered else self._bullet()
            drawn = self._item(item, marker, airy=airy)
            if rows and drawn and airy:
                rows.append([])
            rows += drawn
        return rows

    def _bullet(self) -> str:
        return f"{_BULLETS[self.depth % len(_BULLETS)]} "

    def _item(self, item: Group, marker: str, *, airy: bool) -> list[Row]:
        inline = _first_inline(item)
        style = self.styles.bullet
        tokens = item.inner
        if inline is not None and is_continued(inline):
            marker = " " * cell_len(marker)
        elif inline is not None and (task := _TASK.match(inline.content)):
            done = task.group(1) != " "
            marker = f"{marker}[{'x' if done else ' '}] " if marker[0].isdigit() else task.group()
            style = self.styles.done if done else style
            _drop_start(inline, task.end())
        indent = cell_len(marker)
        inside = replace(self._narrower(indent, self.base), depth=self.depth + 1)
        rows = inside.blocks(tokens, airy=airy)
        if not rows:
            return [] if marker.isspace() else [[Segment(marker.rstrip(), style)]]
        margin = Segment(" " * indent, self.base)
        return [[Segment(marker, style), *rows[0]], *([margin, *row] for row in rows[1:])]

    def _narrower(self, cells: int, base: Style) -> "_Pen":
        return replace(self, width=max(1, self.width - cells), base=base)


def _is_loose(item: Group) -> bool:
    return any(
        group.head.type == "paragraph_open" and not group.head.hidden
        for group in groups(item.inner)
    )


def _first_inline(item: Group) -> Token | None:
    first = next(groups(item.inner), None)
    if first is None or first.head.type != "paragraph_open":
        return None
    return first.inner[0]


def _drop_start(inline: Token, length: int) -> None:
    """Take the task's box out of the text it begins."""
    first = next(iter(inline.children or ()), None)
    if first is not None and first.type == "text":
        first.content = first.content[length:]


def _table(group: Group, styles: MarkdownStyles) -> Table:
    lines = [
        [
            _cell(cell, styles.table_header if cell.head.type == "th_open" else styles.text, styles)
            for cell in groups(row.inner)
        ]
        for part in groups(group.inner)
        for row in groups(part.inner)
    ]
    return Table(lines[0], lines[1:])


def _cell(cell: Group, base: Style, styles: MarkdownStyles) -> Cell:
    runs: list[Run] = runs_of(cell.inner[0], base, styles)
    broken = [(re.sub(r" *<br ?/?> *", "\n", text), style) for text, style in runs]
    return Cell(broken, _alignment(cell.head))


def _alignment(head: Token) -> Alignment:
    match str(head.attrs.get("style", "")).removeprefix("text-align:"):
        case "right":
            return "right"
        case "center":
            return "center"
    return "left"
