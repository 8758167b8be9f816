"""Markdown as it is typed: what stands out in a line of it."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple

Role = Literal["heading", "mark", "code", "strong", "emphasis", "quote", "link"]


class Span(NamedTuple):
    """A part of a line that stands out."""

    start: int
    end: int
    role: Role


_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING: Final = re.compile(r" {0,3}#{1,6}(?:\s.*)?$")
_QUOTE: Final = re.compile(r" {0,3}>.*$")
_RULE: Final = re.compile(r" {0,3}([-*_])(?:\s*\1){2,}\s*$")
_ITEM: Final = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?=\s)(?:\s+\[[ xX]\](?=\s))?")
_INLINE: Final = re.compile(
    r"\\."  # what is escaped stands for itself
    r"|(?P<code>(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<strong>(?P<two>\*\*|__)(?=\S).+?(?<=\S)(?P=two))"
    r"|(?P<emphasis>(?<![\w*])\*(?=[^\s*]).+?(?<=[^\s*])\*(?!\*)"
    r"|(?<!\w)_(?=[^\s_]).+?(?<=[^\s_])_(?!\w))"
    r"|(?P<link>!?\[[^\]]*\]\([^)]*\)|<https?://[^>\s]+>)"
)
_INLINE_ROLES: Final[tuple[Role, ...]] = ("code", "strong", "emphasis", "link")


def in_code(lines: Iterable[str]) -> list[bool]:
    """Return, for each line, whether it belongs to a fenced block of code, its fences included."""
    belongs = []
    fence = ""
    for line in lines:
        found = _FENCE.match(line)
        mark = found[1] if found is not None else ""
        belongs.append(bool(fence or mark))
        if not fence:
            fence = mark
        elif mark.startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
    return belongs


def spans(line: str) -> Iterator[Span]:
    """Yield what stands out in a line that is not within a block of code."""
    if _HEADING.match(line):
        yield Span(0, len(line), "heading")
        return
    if _RULE.match(line):
        yield Span(0, len(line), "mark")
        return
    if _QUOTE.match(line):
        yield Span(0, len(line), "quote")
    elif item := _ITEM.match(line):
        yield Span(0, item.end(), "mark")
    for found in _INLINE.finditer(line):
        for role in _INLINE_ROLES:
            if found[role] is not None:
                yield Span(found.start(), found.end(), role)
