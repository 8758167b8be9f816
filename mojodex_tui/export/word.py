"""A draft as a document for word processors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.text import WD_PARAGRAPH_ALIGNMENT as SIDE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.text.run import Run

from mojodex_tui.export.reading import alignment, first_number, table_rows, tree

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph
    from markdown_it.tree import SyntaxTreeNode

_CODE = "Courier New"
_SIDES = {"left": SIDE.LEFT, "center": SIDE.CENTER, "right": SIDE.RIGHT}
_STEP = Cm(0.75)
"""How much further in a list within a list begins."""


@dataclass(frozen=True)
class _Look:
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False


def as_word(title: str, text: str) -> bytes:
    """Return Markdown as a `.docx` file."""
    document = Document()
    document.core_properties.title = title
    for node in tree(text).children:
        _block(document, node, depth=0)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _block(document: WordDocument, node: SyntaxTreeNode, depth: int) -> None:
    match node.type:
        case "heading":
            _inline(document.add_heading(level=int(node.tag[1:])), node)
        case "bullet_list" | "ordered_list":
            _list(document, node, depth)
        case "blockquote":
            for child in node.children:
                if child.type == "paragraph":
                    _inline(document.add_paragraph(style="Quote"), child)
                else:
                    _block(document, child, depth + 1)
        case "fence" | "code_block":
            code = document.add_paragraph(style="No Spacing").add_run(node.content.rstrip("\n"))
            code.font.name = _CODE
        case "table":
            _table(document, node)
        case "hr":
            document.add_paragraph("―" * 20)
        case _:
            _inline(_paragraph(document, depth), node)


def _paragraph(document: WordDocument, depth: int) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = _STEP * depth
    return paragraph


def _list(document: WordDocument, node: SyntaxTreeNode, depth: int) -> None:
    """Write a list; its numbers are text, so that every list begins with its own."""
    number = first_number(node) if node.type == "ordered_list" else None
    for place, item in enumerate(node.children):
        mark = "•" if number is None else f"{number + place}."
        for at, child in enumerate(item.children):
            if child.type != "paragraph":
                _block(document, child, depth + 1)
                continue
            paragraph = _paragraph(document, depth + 1)
            if not at:
                paragraph.paragraph_format.first_line_indent = -_STEP
                paragraph.paragraph_format.tab_stops.add_tab_stop(_STEP * (depth + 1))
                paragraph.add_run(f"{mark}\t")
            _inline(paragraph, child)


def _table(document: WordDocument, node: SyntaxTreeNode) -> None:
    rows = table_rows(node)
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for place, row in enumerate(rows):
        for cell, told in zip(table.add_row().cells, row, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.alignment = _SIDES[alignment(told)]
            _inline(paragraph, told, _Look(bold=not place))


def _inline(paragraph: Paragraph, node: SyntaxTreeNode, look: _Look = _Look()) -> None:
    """Write the words of a node, each with its look."""
    match node.type:
        case "text" | "image":
            _run(paragraph, node.content, look)
        case "code_inline":
            _run(paragraph, node.content, replace(look, code=True))
        case "softbreak" | "hardbreak":
            _run(paragraph, "\n", look)
        case "link":
            _link(paragraph, node, look)
        case _:
            look = {
                "strong": replace(look, bold=True),
                "em": replace(look, italic=True),
                "s": replace(look, strike=True),
            }.get(node.type, look)
            for child in node.children:
                _inline(paragraph, child, look)


def _run(paragraph: Paragraph, text: str, look: _Look) -> Run:
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.strike = look.bold, look.italic, look.strike
    if look.code:
        run.font.name = _CODE
    return run


def _link(paragraph: Paragraph, node: SyntaxTreeNode, look: _Look) -> None:
    """Write a link; the library has no call of its own for it."""
    before = len(paragraph.runs)
    for child in node.children:
        _inline(paragraph, child, look)
    href = str(node.attrs.get("href", ""))
    link = OxmlElement("w:hyperlink")
    link.set(
        qn("r:id"), paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    )
    runs = paragraph.runs[before:]
    if runs:
        first = runs[0]._r  # noqa: SLF001 - the documented way to what the library lacks
        first.addprevious(link)  # type: ignore[arg-type]  # the stubs know runs beside runs only
    for run in runs:
        run.underline = True
        link.append(run._r)  # noqa: SLF001 - the same
