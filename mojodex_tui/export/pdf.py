"""A draft as a PDF, with a font of this computer so that every letter is there."""

from __future__ import annotations

import logging
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from mojodex_tui.export.formats import CannotExport
from mojodex_tui.export.reading import parser, words

if TYPE_CHECKING:
    from fpdf import FPDF

_ELSE = "Write .docx or .html instead, or print the .html from a browser. Nothing was written."


class _Family(NamedTuple):
    """The files of a font: upright, bold, italic, both."""

    upright: str
    bold: str
    italic: str
    both: str


_FAMILIES = (
    _Family(
        "DejaVuSans.ttf",
        "DejaVuSans-Bold.ttf",
        "DejaVuSans-Oblique.ttf",
        "DejaVuSans-BoldOblique.ttf",
    ),
    _Family(
        "NotoSans-Regular.ttf",
        "NotoSans-Bold.ttf",
        "NotoSans-Italic.ttf",
        "NotoSans-BoldItalic.ttf",
    ),
    _Family(
        "LiberationSans-Regular.ttf",
        "LiberationSans-Bold.ttf",
        "LiberationSans-Italic.ttf",
        "LiberationSans-BoldItalic.ttf",
    ),
    _Family("Arial.ttf", "Arial Bold.ttf", "Arial Italic.ttf", "Arial Bold Italic.ttf"),
    _Family("arial.ttf", "arialbd.ttf", "ariali.ttf", "arialbi.ttf"),
)

_LATIN_END = 0x100
"""The first sign that fonts every reader has do not know."""

_FOLDERS = {
    "darwin": ("/System/Library/Fonts/Supplemental", "/Library/Fonts", "~/Library/Fonts"),
    "win32": ("C:/Windows/Fonts",),
}
_USUAL_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts")


def as_pdf(title: str, text: str) -> bytes:
    """Return Markdown as a PDF.

    Raises:
        CannotExport: the library is not there, or no font has the letters.
    """
    try:
        from fpdf import FPDF
        from fpdf.errors import FPDFException
        from fpdf.fonts import TextStyle
    except ImportError as error:
        raise CannotExport(
            f"PDF needs a library that is not here: pip install 'mojodex-tui[pdf]'. {_ELSE}"
        ) from error
    # It would speak of missing letters on standard error, where the screen is.
    for name in ("fpdf", "fontTools"):
        logging.getLogger(name).addHandler(logging.NullHandler())
    pdf = FPDF(format="A4")
    pdf.set_title(title)
    pdf.set_margin(20)
    pdf.add_page()
    try:
        font = _font(pdf, text)
        pdf.set_font(font, size=11)
        # Code has a font of its own otherwise, which lacks most letters.
        code = {"code": TextStyle(font_family=font), "pre": TextStyle(font_family=font, t_margin=2)}
        pdf.write_html(_simple(text), tag_styles=code)
        return bytes(pdf.output())
    except (FPDFException, NotImplementedError) as error:
        raise CannotExport(f"This draft cannot be a PDF: {error}. {_ELSE}") from error


def _simple(text: str) -> str:
    """Return Markdown as HTML the library can draw: the cells of tables hold words alone."""
    tokens = parser().parse(text)
    for before, token in pairwise(tokens):
        if before.type in {"th_open", "td_open"}:
            said = "".join(map(words, SyntaxTreeNode([token]).children))
            token.children = [Token("text", "", 0, content=said)]
    return str(parser().renderer.render(tokens, parser().options, {}))


def _font(pdf: FPDF, text: str) -> str:
    """Add the first font of this computer that has the letters of `text`; return its name.

    Raises:
        CannotExport: there is none; a sign it lacks, such as an emoji, is left out instead.
    """
    from fpdf.fonts import TTFFont

    letters = {letter for letter in text if letter.isalpha()}
    if all(ord(letter) < _LATIN_END for letter in text):
        return "helvetica"
    for place, family in enumerate(_FAMILIES):
        files = _found(family)
        if files is None:
            continue
        name = f"draft{place}"
        for style, file in zip(("", "B", "I", "BI"), files, strict=True):
            pdf.add_font(name, style, str(file))
        font = pdf.fonts[name]
        if isinstance(font, TTFFont) and all(ord(letter) in font.cmap for letter in letters):
            return name
    raise CannotExport(f"No font was found that has all letters of this draft. {_ELSE}")


def _found(family: _Family) -> list[Path] | None:
    for folder in map(Path, _FOLDERS.get(sys.platform, _USUAL_FOLDERS)):
        for upright in folder.expanduser().rglob(family.upright):
            files = [upright.with_name(name) for name in family]
            if all(file.is_file() for file in files):
                return files
    return None
