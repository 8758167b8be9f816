"""Text out of documents: plain text, HTML, PDF and DOCX."""

import codecs
import io
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mojodex_tui.backend.tools.failures import ToolFailed
from mojodex_tui.backend.tools.html import html_text

if TYPE_CHECKING:
    from docx.table import Table

MOST_BYTES = 20_000_000
MOST_PAGES = 50
"""Pages of one call; more are read in several."""

_UNPACKED_BYTES = 100_000_000
_SECONDS = 20.0
_TEXTS = frozenset({".txt", ".md", ".markdown", ".csv", ".tsv", ".json", ".xml", ".yaml", ".yml"})
_PAGES = frozenset({".html", ".htm", ".xhtml"})
READABLE = _TEXTS | _PAGES | {".pdf", ".docx"}
"""The endings of files that can be read."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Pages:
    """The text of some pages of a document, by their numbers, and how many it has."""

    texts: tuple[tuple[int, str], ...]
    total: int

    @property
    def text(self) -> str:
        """The pages, each under its number."""
        return "\n\n".join(
            f"[page {number} of {self.total}]\n{text}" for number, text in self.texts
        )


def document_text(name: str, content: bytes) -> str:
    """Return the text of any document that has no pages.

    Raises:
        ToolFailed: it is of a kind we cannot read, or broken.
    """
    ending = Path(name).suffix.lower()
    if ending == ".docx":
        return _docx_text(name, content)
    if ending in _PAGES:
        return html_text(decoded(name, content))
    if ending in _TEXTS or not ending:
        return decoded(name, content)
    raise ToolFailed(f"{name} cannot be read; these kinds can: {', '.join(sorted(READABLE))}.")


def decoded(name: str, content: bytes, charset: str | None = None) -> str:
    """Return bytes as text: by their mark, the given encoding, UTF-8, else Western European.

    Raises:
        ToolFailed: they are no text.
    """
    marked = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
    for encoding in filter(None, (marked, charset, "utf-8")):
        try:
            return _lines(content.decode(encoding))
        except (UnicodeDecodeError, LookupError):
            continue  # the next guess
    if b"\0" in content:
        raise ToolFailed(f"{name} is no text file.")
    return _lines(content.decode("cp1252", errors="replace"))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "")


def pdf_pages(name: str, content: bytes, first: int, last: int | None) -> Pages:
    """Return the text of pages of a PDF, from 1, both ends included.

    Raises:
        ToolFailed: it is broken or locked, it has no such pages, or it holds no text.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    ends = time.monotonic() + _SECONDS
    try:
        reader = PdfReader(io.BytesIO(content))
        total = len(reader.pages)
        numbers = _page_numbers(name, total, first, last)
        texts = []
        for number in numbers:
            if time.monotonic() > ends:
                raise ToolFailed(f"{name} takes too long; ask for fewer pages than {len(numbers)}.")
            texts.append((number, reader.pages[number - 1].extract_text().strip()))
    except (FileNotDecryptedError, DependencyError) as error:
        raise ToolFailed(f"{name} is locked by a password; attach an unlocked copy.") from error
    # what pypdf lets through when a file is broken in a way it did not expect
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ToolFailed(f"{name} is a broken PDF: {error}") from error
    except RecursionError as error:
        raise ToolFailed(f"{name} is a broken PDF: it is nested without end.") from error
    if not any(text for _, text in texts):
        raise ToolFailed(f"{name} holds no text on these pages; it may be scanned images.")
    return Pages(tuple(texts), total)


def _page_numbers(name: str, total: int, first: int, last: int | None) -> Sequence[int]:
    if first > total:
        raise ToolFailed(f"{name} has {total} pages; page {first} is not among them.")
    if last is not None and last < first:
        raise ToolFailed("The last page is before the first; swap them.")
    return range(first, min(last or total, total, first + MOST_PAGES - 1) + 1)


def _docx_text(name: str, content: bytes) -> str:
    import docx
    from docx.opc.exceptions import OpcError
    from docx.table import Table

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _UNPACKED_BYTES:
                raise ToolFailed(f"{name} is too large when unpacked.")
        document = docx.Document(io.BytesIO(content))
        return "\n\n".join(
            _table_text(block) if isinstance(block, Table) else block.text
            for block in document.iter_inner_content()
        ).strip()
    # a SyntaxError is what lxml calls broken XML
    except (zipfile.BadZipFile, OpcError, SyntaxError, KeyError, ValueError) as error:
        raise ToolFailed(f"{name} is a broken DOCX file.") from error


def _table_text(table: "Table") -> str:
    return "\n".join(" | ".join(cell.text for cell in row.cells) for row in table.rows)
