"""A draft as a PDF."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from mojodex_tui.export.fonts import NoFont, code_font, text_font
from mojodex_tui.export.formats import CannotExport
from mojodex_tui.export.reading import alignment, first_number, table_rows, tree, words

if TYPE_CHECKING:
    from fpdf import FPDF
    from fpdf.fonts import FontFace
    from markdown_it.tree import SyntaxTreeNode

_ELSE = "Write .docx or .html instead, or print the .html from a browser. Nothing was written."

_SIZE: Final = 11.0
_HEADINGS: Final = (20.0, 15.0, 13.0, 11.5, 11.0, 11.0)
"""Sizes in points, by level."""
_LINE: Final = 1.35
"""The height of a line, in sizes of its letters."""
_POINT: Final = 25.4 / 72
"""Millimetres."""
_MARGIN: Final = 22.0
_GAP: Final = 2.6
"""Between blocks."""
_STEP: Final = 6.5
"""How much further in a list or a quote begins."""
_KEPT: Final = 30.0
"""Room that a heading wants under it on its page."""

_INK: Final = (25, 25, 25)
_QUIET: Final = (90, 90, 90)
_LINK: Final = (20, 80, 160)
_EDGE: Final = (170, 170, 170)
_GROUND: Final = (242, 242, 242)


def as_pdf(title: str, text: str) -> bytes:
    """Return Markdown as a PDF.

    Raises:
        CannotExport: the library is not there, or no font has the letters.
    """
    try:
        from fpdf import FPDF
        from fpdf.errors import FPDFException
    except ImportError as error:
        raise CannotExport(
            f"PDF needs a library that is not here: pip install 'mojodex-tui[pdf]'. {_ELSE}"
        ) from error
    # It would speak of missing letters on standard error, where the screen is.
    for name in ("fpdf", "fontTools"):
        logging.getLogger(name).addHandler(logging.NullHandler())
    pdf = FPDF(format="A4")
    pdf.set_title(title)
    pdf.set_margin(_MARGIN)
    pdf.set_auto_page_break(True, _MARGIN)
    pdf.c_margin = 0
    pdf.add_page()
    try:
        font = text_font(pdf, text)
        _Writer(pdf, font, code_font(pdf, text, font)).blocks(tree(text))
        return bytes(pdf.output())
    except NoFont as error:
        raise CannotExport(
            f"No font was found that has all letters of this draft. {_ELSE}"
        ) from error
    except FPDFException as error:
        raise CannotExport(f"This draft cannot be a PDF: {error}. {_ELSE}") from error


@dataclass(frozen=True)
class _Look:
    """How words look."""

    size: float = _SIZE
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    href: str = ""
    ink: tuple[int, int, int] = _INK

    @property
    def height(self) -> float:
        """Of a line, in millimetres."""
        return self.size * _LINE * _POINT


class _Writer:
    """Writes blocks under each other, from the left margin there is."""

    def __init__(self, pdf: FPDF, font: str, code: str) -> None:
        self._pdf = pdf
        self._font = font
        self._code = code
        self._look = _Look()

    def blocks(self, parent: SyntaxTreeNode) -> None:
        """Write what a node consists of."""
        for place, node in enumerate(parent.children):
            if place:
                self._pdf.ln(_GAP)
            self._block(node)

    def _block(self, node: SyntaxTreeNode) -> None:
        match node.type:
            case "heading":
                self._heading(node)
            case "bullet_list" | "ordered_list":
                self._list(node)
            case "blockquote":
                self._quote(node)
            case "fence" | "code_block":
                self._code_block(node.content)
            case "table":
                self._table(node)
            case "hr":
                self._rule()
            case _:
                self._line(node, self._look)

    def _line(self, node: SyntaxTreeNode, look: _Look) -> None:
        self._inline(node, look)
        self._pdf.ln(look.height)

    def _heading(self, node: SyntaxTreeNode) -> None:
        pdf, level = self._pdf, int(node.tag[1:])
        if pdf.will_page_break(_KEPT):
            pdf.add_page()
        elif pdf.y > pdf.t_margin:
            pdf.ln(_GAP)
        look = replace(self._look, size=_HEADINGS[level - 1], bold=True, italic=level > 5)
        self._line(node, look)

    def _list(self, node: SyntaxTreeNode) -> None:
        pdf = self._pdf
        number = first_number(node) if node.type == "ordered_list" else None
        for place, item in enumerate(node.children):
            if pdf.will_page_break(self._look.height):
                pdf.add_page()
            if number is None:
                self._bullet()
            else:
                self._set(self._look)
                pdf.write(self._look.height, f"{number + place}.")
            with self._indented():
                for at, child in enumerate(item.children):
                    if at and child.type not in {"bullet_list", "ordered_list"}:
                        pdf.ln(_GAP)
                    self._block(child)
            if place < len(node.children) - 1:
                pdf.ln(_GAP / 4)

    def _bullet(self) -> None:
        # Drawn, because not every font has one.
        pdf, size = self._pdf, 1.3
        pdf.set_fill_color(*_INK)
        top = pdf.y + (self._look.height - size) / 2
        pdf.ellipse(pdf.l_margin + 1.2, top, size, size, style="F")

    def _quote(self, node: SyntaxTreeNode) -> None:
        pdf, look = self._pdf, self._look
        page, top = pdf.page, pdf.y
        self._look = replace(look, ink=_QUIET)
        with self._indented():
            self.blocks(node)
        self._look = look
        last, bottom = pdf.page, pdf.y
        for number in range(page, last + 1):
            pdf.page = number
            with pdf.local_context(line_width=0.8, draw_color=_EDGE):
                pdf.line(
                    pdf.l_margin + 1.5,
                    top if number == page else pdf.t_margin,
                    pdf.l_margin + 1.5,
                    bottom if number == last else pdf.page_break_trigger,
                )

    def _code_block(self, content: str) -> None:
        pdf, look = self._pdf, replace(self._look, size=9.5, code=True)
        self._set(look)
        pdf.set_fill_color(*_GROUND)
        text = content.rstrip("\n").expandtabs(4)
        pdf.multi_cell(
            0, look.height, text, align="L", fill=True, padding=2, new_x="LMARGIN", new_y="NEXT"
        )

    def _rule(self) -> None:
        pdf = self._pdf
        pdf.set_draw_color(*_EDGE)
        pdf.line(pdf.l_margin, pdf.y + 1, pdf.w - pdf.r_margin, pdf.y + 1)
        pdf.ln(2)

    def _table(self, node: SyntaxTreeNode) -> None:
        """Write a table as wide as its words want; its cells hold words without looks."""
        pdf = self._pdf
        rows = [[words(cell) for cell in row] for row in table_rows(node)]
        self._set(self._look)
        widest = [
            max(pdf.get_string_width(line) for text in column for line in text.split("\n")) * 1.1
            + 6
            for column in zip(*rows, strict=True)
        ]
        widths = _fitting(widest, pdf.epw)
        pdf.set_draw_color(*_EDGE)
        pdf.set_fill_color(255)
        with pdf.table(
            rows,
            align="LEFT",
            v_align="TOP",
            width=sum(widths),
            col_widths=widths,
            text_align=tuple(alignment(cell).upper() for cell in table_rows(node)[0]),
            line_height=self._look.height,
            padding=1.2,
            headings_style=_heading_face(),
        ):
            pass
        pdf.set_x(pdf.l_margin)

    @contextmanager
    def _indented(self) -> Iterator[None]:
        pdf = self._pdf
        pdf.set_left_margin(pdf.l_margin + _STEP)
        pdf.set_x(pdf.l_margin)
        yield
        pdf.set_left_margin(pdf.l_margin - _STEP)
        pdf.set_x(pdf.l_margin)

    def _inline(self, node: SyntaxTreeNode, look: _Look) -> None:
        """Write the words of a node, each with its look."""
        match node.type:
            case "text" | "image":
                self._words(node.content, look)
            case "code_inline":
                self._words(node.content, replace(look, code=True))
            case "softbreak" | "hardbreak":
                self._pdf.ln(look.height)
            case _:
                inner = _changed(look, node)
                for child in node.children:
                    self._inline(child, inner)

    def _words(self, text: str, look: _Look) -> None:
        self._set(look)
        self._pdf.write(look.height, text, link=look.href)

    def _set(self, look: _Look) -> None:
        styles = {
            "B": look.bold and not look.code,
            "I": look.italic and not look.code,
            "U": bool(look.href),
            "S": look.strike,
        }
        style = "".join(letter for letter, wanted in styles.items() if wanted)
        self._pdf.set_font(self._code if look.code else self._font, style, look.size)
        self._pdf.set_text_color(*(_LINK if look.href else look.ink))


def _changed(look: _Look, node: SyntaxTreeNode) -> _Look:
    match node.type:
        case "strong":
            return replace(look, bold=True)
        case "em":
            return replace(look, italic=True)
        case "s":
            return replace(look, strike=True)
        case "link":
            return replace(look, href=str(node.attrs.get("href", "")))
        case _:
            return look


def _fitting(widths: list[float], room: float) -> tuple[float, ...]:
    """Return widths of columns that have room together: the widest ones give way."""
    fitting = dict.fromkeys(range(len(widths)), 0.0)
    narrowest_first = sorted(fitting, key=widths.__getitem__)
    for place, column in enumerate(narrowest_first):
        fitting[column] = min(widths[column], room / (len(widths) - place))
        room -= fitting[column]
    return tuple(fitting.values())


def _heading_face() -> FontFace:
    from fpdf.fonts import FontFace

    return FontFace(emphasis="BOLD", fill_color=_GROUND)
