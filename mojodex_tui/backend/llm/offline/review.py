"""The talk about a rejected step, by rules: what the user says is the instruction."""

from typing import Final

from mojodex_tui.backend.domain.briefs import ReviewBrief

_FEWEST_LETTERS: Final = 4
"""A `no` or a `?` is no instruction yet."""

_ASK: Final = {
    "en": "What should be different? For example: shorter, only three, other order, add a word.",
    "fr": "Que faut-il changer ? Par exemple : plus court, seulement trois, un autre ordre.",
    "es": "¿Qué debe cambiar? Por ejemplo: más corto, solo tres, otro orden.",
}


def review(brief: ReviewBrief) -> str:
    """Return the answer to what the user said of a result, in its tag (wire protocol §6.6)."""
    said = [turn.text for turn in brief.conversation if turn.speaker == "user"]
    instruction = said[-1].strip() if said else ""
    if sum(letter.isalnum() for letter in instruction) < _FEWEST_LETTERS:
        question = _ASK.get(brief.language, _ASK["en"])
        return f"<ask_for_clarification>{question}</ask_for_clarification>"
    # The instruction stands inside a tag: what it holds of its own must not end it.
    inert = instruction.replace("<", "‹").replace(">", "›")
    return f"<user_instruction>{inert}</user_instruction>"
