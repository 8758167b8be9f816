"""What a rejected result is to be instead, as far as rules can do it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mojodex_tui.backend.llm.offline.dates import NUMBER_WORDS
from mojodex_tui.backend.llm.offline.text import capitalized, sentences

_SHORTER = re.compile(
    r"\b(?:short(?:er)?|brief(?:er)?|plus\s+courte?s?|abr[èé]ge\w*|m[áa]s\s+cort[oa]s?|breve)\b",
    re.IGNORECASE,
)
_FEWER = re.compile(r"\b(?:fewer|less|moins|menos)\b", re.IGNORECASE)
_MORE = re.compile(r"\b(?:more|plus\s+de|davantage|m[áa]s(?!\s+cort))\b", re.IGNORECASE)
_ORDER = re.compile(
    r"\b(?:revers\w+|order|backwards|invers\w+|ordre|orden|inviert\w*)\b", re.IGNORECASE
)
_ADD = re.compile(
    r"\b(?:add|ajoute[rz]?|a[ñn]ad[ea]|agreg(?:a|ue))\s*:?\s+(?P<what>[^.;\n]+)", re.IGNORECASE
)
_WORDS = {word: number for word, number in NUMBER_WORDS.items() if number > 1}
"""Without `one`, which stands for a thing as often as for a number."""

_NUMBER = re.compile(rf"\b(?P<number>\d{{1,2}}|{'|'.join(_WORDS)})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Wishes:
    """What was asked for instead, in all rejections together."""

    shorter: bool = False
    change: int = 0
    """How many items more, or fewer."""
    exactly: int | None = None
    reverse: bool = False
    added: tuple[str, ...] = ()
    beyond: bool = False
    """Something was asked that rules cannot do."""

    def count(self, usual: int) -> int:
        """Return how many items there are to be, before those that are added."""
        return self.exactly if self.exactly is not None else usual + self.change

    def arranged(self, items: Sequence[str]) -> list[str]:
        """Return `items` in the order asked for, with those that are added."""
        ordered = list(reversed(items)) if self.reverse else list(items)
        return [*ordered, *self.added]

    def applied(self, lines: Sequence[str]) -> list[str]:
        """Return a text's lines as asked for."""
        done = list(lines)
        listed = [index for index, line in enumerate(done) if line.startswith("- ")]
        if self.reverse:
            turned = [done[index] for index in reversed(listed)]
            for index, line in zip(listed, turned, strict=True):
                done[index] = line
        if self.shorter or self.change < 0:
            done = _halved(done, listed)
        mark = "- " if listed else ""
        return [*done, *(f"{mark}{each}" for each in self.added)]


def wishes_of(instructions: Sequence[str]) -> Wishes:
    """Read what was asked for, the oldest first."""
    shorter = reverse = beyond = False
    change = 0
    exactly: int | None = None
    added: list[str] = []
    for said in instructions:
        new = [capitalized(match["what"].strip()) for match in _ADD.finditer(said)]
        rest = _ADD.sub("", said)
        number = _NUMBER.search(rest)
        fewer, more = _FEWER.search(rest), _MORE.search(rest)
        if number is not None and not (fewer or more):
            exactly, change = _number(number["number"]), 0
        elif fewer or more:
            by = _number(number["number"]) if number is not None else 1
            # A number that was given counts on from there.
            change += -by if fewer else by
            if exactly is not None:
                exactly, change = exactly + change, 0
        is_shorter, is_order = bool(_SHORTER.search(rest)), bool(_ORDER.search(rest))
        shorter, reverse = shorter or is_shorter, reverse or is_order
        added += new
        beyond = beyond or not (new or number or fewer or more or is_shorter or is_order)
    return Wishes(shorter, change, exactly, reverse, tuple(added), beyond)


def _number(said: str) -> int:
    return _WORDS.get(said.casefold()) or int(said)


def _halved(lines: list[str], listed: list[int]) -> list[str]:
    """Leave out the second half of the list, else of the lines, else of the sentences."""
    kind = listed if len(listed) > 1 else []
    kind = kind or [i for i, line in enumerate(lines) if line.strip() and not line.startswith("#")]
    if len(kind) > 1:
        dropped = {*kind[(len(kind) + 1) // 2 :]}
        return [line for index, line in enumerate(lines) if index not in dropped]
    shorter = list(lines)
    for index in kind:
        said = [one.text for one in sentences(lines[index])]
        if not lines[index].startswith("- "):
            shorter[index] = " ".join(said[: (len(said) + 1) // 2])
    return shorter
