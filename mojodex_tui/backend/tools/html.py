"""The text of an HTML page, with headings, lists and links in Markdown.

Read by lxml, whose parser takes a page of any shape in linear time and stops at 256 levels of
nesting; a parser that follows the HTML standard to the letter needs quadratic time for deep pages,
and a fetched page could stop the program for minutes.
"""

import re
from textwrap import indent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HIDDEN = re.compile(
    "button|canvas|dialog|form|head|iframe|nav|noscript|object|script|style|svg|template"
)
_BLOCK = re.compile(
    "address|article|aside|blockquote|d[dlt]|details|div|fig(caption|ure)|footer|h[1-6r]|header"
    "|main|ol|p|section|summary|table|ul"
)
_HEADING = re.compile("h[1-6]")
_CODE = "    "


def html_text(html: str) -> str:
    """Return what a reader sees of a page, its title first; the main part if it is marked."""
    from lxml.etree import ParserError
    from lxml.html import HTMLParser, document_fromstring

    # as bytes, since a declaration of another encoding would be refused in a string
    content = html.encode("utf-8", errors="replace")
    try:
        page = document_fromstring(content, parser=HTMLParser(encoding="utf-8"))
    except ParserError:
        return ""  # there is nothing in it
    title = page.find(".//title")
    heading = "" if title is None else " ".join(title.text_content().split())
    mains = page.xpath("//main | //*[@role='main']") or page.xpath("//article")
    pieces: list[str] = []
    _write_within(mains[0] if len(mains) == 1 else page, pieces)
    return "\n\n".join(part for part in (heading, _tidy("".join(pieces))) if part)


def _write_within(parent: "HtmlElement", pieces: list[str]) -> None:
    pieces.append(_flat(parent.text))
    for node in parent:
        if _is_shown(node):
            _write(node, str(node.tag), pieces)
        pieces.append(_flat(node.tail))


def _is_shown(node: "HtmlElement") -> bool:
    """The node is an element, not a comment, and a reader sees it."""
    if not isinstance(node.tag, str) or _HIDDEN.fullmatch(node.tag):
        return False
    return node.get("hidden") is None and node.get("aria-hidden") != "true"


def _write(node: "HtmlElement", tag: str, pieces: list[str]) -> None:
    if tag == "br":
        pieces.append("\n")
    elif tag == "pre":
        pieces.append(f"\n\n{indent(node.text_content(), _CODE)}\n\n")
    elif tag == "a":
        _write_link(node, pieces)
    else:
        before, after = _marks(tag)
        pieces.append(before)
        _write_within(node, pieces)
        pieces.append(after)


def _marks(tag: str) -> tuple[str, str]:
    """Return what stands before and after an element."""
    if tag in ("td", "th"):
        return "", " | "
    if tag == "li":
        return "\n- ", "\n"
    if _HEADING.fullmatch(tag):
        return f"\n\n{'#' * int(tag[1:])} ", "\n\n"
    if tag == "tr":
        return "", "\n"
    return ("\n\n", "\n\n") if _BLOCK.fullmatch(tag) else ("", "")


def _write_link(node: "HtmlElement", pieces: list[str]) -> None:
    inner: list[str] = []
    _write_within(node, inner)
    said, target = "".join(inner), node.get("href") or ""
    absolute = target.startswith(("http://", "https://")) and said.strip()
    pieces.append(f"[{said.strip()}]({target})" if absolute else said)


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _tidy(text: str) -> str:
    lines = (line if line.startswith(_CODE) else line.strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
