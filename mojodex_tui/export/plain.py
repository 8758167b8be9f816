"""A draft as plain text: for a mail, or for a place that knows no Markdown."""

from __future__ import annotations

from markdown_it.tree import SyntaxTreeNode

from mojodex_tui.export.reading import first_number, table_rows, tree, words


def as_text(text: str) -> str:
    """Return Markdown as text without marks."""
    return _blocks(tree(text).children) + "\n"


def _blocks(nodes: list[SyntaxTreeNode], *, tight: bool = False) -> str:
    return ("\n" if tight else "\n\n").join(filter(None, map(_block, nodes)))


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "heading":
            said = words(node)
            return f"{said}\n{('=' if node.tag == 'h1' else '-') * len(said)}"
        case "bullet_list":
            return _items(node, ["-"] * len(node.children))
        case "ordered_list":
            first = first_number(node)
            return _items(node, [f"{first + at}." for at in range(len(node.children))])
        case "blockquote":
            return _indented(_blocks(node.children), "  ")
        case "fence" | "code_block":
            return _indented(node.content.rstrip("\n"), "    ")
        case "hr":
            return "-" * 40
        case "table":
            return _table(node)
        case _:
            return words(node)


def _items(node: SyntaxTreeNode, marks: list[str]) -> str:
    told = [child for item in node.children for child in item.children]
    tight = all(child.hidden for child in told if child.type == "paragraph")
    items = []
    for mark, item in zip(marks, node.children, strict=True):
        inner = _indented(_blocks(item.children, tight=tight), " " * (len(mark) + 1))
        items.append(f"{mark} {inner.lstrip()}")
    return ("\n" if tight else "\n\n").join(items)


def _indented(text: str, by: str) -> str:
    return "\n".join(f"{by}{line}" if line else "" for line in text.split("\n"))


def _table(node: SyntaxTreeNode) -> str:
    rows = [[words(cell) for cell in row] for row in table_rows(node)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
