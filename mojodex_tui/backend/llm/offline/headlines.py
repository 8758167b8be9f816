"""A few words that stand for many: headings, and what a text is to be about."""

import re
from collections.abc import Mapping

from mojodex_tui.backend.llm.offline.lexicon import Language, word_list
from mojodex_tui.backend.llm.offline.text import folded, shortened

_CLAUSE_END = re.compile(r"(?<=[^\d])[,.!?;:…](?:\s|$)|\s[–—/-]\s|\s*[\n(]")
BEGIN_A_PHRASE: Mapping[Language, frozenset[str]] = {
    "en": frozenset(
        word_list(
            "in on at to from of for with by as except because that which who whose when where "
            "while and or but so than into over under after before until since about through "
            "between without if"
        )
    ),
    "fr": frozenset(
        word_list(
            "de du des d à au aux en dans sur sous par pour avec que qui dont ou où et mais comme "
            "car sauf depuis après avant pendant sans vers chez entre parce quand si"
        )
    ),
    "es": frozenset(
        word_list(
            "de del a al en con por para que quien cuyo donde y e o u pero como sin desde hasta "
            "tras antes sobre porque cuando entre según si"
        )
    ),
}
"""Words that begin a phrase: before them another one can be cut off."""

_GO_ON_FROM_A_NUMBER = frozenset(word_list("to and à et a y hasta"))
"""Words after which a range is whole only: "from 7 to 9"."""

_ORDER = re.compile(
    r".{0,60}?\b(?:poems?|poèmes?|poemas?|rhymes?|rimes?|rimas?|stanzas?|strophes?|estrofas?|odes?"
    r"|something\s+\w+|quelque\s+chose\s+d(?:e\s+|['’])\w+|algo\s+\w+)\s+"
    r"(?:about|on|of|for|to|sur|pour|à\s+propos\s+d(?:e\s+|u\s+|['’])|de|sobre|para|acerca\s+de)\s+",
    re.IGNORECASE,
)
_TOLD_OF_IT = re.compile(
    r"\s+(?:who|whom|whose|which|that|because|when|where|and\s+(?:he|she|it|they|we|i)"
    r"|qui|que|dont|parce|car|quand|où|et\s+(?:ils?|elles?|on|nous|je)"
    r"|quien|cuyo|porque|cuando|donde|y\s+(?:él|ella|ellos|ellas|nunca|siempre))\b.*",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_SUBJECT = 6


def headline(text: str, limit: int, language: Language) -> str:
    """Return the first words of `text`, at most `limit`, cut where a phrase ends."""
    taken = (_CLAUSE_END.split(text.strip(), maxsplit=1)[0] or text).split()
    if len(taken) > limit:
        ends = [place for place in range(2, limit + 1) if _ends_before(taken, place, language)]
        taken = taken[: ends[-1] if ends else limit]
    return shortened(" ".join(taken), limit)


def subject(wish: str, language: Language) -> str:
    """Return what a poem is to be about, in a few words, of what its user wished for."""
    asked = _ORDER.sub("", wish.strip(), count=1).strip() or wish.strip()
    first = _CLAUSE_END.split(asked, maxsplit=1)[0]
    return headline(_TOLD_OF_IT.sub("", first) or asked, _LONGEST_SUBJECT, language)


def _ends_before(words: list[str], place: int, language: Language) -> bool:
    """Whether a phrase ends before a word."""
    following, last = folded(words[place]), words[place - 1]
    bare = re.split(r"['’]", following)[0]
    begins = {folded(word) for word in BEGIN_A_PHRASE[language]}
    if last[-1:].isdigit() and following in {folded(word) for word in _GO_ON_FROM_A_NUMBER}:
        return False
    return bare in begins and folded(last) not in begins
