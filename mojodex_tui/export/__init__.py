"""A draft as a file: Markdown, text, HTML, a word processor's document, PDF."""

from mojodex_tui.export.formats import CannotExport, Format, format_of, write

__all__ = ["CannotExport", "Format", "format_of", "write"]
