"""How Markdown is read, on the screen as in files."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode


@cache
def parser() -> MarkdownIt:
    """Markdown as assistants write it: tables and bare links, and HTML as plain text."""
    return (
        MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
        .enable(["table", "strikethrough", "linkify"])
        .disable(["html_block", "html_inline"])
    )


def tree(text: str) -> SyntaxTreeNode:
    """Return the blocks of `text`, with what is in them."""
    return SyntaxTreeNode(parser().parse(text))


def words(node: SyntaxTreeNode) -> str:
    """Return what a node says, without its looks; a link tells where it goes."""
    match node.type:
        case "text" | "code_inline" | "image":
            return node.content
        case "softbreak" | "hardbreak":
            return "\n"
    inner = "".join(map(words, node.children))
    if node.type == "link":
        href = str(node.attrs.get("href", ""))
        return (
            inner
            if href.removeprefix("mailto:") in {inner, f"http://{inner}"}
            else (f"{inner} ({href})")
        )
    return inner


def table_rows(table: SyntaxTreeNode) -> list[list[SyntaxTreeNode]]:
    """Return the cells of a table, its heading first."""
    return [list(row.children) for part in table.children for row in part.children]


def alignment(cell: SyntaxTreeNode) -> str:
    """Return on which side a cell's words stand: `left`, `center` or `right`."""
    side = str(cell.attrs.get("style", "")).removeprefix("text-align:")
    return side if side in {"center", "right"} else "left"


def first_number(ordered: SyntaxTreeNode) -> int:
    """Return the number a list begins with."""
    return int(ordered.attrs.get("start", 1))
