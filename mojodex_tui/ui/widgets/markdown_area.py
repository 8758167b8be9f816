"""Markdown, edited as text: what it will look like can be told from its colours."""

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea

from mojodex_tui.ui.markdown.source import in_code, spans


class MarkdownArea(TextArea):
    """A text area that tells headings, lists, code and emphasis apart."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "markdown-area--heading",
        "markdown-area--mark",
        "markdown-area--code",
        "markdown-area--strong",
        "markdown-area--emphasis",
        "markdown-area--quote",
        "markdown-area--link",
    }
    DEFAULT_CSS = """
    MarkdownArea {
        .markdown-area--heading { color: $text-primary; text-style: bold; }
        .markdown-area--mark { color: $text-primary; text-style: bold; }
        .markdown-area--code { color: $text-warning; }
        .markdown-area--strong { text-style: bold; }
        .markdown-area--emphasis { text-style: italic; }
        .markdown-area--quote { color: $text-secondary; text-style: italic; }
        .markdown-area--link { color: $text-primary; text-style: underline; }

        &:light .markdown-area--code { color: $text-error; }
    }
    """

    _in_code: Sequence[bool] = ()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw lines; where code begins and ends is found once for all of them."""
        self._in_code = in_code(self.document.lines)
        return super().render_lines(crop)

    def get_line(self, line_index: int) -> Text:
        """Return a line with its colours."""
        line = super().get_line(line_index)
        if line_index < len(self._in_code) and self._in_code[line_index]:
            line.stylize(self._style_of("code"))
            return line
        for start, end, role in spans(line.plain):
            line.stylize(self._style_of(role), start, end)
        return line

    def _style_of(self, role: str) -> Style:
        return self.get_component_rich_style(f"markdown-area--{role}", partial=True)
