"""Blocks: the pieces a text is cut into, each rendered once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from mojodex_tui.ui.markdown.parser import Reference, groups, parse_blocks

_SLAB = 400
"""Lines read at a time: the tokens of a long text would take many times its memory."""


@dataclass(frozen=True)
class Block:
    """A piece of Markdown that is drawn by itself."""

    source: str
    lead: int = 0
    """Blank rows above it."""
    opener: str = ""
    """What the block it was cut from began with; read with it and not drawn."""
    closes: bool = True
    """Whether it ends what it is part of: a code block, a table."""
    line: int = field(default=0, compare=False)
    """Its first line in the whole text."""

    @property
    def text(self) -> str:
        """What has to be parsed to draw it."""
        return f"{self.opener}\n{self.source}" if self.opener else self.source


def split(text: str, slab: int = _SLAB) -> tuple[list[Block], dict[str, Reference]]:
    """Return the blocks of a finished, clean `text` and the references it defines.

    Args:
        text: All of the text.
        slab: How many lines to read at a time; what is found does not depend on it.
    """
    lines = text.split("\n")
    blocks: list[Block] = []
    references: dict[str, Reference] = {}
    start, size = 0, slab
    while start < len(lines):
        part = lines[start : start + size]
        tokens, found = parse_blocks("\n".join(part))
        references = {**found, **references}
        spans = [group.lines for group in groups(tokens)]
        if start + size >= len(lines):
            kept, following = len(spans), len(lines)
        else:
            kept = _closed(spans, len(part))
            if not kept:
                size *= 2
                continue
            following = start + spans[kept][0]
        for first, last in spans[:kept]:
            source = "\n".join(part[first:last]).rstrip("\n")
            blocks.append(Block(source, lead=1 if blocks else 0, line=start + first))
        start, size = following, slab
    return blocks, references


def _closed(spans: Sequence[tuple[int, int]], lines: int) -> int:
    """Return how many blocks no line after the first `lines` can change."""
    return max((index for index, (first, _) in enumerate(spans) if first + 1 < lines), default=0)
