"""How two texts differ: line by line, and within changed lines word by word."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TypeAlias

_WORD = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
"""What is compared inside a change: words, spaces, signs, ends of lines."""

_MOST_PAIRS = 4_000_000
"""Words of one side times words of the other up to which they are compared one by one."""


@dataclass(frozen=True)
class Span:
    """A piece of a line."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True)
class Line:
    """A line of a change, in pieces."""

    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """All of the line."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True)
class Same:
    """Lines that both texts have."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """Lines of the old text that are other lines, or none, in the new one."""

    old: tuple[Line, ...]
    new: tuple[Line, ...]


Part: TypeAlias = Same | Change


@dataclass(frozen=True)
class Comparison:
    """Two texts, in the parts they share and those they do not."""

    parts: tuple[Part, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """The parts that differ, in order."""
        return tuple(part for part in self.parts if isinstance(part, Change))

    @property
    def added(self) -> int:
        """How many lines only the new text has."""
        return sum(len(change.new) for change in self.changes)

    @property
    def removed(self) -> int:
        """How many lines only the old text has."""
        return sum(len(change.old) for change in self.changes)

    def without(self, place: int) -> str:
        """Return the new text with one change taken back.

        Args:
            place: The change's place among the changes, from 0.
        """
        lines: list[str] = []
        change = -1
        for part in self.parts:
            if isinstance(part, Same):
                lines.extend(part.lines)
                continue
            change += 1
            lines.extend(line.text for line in (part.old if change == place else part.new))
        return "\n".join(lines)


def compare(old: str, new: str) -> Comparison:
    """Return how `new` differs from `old`."""
    before, after = old.split("\n"), new.split("\n")
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    parts: list[Part] = []
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        if what == "equal":
            parts.append(Same(tuple(before[i1:i2])))
        else:
            parts.append(_change(before[i1:i2], after[j1:j2]))
    return Comparison(tuple(parts))


def patch(old: str, new: str, old_name: str, new_name: str) -> str:
    """Return the difference as a unified patch, as `diff -u` writes it."""
    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), old_name, new_name, lineterm="")
    return "\n".join(lines)


def _change(old: list[str], new: list[str]) -> Change:
    before, after = _WORD.findall("\n".join(old)), _WORD.findall("\n".join(new))
    if not old or not new or len(before) * len(after) > _MOST_PAIRS:
        return Change(tuple(map(_whole, old)), tuple(map(_whole, new)))
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    old_pieces: list[Span] = []
    new_pieces: list[Span] = []
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        changed = what != "equal"
        old_pieces.append(Span("".join(before[i1:i2]), changed))
        new_pieces.append(Span("".join(after[j1:j2]), changed))
    return Change(_lines(old_pieces), _lines(new_pieces))


def _whole(line: str) -> Line:
    return Line((Span(line, is_changed=True),))


def _lines(pieces: list[Span]) -> tuple[Line, ...]:
    """Return pieces that hold ends of lines as lines."""
    lines: list[list[Span]] = [[]]
    for piece in pieces:
        first, *others = piece.text.split("\n")
        for place, text in enumerate([first, *others]):
            if place:
                lines.append([])
            if text:
                lines[-1].append(Span(text, piece.is_changed))
    return tuple(Line(tuple(line)) for line in lines)
