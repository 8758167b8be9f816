"""A long text in chapters: cut where a paragraph ends, each under its weightiest words."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from mojodex_tui.backend.llm.offline.actions import is_question
from mojodex_tui.backend.llm.offline.headlines import BEGIN_A_PHRASE, headline
from mojodex_tui.backend.llm.offline.lexicon import Language, word_list
from mojodex_tui.backend.llm.offline.text import capitalized, ended, ranked, sentences, words

_SPEAKER = re.compile(r"(?P<name>[^\W\d_][^:.!?]{0,30}):\s+(?=\S)")
_SENTENCES = 4
"""Of a chapter, at least."""

_MOST_CHAPTERS = 8
_LONGEST_TITLE = 8
_FEWEST_WORDS = 3

_OPENING = re.compile(
    r"^(?:(?:and|so|but|then|now|well|oh|um|yes|no|since\s+then|after\s+that|et|alors|mais|puis|donc"
    r"|eh\s+bien|oui|non|y|entonces|pero|luego|bueno|sí|pues)\b[\s,]*)+",
    re.IGNORECASE,
)
"""What ties a sentence to the one before it."""

_POINTS_BACK = frozenset(
    word_list(
        "they he she it this that these those there i il ils elle elles ce cela ça c'est je "
        "él ella ellos ellas eso esto"
    )
)


@dataclass(frozen=True)
class Paragraph:
    """Sentences that belong together."""

    said: tuple[str, ...]
    item: bool = False
    """They are an item of a list."""
    speaker: str | None = None

    @property
    def text(self) -> str:
        """As Markdown."""
        whole = " ".join(map(ended, self.said))
        named = f"**{self.speaker}:** {whole}" if self.speaker else whole
        return f"- {named}" if self.item else named


def paragraphs(text: str) -> list[Paragraph]:
    """Return the lines of `text` that say something; who speaks is told apart."""
    found = [
        Paragraph(tuple(one.text for one in group), item=first.item)
        for _, (first, *rest) in groupby(sentences(text), key=lambda one: one.line)
        for group in [(first, *rest)]
    ]
    heads = [_SPEAKER.match(each.said[0]) for each in found]
    times = Counter(head["name"] for head in heads if head is not None)
    return [
        replace(each, said=(each.said[0][head.end() :], *each.said[1:]), speaker=head["name"])
        if head is not None and times[head["name"]] > 1
        else each
        for each, head in zip(found, heads, strict=True)
    ]


def usual_count(text: str) -> int:
    """Return into how many chapters `text` is best cut."""
    return min(max(len(sentences(text)) // _SENTENCES, 1), _MOST_CHAPTERS)


def cut(text: str, count: int) -> list[list[Paragraph]]:
    """Return `text` in at most `count` parts of nearly the same length.

    They begin with a paragraph, unless there are too few.
    """
    whole = paragraphs(text)
    if len(whole) < count:
        whole = [replace(each, said=(one,)) for each in whole for one in each.said]
    total = sum(len(each.said) for each in whole)
    parts: list[list[Paragraph]] = []
    before = 0
    for each in whole:
        # Its middle says to which part it belongs.
        place = int((before + len(each.said) / 2) * count / max(total, 1))
        before += len(each.said)
        if not parts or place >= len(parts):
            asked = parts[-1].pop() if parts and _asks(parts[-1]) else None
            parts.append([] if asked is None else [asked])
        parts[-1].append(each)
    return parts


def _asks(part: Sequence[Paragraph]) -> bool:
    """Whether a part ends with a question of one speaker to another, who answers in the next."""
    return len(part) > 1 and part[-1].speaker is not None and is_question(part[-1].said[-1])


def title(part: Sequence[Paragraph], language: Language) -> str:
    """Return a heading for a part."""
    said = [_OPENING.sub("", one) for each in part for one in each.said]
    heads = {one: headline(one, _LONGEST_TITLE, language) for one in said}
    telling = [one for one in said if _tells(heads[one], language)]
    (weightiest,) = ranked(telling or said, 1) or said[:1]
    return capitalized(heads[weightiest])


def _tells(head: str, language: Language) -> bool:
    """Whether a heading can be understood without what stands around it."""
    found = words(head)
    if len(found) < _FEWEST_WORDS:
        return False
    return found[0] not in _POINTS_BACK and found[0] not in BEGIN_A_PHRASE[language]


def as_markdown(part: Sequence[Paragraph]) -> list[str]:
    """Return the lines of a part; items of a list stand together."""
    lines: list[str] = []
    for before, each in zip([None, *part], part, strict=False):
        if before is not None and not (before.item and each.item):
            lines.append("")
        lines.append(each.text)
    return lines
