"""The body of a mail as a model wrote it: its words and plainest marks, and nothing else of it.

What a model was given may hold orders of strangers. So no link, picture, style or script of its
HTML gets into a mail that the user takes for ours.
"""

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

_KEPT = frozenset({"p", "ul", "ol", "li", "b", "strong", "i", "em", "h1", "h2", "h3"})
_BLOCKS = frozenset({"p", "ul", "ol", "li", "h1", "h2", "h3", "div", "br", "tr", "table"})
_DROPPED = frozenset({"script", "style", "head", "title"})
_PARAGRAPHS = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class MailBody:
    """A body in both of its forms."""

    text: str
    html: str


def mail_body(written: str) -> MailBody:
    """Return a body of HTML, or of plain text, in both forms; blank if it says nothing."""
    if "<" not in written:
        written = "".join(
            f"<p>{escape(each, quote=False)}</p>" for each in _PARAGRAPHS.split(written.strip())
        ).replace("\n", "<br>")
    reader = _Reader()
    reader.feed(written)
    reader.close()
    return reader.body()


class _Reader(HTMLParser):
    """Keeps words and plain marks; every mark that was opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self._html: list[str] = []
        self._text: list[str] = []
        self._open: list[str] = []
        self._dropping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - none is kept
        if tag in _DROPPED:
            self._dropping += 1
        if tag in _BLOCKS:
            self._text.append("\n- " if tag == "li" else "\n")
        if tag == "br":
            self._html.append("<br>")
        elif tag in _KEPT:
            self._open.append(tag)
            self._html.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._dropping = max(0, self._dropping - 1)
        if tag in _BLOCKS - {"li", "br"}:
            self._text.append("\n")
        while tag in self._open:
            self._html.append(f"</{self._open[-1]}>")
            if self._open.pop() == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self._dropping:
            self._html.append(escape(data, quote=False))
            self._text.append(re.sub(r"\s+", " ", data))

    def body(self) -> MailBody:
        """Return what was read."""
        closing = (f"</{tag}>" for tag in reversed(self._open))
        lines = (line.strip() for line in "".join(self._text).splitlines())
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
        return MailBody(text, "".join((*self._html, *closing)).strip())
