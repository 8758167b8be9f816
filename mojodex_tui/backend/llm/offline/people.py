"""Who is in a text: names given in a list, by speaking, or by doing something."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from mojodex_tui.backend.llm.offline.dates import find_dates
from mojodex_tui.backend.llm.offline.lexicon import (
    GRAMMARS,
    HEADINGS,
    STOPWORDS,
    Language,
    word_list,
)
from mojodex_tui.backend.llm.offline.text import Sentence, folded

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+(?:[-'’][A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]+)*"
NAME = rf"{_CAPITAL}(?:\s{_CAPITAL})?"
"""One or two words with capitals; in all capitals it would be a company."""

_SPEAKER = re.compile(rf"(?P<name>{NAME})\s*:\s+(?P<said>\S.*)")
_LABEL = re.compile(r"(?P<label>[^:]{2,30}?)\s*:\s*(?P<rest>.*)")
_ANY_DAY = date(2026, 1, 1)
_ITSELF = frozenset({"me", "myself", "i", "moi", "moi-même", "je", "yo", "mí", "yo mismo"})
_SPEAKS = re.compile(r"(?:I\b|I['’]|we\b|je\b|j['’]|on\b|nous\b|yo\b|nosotros\b)", re.IGNORECASE)
_WITH = re.compile(rf"\b(?:[Ww]ith|[Aa]vec|[Cc]on|@)\s*(?P<name>{NAME})")
_PAIR = re.compile(rf"(?P<name>{NAME})\s+(?:and|et|y|e|&)\s+(?P<other>{NAME})\b")
_NO_NAMES = frozenset(word for words in STOPWORDS.values() for word in words) | frozenset(
    word_list(
        "they she he it everybody everyone somebody someone nobody action decision note question "
        "please thanks hello hi dear bonjour merci tout hola gracias todo team équipe equipo"
    )
)


def split_label(text: str) -> tuple[str | None, str]:
    """Return the kind of label `text` begins with, such as "actions", and what follows it."""
    match = _LABEL.fullmatch(text.strip())
    label = match["label"] if match else text.strip().rstrip(":")
    for kind, pattern in HEADINGS.items():
        if pattern.fullmatch(label.strip()):
            return kind, match["rest"] if match else ""
    return None, text


def names_in_list(text: str, user_name: str) -> tuple[str, ...]:
    """Return the names of "Ana, Luc and me"; the user stands for "me"."""
    found: list[str] = []
    for part in re.split(r"[,;]|\s(?:and|et|y|e|&|\+)\s", re.sub(r"\([^)]*\)", "", text)):
        name = part.strip(" .")
        name = re.sub(r"^(?:and|et|y)\s+", "", name)
        if name.lower() in _ITSELF:
            found.append(user_name)
        elif name[:1].isupper() and len(name.split()) <= 4:
            found.append(name)
    return tuple(dict.fromkeys(name for name in found if name))


def split_speaker(text: str, people: Iterable[str]) -> tuple[str | None, str]:
    """Return who speaks in "Ana: I call them", if it is one of `people`, and what is said."""
    match = _SPEAKER.fullmatch(text)
    if match is not None and match["name"] in people:
        return match["name"], match["said"]
    return None, text


def find_people(found: Sequence[Sentence], language: Language, user_name: str) -> tuple[str, ...]:
    """Return the names in the text, in the order in which they appear."""
    subject = re.compile(
        rf"(?:^|[,;.:–-]\s*|\b(?:and|et|y|then|puis|that|que|luego)\s+)(?P<name>{NAME})"
        rf"(?i:{GRAMMARS[language].named})"
    )
    names: list[str] = []
    in_list = False
    for sentence in found:
        kind, rest = split_label(sentence.text)
        if kind == "people" or (in_list and sentence.item):
            in_list = in_list or not rest
            names.extend(names_in_list(rest, user_name))
            continue
        in_list = False
        names.extend(match["name"] for match in subject.finditer(sentence.text))
        names.extend(match["name"] for match in _WITH.finditer(sentence.text))
        match = _SPEAKER.fullmatch(sentence.text)
        if match is not None and _SPEAKS.match(match["said"]):
            names.append(match["name"])
    names.extend(_regular_speakers(found))
    names = _with_their_partners(names, found)
    kept = [name for name in dict.fromkeys(names) if name == user_name or _is_name(name)]
    return tuple(name for name in kept if not _is_part(name, kept))


def _with_their_partners(names: Sequence[str], found: Sequence[Sentence]) -> list[str]:
    """Put before the names who begins a sentence together with one of them: "Ana and Luc met"."""
    pairs = (_PAIR.match(sentence.text) for sentence in found)
    return [*(pair["name"] for pair in pairs if pair and pair["other"] in names), *names]


def _regular_speakers(found: Sequence[Sentence]) -> list[str]:
    speakers = Counter(
        match["name"] for one in found if (match := _SPEAKER.fullmatch(one.text)) is not None
    )
    return [name for name, times in speakers.items() if times >= 2]


def with_first_names(people: Sequence[str]) -> tuple[str, ...]:
    """Return the names, and the first names by which those with more are called in a text."""
    first = Counter(name.split()[0] for name in people)
    called = (name.split()[0] for name in people)
    return tuple(dict.fromkeys((*people, *(name for name in called if first[name] == 1))))


def _is_part(name: str, names: Sequence[str]) -> bool:
    """Return whether `name` is the first name of somebody else on the list."""
    return any(other.startswith(f"{name} ") for other in names)


def _is_name(name: str) -> bool:
    first = folded(name.split()[0])
    if first in _NO_NAMES or name.lower().split()[0] in _NO_NAMES:
        return False
    if split_label(name)[0] is not None:
        return False
    some_day = find_dates(name, _ANY_DAY, "en") or find_dates(f"1 {name}", _ANY_DAY, "en")
    return not some_day
