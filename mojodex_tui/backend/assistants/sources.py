"""Which of the user's own sentences a To-Do came from."""

from collections.abc import Iterator

from mojodex_tui.backend.domain.todos import ExtractionBrief
from mojodex_tui.backend.llm.offline.text import content_words, sentences, stem

_ENOUGH = 0.5
"""The share of a To-Do's words that its sentence holds at least."""


def source_of(description: str, brief: ExtractionBrief) -> str | None:
    """Return the sentence of the inputs and messages that is closest; `None` if none is close."""
    wanted = {stem(word) for word in content_words(description)}
    if not wanted:
        return None
    nearest = max(
        _said(brief),
        key=lambda sentence: len(wanted & {stem(word) for word in content_words(sentence)}),
        default="",
    )
    shared = wanted & {stem(word) for word in content_words(nearest)}
    return nearest if len(shared) / len(wanted) >= _ENOUGH else None


def _said(brief: ExtractionBrief) -> Iterator[str]:
    texts = [given.value for given in brief.inputs if isinstance(given.value, str)]
    texts += [turn.text for turn in brief.conversation if turn.speaker == "user"]
    for text in texts:
        for sentence in sentences(text):
            yield sentence.text
