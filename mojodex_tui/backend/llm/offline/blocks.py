"""A draft as blocks, so that it can be changed in places."""

import re
from dataclasses import dataclass

_ITEM = re.compile(r"\s*(?:[-*]|\d+\.)\s+")


@dataclass(frozen=True)
class Block:
    """A heading, a list, or a paragraph."""

    lines: tuple[str, ...]

    @property
    def heading(self) -> str | None:
        """The heading's words, if it is one."""
        match = re.fullmatch(r"#{1,6}\s+(.*)", self.lines[0])
        return match[1] if match and len(self.lines) == 1 else None

    @property
    def is_list(self) -> bool:
        """Whether it is a list; a line below an item belongs to the item."""
        return _ITEM.match(self.lines[0]) is not None

    @property
    def is_code(self) -> bool:
        """Whether it is a code block."""
        return self.lines[0].startswith("```")

    @property
    def text(self) -> str:
        """The block as it is written."""
        return "\n".join(self.lines)


def blocks(body: str) -> list[Block]:
    """Split `body` at blank lines and around headings; code stays whole."""
    found: list[Block] = []
    current: list[str] = []
    in_code = False

    def close() -> None:
        if current:
            found.append(Block(tuple(current)))
            current.clear()

    for line in body.splitlines():
        fence = line.startswith("```")
        if in_code or fence:
            if fence and not in_code:
                close()
            current.append(line)
            in_code = in_code != fence
            if fence and not in_code:
                close()
        elif not line.strip():
            close()
        elif re.match(r"#{1,6}\s", line):
            close()
            found.append(Block((line,)))
        else:
            current.append(line)
    close()
    return found


def body_of(found: list[Block]) -> str:
    """Return the blocks as one text, without headings over nothing; lists are counted anew."""
    kept = [
        block
        for block, following in zip(found, [*found[1:], None], strict=True)
        if block.heading is None or (following is not None and following.heading is None)
    ]
    return "\n\n".join(_counted(block).text for block in kept)


def _counted(block: Block) -> Block:
    if not re.match(r"\d+\.\s", block.lines[0]):
        return block
    number = 0
    lines: list[str] = []
    for line in block.lines:
        if re.match(r"\d+\.\s", line):
            number += 1
            lines.append(re.sub(r"^\d+", str(number), line))
        else:
            lines.append(line)
    return Block(tuple(lines))
