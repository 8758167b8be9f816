"""Cuts a growing text into finished blocks and an open rest that stays small."""

import re
from collections.abc import Sequence
from dataclasses import replace

from mojodex_tui.ui.markdown.blocks import Block
from mojodex_tui.ui.markdown.parser import CONTINUED, Group, groups, marker_of, parse_blocks

MOST_LINES = 32
MOST_CHARACTERS = 2_000

_SENTENCE_END = re.compile(r"[.!?…][\"')\]]*\s+|\n|[。！？]")

_Place = tuple[int, str, str]
"""Where to cut, the lines that open the rest again, the indentation it then needs."""


class Cutter:
    """Finishes a block when what follows can no longer change it.

    Markdown's block rules read a line at a time and never return to a closed block: all
    blocks before one that has certainly begun are finished. A block without end is cut
    inside, and goes on under the line that opened it.
    """

    def __init__(self) -> None:
        self.finished: list[Block] = []
        self._rest = ""
        self._opener = ""
        self._lead = 0
        self._line = 0

    def append(self, text: str) -> list[Block]:
        """Take more clean `text`; return the blocks that are still open."""
        self._rest += text
        open_blocks = self._finish_closed()
        while open_blocks and self._too_long(open_blocks[-1].source) and self._cut_inside():
            open_blocks = self._finish_closed()
        return open_blocks

    @staticmethod
    def _too_long(source: str) -> bool:
        return len(source) > MOST_CHARACTERS or source.count("\n") > MOST_LINES

    def _groups(self) -> list[Group]:
        opened = f"{self._opener}\n" if self._opener else ""
        return list(groups(parse_blocks(opened + self._rest)[0]))

    def _finish_closed(self) -> list[Block]:
        lines = self._rest.split("\n")
        above = self._opener.count("\n") + 1 if self._opener else 0
        spans = [
            (max(0, group.lines[0] - above), group.lines[1] - above) for group in self._groups()
        ]
        blocks = [
            Block("\n".join(lines[first:last]).rstrip("\n"), lead=1, line=self._line + first)
            for first, last in spans
        ]
        if not blocks:
            return []
        blocks[0] = replace(blocks[0], opener=self._opener, lead=self._lead)
        begun = [
            index for index, (first, _) in enumerate(spans) if index and _has_begun(lines, first)
        ]
        if not begun:
            return blocks
        kept = begun[-1]
        self.finished += blocks[:kept]
        self._rest = "\n".join(lines[spans[kept][0] :])
        self._line += spans[kept][0]
        self._opener, self._lead = "", 1
        return blocks[kept:]

    def _cut_inside(self) -> bool:
        """Finish what can be of the only block left too long; say whether any could."""
        opened = f"{self._opener}\n" if self._opener else ""
        text = opened + self._rest
        above = opened.count("\n")
        place = _place_to_cut(text, self._groups(), above)
        if place is None:
            return False
        cut, opener, indent = place
        cut -= len(opened)
        head = self._rest[:cut]
        if cut <= 0 or not head.strip():
            return False
        code = _is_fence(opener)
        self.finished.append(
            Block(
                head.removesuffix("\n") if code else head.rstrip("\n"),
                lead=self._lead,
                opener=self._opener,
                closes=False,
                line=self._line,
            )
        )
        self._line += head.count("\n")
        self._lead = 1 if head.endswith("\n\n") and not code else 0
        self._rest = indent + self._rest[cut:]
        self._opener = opener
        return True


def _has_begun(lines: Sequence[str], first: int) -> bool:
    """Whether no text to come can undo that a block begins at line `first`."""
    complete = len(lines) - 1
    if first + 1 < complete:
        return True
    # The usual paragraph is one long line: a letter after a blank line is certain at once.
    return first > 0 and not lines[first - 1].strip() and lines[first][:1].isalpha()


def _is_fence(opener: str) -> bool:
    return opener.rpartition("\n")[2].lstrip().startswith(("```", "~~~"))


def _place_to_cut(text: str, found: Sequence[Group], above: int) -> _Place | None:
    """Find where to cut the last block.

    Args:
        text: The open text, under the lines that opened it.
        found: The blocks of `text`.
        above: How many lines opened it.

    Returns:
        The offset in `text`, the lines that open the rest again, and the indentation its
        first line needs; or none where there is no good place.
    """
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    group = found[-1]
    opener: list[str] = []
    best: int | None = None
    best_opener: list[str] = []
    while group.head.type in {"bullet_list_open", "ordered_list_open"}:
        item = list(groups(group.inner))[-1]
        first = item.lines[0]
        marker = marker_of(lines[first])
        children = list(groups(item.inner))
        if marker is None or not children:
            break
        if first > above:
            best, best_opener = first, list(opener)
        opener.append(marker + CONTINUED)
        group = children[-1]
    else:
        inside = _place_in_leaf(lines, starts, group, opener, above)
        item_is_late = best is not None and starts[best] * 2 > len(text)
        if inside is not None and not item_is_late:
            return inside
    if best is None:
        return None
    return starts[best], "\n".join(best_opener), ""


def _place_in_leaf(
    lines: Sequence[str], starts: Sequence[int], group: Group, opener: Sequence[str], above: int
) -> _Place | None:
    first, _ = group.lines
    last_complete = len(lines) - 1
    indent = " " * len(opener[-1].removesuffix(CONTINUED)) if opener else ""
    match group.head.type:
        case "fence" if marker_of(lines[first]) is None:
            return _after_lines(starts, first + 1, last_complete, [*opener, lines[first]])
        case "table_open":
            head = [*opener, *lines[first : first + 2]]
            return _after_lines(starts, first + 2, last_complete, head)
        case "blockquote_open" | "code_block":
            return _after_lines(starts, first, last_complete, opener)
        case "paragraph_open":
            text = "\n".join(lines)
            end = _last_sentence_end(text, starts[max(first, above)])
            return None if end is None else (end, "\n".join(opener), indent)
    return None


def _after_lines(
    starts: Sequence[int], body: int, last_complete: int, opener: Sequence[str]
) -> _Place | None:
    if last_complete - 1 <= body:
        return None
    return starts[last_complete - 1], "\n".join(opener), ""


def _last_sentence_end(text: str, begin: int) -> int | None:
    """Return the end of the last whole sentence, or of the last word of one without end."""
    ends = [found.end() for found in _SENTENCE_END.finditer(text, begin) if found.end() < len(text)]
    if ends and (ends[-1] - begin) * 2 > len(text) - begin:
        return ends[-1]
    space = text.rfind(" ", begin, len(text) - 1)
    return space + 1 if space > begin else None
