"""A word that is spelled wrongly in a run, and put right everywhere."""

import re
from collections.abc import Iterable


def places(word: str, texts: Iterable[str]) -> int:
    """Return how often `word` stands in `texts` as a word of its own."""
    return sum(len(_pattern(word).findall(text)) for text in texts) if word else 0


def corrected(text: str, wrong: str, right: str) -> str:
    """Return `text` with `right` wherever `wrong` stood as a word of its own."""
    return _pattern(wrong).sub(lambda _: right, text) if wrong else text


def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
