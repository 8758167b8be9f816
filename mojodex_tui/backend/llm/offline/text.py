"""Sentences, words, and which sentences carry a text."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mojodex_tui.backend.llm.offline.lexicon import STOPWORDS, Language, word_list

# Tag names are case-sensitive and without attributes (wire protocol §11.1).
_PROTOCOL_TAG = re.compile(
    r"</?(?:execution|title|draft|summary|ask_user_primary_info|missing_[a-z0-9_]*|user_language"
    r"|message_to_user|message_header|message_body|task_pk|no_go_explanation"
    r"|ask_for_clarification|user_instruction)>"
)
_BULLET = re.compile(r"^\s*(?:[-*•–—·]\s*(?:\[[ xX]\]\s*)?|\d{1,2}[.)]\s+|#{1,6}\s+)")
_ABBREVIATION = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|M|Mme|Sr|Sra|No|Nr|vs|etc|approx|e\.g|i\.e|p\. ?ej|ej|ex|cf|[A-Z])\.$",
)
_END = re.compile(r"(?<=[.!?…])[\"»”')]*\s+(?=[\"«“'(¿¡]*[A-ZÀ-ÖØ-Þ0-9])")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_AMOUNT = re.compile(
    # Bounded repetitions: a page of digits must not cost its square.
    r"(?:[€$£]\s?\d[\d.,\u202f\u00a0]{0,20}(?:\s\d{3}){0,4}"
    r"|\b\d{1,15}(?:[.,\u202f\u00a0 ]\d{1,3}){0,5}\s?"
    r"(?:%|€|\$|£|(?:percent|pour\s+cent|por\s+ciento|euros?|dollars?|pounds?|k€|M€|EUR|USD)\b))"
)


@dataclass(frozen=True)
class Sentence:
    """One sentence of a text."""

    text: str
    item: bool = False
    """It stood alone as an item of a list."""
    line: int = 0


def without_tags(text: str) -> str:
    """Return `text` without the tags of the protocol, so that it can be put between them."""
    shorter = _PROTOCOL_TAG.sub("", text)
    while shorter != text:
        text, shorter = shorter, _PROTOCOL_TAG.sub("", shorter)
    return text


def sentences(text: str) -> tuple[Sentence, ...]:
    """Split `text` into sentences; a line break always ends one."""
    found: list[Sentence] = []
    for number, line in enumerate(text.splitlines()):
        bare = _BULLET.sub("", line).strip()
        parts = _split_line(bare)
        item = bare != line.strip() and not line.lstrip().startswith("#")
        found.extend(Sentence(part, item, number) for part in parts)
    return tuple(found)


def _split_line(line: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for gap in _END.finditer(line):
        if _ABBREVIATION.search(line[start : gap.start()]):
            continue
        parts.append(line[start : gap.start()].strip() + gap.group().strip())
        start = gap.end()
    parts.append(line[start:].strip())
    return [part for part in parts if _WORD.search(part) or any(c.isdigit() for c in part)]


def pieces_of_list(text: str) -> tuple[str, ...]:
    """Split what people write when they list things: lines, sentences, slashes, semicolons."""
    found: list[str] = []
    for sentence in sentences(text):
        found.extend(re.split(r"\s+/\s+|\s*;\s+", sentence.text))
    return tuple(piece.strip(" .;") for piece in found if piece.strip(" .;"))


def comma_parts(text: str, language: Language) -> tuple[str, ...]:
    """Split `text` also at commas and at the last "and", when its parts are short enough."""
    conjunction = {"en": "and", "fr": "et", "es": "y"}[language]
    found: list[str] = []
    for piece in pieces_of_list(text):
        parts = re.split(rf",\s+(?:{conjunction}\s+)?", piece)
        short = len(parts) > 1 and all(len(part.split()) <= 10 for part in parts)
        found.extend(parts if short else [piece])
    return tuple(part.strip(" .;") for part in found if part.strip(" .;"))


def words(text: str) -> list[str]:
    """Return the words of `text`, in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def folded(text: str) -> str:
    """Return `text` without accents and case, for comparing."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c))


def amounts(text: str) -> tuple[str, ...]:
    """Return the sums of money and percentages, each once."""
    return tuple(dict.fromkeys(match.strip(" .,") for match in _AMOUNT.findall(text)))


def stem(word: str) -> str:
    """Return what forms of one word share, roughly."""
    return folded(word)[:6].rstrip("s")


def content_words(text: str) -> list[str]:
    """Return the words that carry meaning, in lower case."""
    every = frozenset().union(*STOPWORDS.values())
    return [word for word in words(text) if len(word) > 3 and word not in every]


def capitalized(text: str) -> str:
    """Return `text` with its first letter as a capital, the rest untouched."""
    first = len(text) - len(text.lstrip("¿¡«“\"'("))
    return text[:first] + text[first : first + 1].upper() + text[first + 1 :]


def ended(text: str) -> str:
    """Return `text` as a sentence: a capital first, a mark of the end last."""
    text = capitalized(text.strip())
    return text if not text or text.rstrip('"”»)')[-1:] in {*".!?…:"} else f"{text}."


def shortened(text: str, limit: int) -> str:
    """Return the first words of `text`, at most `limit` of them, cut where a clause ends."""
    first = re.split(r"(?<=[^\d])[.!?;:](?:\s|$)|\s[–—/]\s|\n", text.strip(), maxsplit=1)[0]
    taken = first.split()
    if len(taken) > limit:
        head = " ".join(taken[:limit])
        clause = head.rsplit(",", 1)[0]
        taken = (clause if len(clause.split()) >= limit // 2 else head).split()
        while len(taken) > 1 and folded(taken[-1]).strip(",") in _NEVER_LAST:
            taken.pop()
    return " ".join(taken).strip(" ,.;:-–—\"'«»“”(")[:120]


_NEVER_LAST = frozenset(
    word_list(
        "a an the and or of to in on at by for with from our your their that we i is are will le "
        "la les un une des du de et ou a au aux en dans sur par pour avec que on nous el los las "
        "unos unas del y o al con por para que su se"
    )
)


def ranked(found: Sequence[str], limit: int) -> tuple[str, ...]:
    """Return the `limit` sentences that carry most of the text, in their order.

    A sentence weighs as much as its words are frequent in the whole text; the opening counts more,
    and so do figures. Of two that say the same, the second is dropped.
    """
    stems = [frozenset(stem(word) for word in content_words(sentence)) for sentence in found]
    frequency = Counter(one for group in stems for one in group)
    chosen: list[int] = []

    def weight(index: int) -> float:
        own = stems[index]
        if not own:
            return 0.0
        seen = frozenset[str]().union(*(stems[other] for other in chosen))
        news = sum(frequency[one] * (0.3 if one in seen else 1.0) for one in own)
        score: float = news / (len(own) + 4) ** 0.7
        if index == 0:
            score *= 1.4
        if any(character.isdigit() for character in found[index]):
            score *= 1.15
        if found[index].endswith("?"):
            score *= 0.6
        return score

    left = set(range(len(found)))
    while left and len(chosen) < limit:
        best = max(sorted(left), key=weight)
        left.discard(best)
        chosen.append(best)
    return tuple(found[index] for index in sorted(chosen))


def bullets(items: Iterable[str]) -> str:
    """Return the items as a Markdown list."""
    return "\n".join(f"- {item}" for item in items)


def numbered(items: Iterable[str]) -> str:
    """Return the items as a numbered Markdown list."""
    return "\n".join(f"{number}. {item}" for number, item in enumerate(items, start=1))
