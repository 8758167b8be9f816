"""Fonts of this computer, so that every letter of a draft is in its PDF."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fpdf import FPDF


class NoFont(Exception):
    """No font of this computer has all letters."""


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
_CODE = tuple(
    _Family(name, name, name, name)
    for name in (
        "DejaVuSansMono.ttf",
        "NotoSansMono-Regular.ttf",
        "LiberationMono-Regular.ttf",
        "Courier New.ttf",
        "cour.ttf",
    )
)
"""Fonts for code, which needs no other looks."""

_LATIN_END = 0x100
"""The first sign that fonts every reader has do not know."""

_FOLDERS = {
    "darwin": ("/System/Library/Fonts/Supplemental", "/Library/Fonts", "~/Library/Fonts"),
    "win32": ("C:/Windows/Fonts",),
}
_USUAL_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts")


def text_font(pdf: FPDF, text: str) -> str:
    """Make a font known that has the letters of `text`, and return its name.

    Raises:
        NoFont: there is none; a sign it lacks, such as an emoji, is left out instead.
    """
    name = "helvetica" if _is_latin(text) else _added(pdf, _FAMILIES, "text", text)
    if name is None:
        raise NoFont
    return name


def code_font(pdf: FPDF, text: str, otherwise: str) -> str:
    """Make a font of even width known that has the letters of `text`, and return its name.

    Args:
        pdf: Where it is to be known.
        text: What is to be written with it.
        otherwise: The name of the font to use if there is none.
    """
    return "courier" if _is_latin(text) else _added(pdf, _CODE, "code", text) or otherwise


def _is_latin(text: str) -> bool:
    return all(ord(letter) < _LATIN_END for letter in text)


def _added(pdf: FPDF, families: tuple[_Family, ...], name: str, text: str) -> str | None:
    from fpdf.fonts import TTFFont

    letters = {letter for letter in text if letter.isalpha()}
    for place, files in enumerate(_found(families)):
        known = f"{name}{place}"
        for style, file in zip(("", "B", "I", "BI"), files, strict=True):
            pdf.add_font(known, style, str(file))
        font = pdf.fonts[known]
        if isinstance(font, TTFFont) and all(ord(letter) in font.cmap for letter in letters):
            return known
    return None


def _found(families: tuple[_Family, ...]) -> Iterator[list[Path]]:
    folders = [Path(name).expanduser() for name in _FOLDERS.get(sys.platform, _USUAL_FOLDERS)]
    for family in families:
        for upright in (file for folder in folders for file in folder.rglob(family.upright)):
            files = [upright.with_name(name) for name in family]
            if all(file.is_file() for file in files):
                yield files
                break
