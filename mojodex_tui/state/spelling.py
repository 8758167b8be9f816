"""A word that is spelled wrongly in a run, and put right everywhere."""

from collections.abc import Iterable

from mojodex_tui.wire.spelling import as_word
from mojodex_tui.wire.spelling import corrected as corrected


def places(word: str, texts: Iterable[str]) -> int:
    """Return how often `word` stands in `texts` as a word of its own."""
    return sum(len(as_word(word).findall(text)) for text in texts) if word else 0
