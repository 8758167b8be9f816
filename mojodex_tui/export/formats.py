"""Which formats there are, and how one is chosen: by the end of the file's name."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class CannotExport(Exception):
    """A draft could not be written; the text says why, and what can be done instead."""


class Format(StrEnum):
    """A format, named as its files end."""

    MARKDOWN = "md"
    TEXT = "txt"
    HTML = "html"
    WORD = "docx"
    PDF = "pdf"


_ALSO = {"markdown": Format.MARKDOWN, "text": Format.TEXT, "htm": Format.HTML}


def format_of(path: Path) -> Format:
    """Return the format a file's name asks for; Markdown if it asks for none."""
    ending = path.suffix.lower().removeprefix(".")
    if ending in _ALSO:
        return _ALSO[ending]
    return Format(ending) if ending in {*Format} else Format.MARKDOWN


def write(path: Path, title: str, text: str) -> None:
    """Write a draft in the format the name of the file asks for.

    Args:
        path: The file; what is there is overwritten.
        title: What the draft is called.
        text: The draft, as Markdown; its heading, if it has one, is part of it.

    Raises:
        CannotExport: it was not written.
    """
    content = _content(format_of(path), title, text)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CannotExport(f"{path} was not written: {error.strerror or error}.") from error


def _content(wanted: Format, title: str, text: str) -> bytes:
    """Return the file; what a format needs is imported when somebody wants it."""
    match wanted:
        case Format.MARKDOWN:
            return f"{text.rstrip()}\n".encode()
        case Format.TEXT:
            from mojodex_tui.export.plain import as_text

            return as_text(text).encode()
        case Format.HTML:
            from mojodex_tui.export.html import as_html

            return as_html(title, text).encode()
        case Format.WORD:
            from mojodex_tui.export.word import as_word

            return as_word(title, text)
        case Format.PDF:
            from mojodex_tui.export.pdf import as_pdf

            return as_pdf(title, text)
