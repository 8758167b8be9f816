"""How two texts differ: line by line, and within changed lines word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

_WORD = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
"""What is compared inside a change: words, spaces, signs, ends of lines."""

_MANY_LINES = 2_000
"""Lines from which those that stand in a text very often are no landmarks."""

_MOST_PAIRS = 1_000_000
"""Words, or lines, of one side times those of the other up to which each is compared with each."""


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
    parts: list[Part] = []
    shared: list[str] = []
    for i1, i2, j1, j2 in _different(before, after):
        head, tail = _shared_ends(before[i1:i2], after[j1:j2])
        shared.extend(before[i1 : i1 + head])
        old_lines, new_lines = before[i1 + head : i2 - tail], after[j1 + head : j2 - tail]
        if old_lines or new_lines:
            if shared:
                parts.append(Same(tuple(shared)))
            shared = []
            parts.append(_change(old_lines, new_lines))
        shared.extend(before[i2 - tail : i2])
    if shared:
        parts.append(Same(tuple(shared)))
    return Comparison(tuple(parts))


def _different(before: list[str], after: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the stretches of both texts that belong together, shared ones whole."""
    matcher = difflib.SequenceMatcher(
        None, _landmarks(before), _landmarks(after), autojunk=len(before) > _MANY_LINES
    )
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        if what == "equal" or (i2 - i1) * (j2 - j1) > _MOST_PAIRS:
            yield i1, i2, j1, j2
            continue
        within = difflib.SequenceMatcher(None, before[i1:i2], after[j1:j2], autojunk=False)
        for _, k1, k2, m1, m2 in within.get_opcodes():
            yield i1 + k1, i1 + k2, j1 + m1, j1 + m2


def _landmarks(lines: list[str]) -> list[tuple[str, str]]:
    """Return what lines are known by: blank ones, which are all alike, by the line before them.

    Paired each with each, the blank lines of a long text alone would take minutes.
    """
    marks: list[tuple[str, str]] = []
    before = ""
    for line in lines:
        if line.strip():
            before = line
            marks.append((line, ""))
        else:
            marks.append((line, before))
    return marks


def _shared_ends(old: list[str], new: list[str]) -> tuple[int, int]:
    """Return how many lines both begin with, and how many both end with after those."""
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    rest = range(1, most - head + 1)
    tail = next((at - 1 for at in rest if old[-at] != new[-at]), most - head)
    return head, tail


def patch(old: str, new: str, old_name: str, new_name: str) -> str:
    """Return the difference as a unified patch, as `diff -u` writes it."""
    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), old_name, new_name, lineterm="")
    return "\n".join(lines)


def _change(old: list[str], new: list[str]) -> Change:
    before, after = _WORD.findall("\n".join(old)), _WORD.findall("\n".join(new))
    head, tail = _shared_ends(before, after)
    first, last = before[head : len(before) - tail], after[head : len(after) - tail]
    if not old or not new or len(first) * len(last) > _MOST_PAIRS:
        return Change(tuple(map(_whole, old)), tuple(map(_whole, new)))
    shared = Span("".join(before[:head])), Span("".join(before[len(before) - tail :]))
    old_pieces, new_pieces = [shared[0]], [shared[0]]
    matcher = difflib.SequenceMatcher(None, first, last, autojunk=False)
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        changed = what != "equal"
        old_pieces.append(Span("".join(first[i1:i2]), changed))
        new_pieces.append(Span("".join(last[j1:j2]), changed))
    return Change(_lines([*old_pieces, shared[1]]), _lines([*new_pieces, shared[1]]))


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
