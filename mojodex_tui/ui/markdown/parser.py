"""The two readings of Markdown: blocks alone, which is cheap, and everything."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from mojodex_tui.export.reading import parser

Reference = dict[str, str]
"""Where a reference link goes: its `href` and `title`."""

CONTINUED = "\u2060"
"""Stands for the text before a cut, in the marker line that a cut list is opened with again."""


@cache
def _block_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("html_block")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def parse(text: str, references: dict[str, Reference]) -> list[Token]:
    """Return all tokens of `text`, which may use `references` defined elsewhere."""
    return parser().parse(text, {"references": dict(references)})


def parse_blocks(text: str) -> tuple[list[Token], dict[str, Reference]]:
    """Return the block tokens of `text` and the link references it defines."""
    env: dict[str, dict[str, Reference]] = {}
    tokens = _block_parser().parse(text, env)
    return tokens, env.get("references", {})


class Group(NamedTuple):
    """A block with what is inside it."""

    head: Token
    inner: Sequence[Token]

    @property
    def lines(self) -> tuple[int, int]:
        """First line and the line after the last."""
        first, last = self.head.map or (0, 0)
        return first, last


def groups(tokens: Sequence[Token]) -> Iterator[Group]:
    """Yield the outermost blocks of `tokens`."""
    start = depth = 0
    for index, token in enumerate(tokens):
        if depth == 0:
            start = index
        depth += token.nesting
        if depth == 0:
            yield Group(tokens[start], tokens[start + 1 : index])


_MARKER = re.compile(r" *(?:[-*+]|\d{1,9}[.)]) +")


def marker_of(line: str) -> str | None:
    """Return the list marker that `line` begins with, indentation included."""
    found = _MARKER.match(line)
    return None if found is None else found.group()
