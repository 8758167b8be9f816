"""The talk about a result: what was asked for, and which of three answers it had (ux: instruct)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from mojodex_tui.wire.events import ErrorReported, MojoMessage, StepInvalidated
from mojodex_tui.wire.messages import MessageRow, Sender
from mojodex_tui.wire.stray_tags import without_stray_tags

if TYPE_CHECKING:
    from mojodex_tui.wire.heard import LiveEvent

_NO_GO: Final = "no_go_explanation"
"""The tag of an answer that says why nothing can be changed (wire protocol §6.6)."""


class Outcome(Enum):
    """How an instruction was answered."""

    SENT = auto()
    """Not yet."""
    AGAIN = auto()
    """The step runs again with it."""
    UNCLEAR = auto()
    """The assistant asks what is meant; the next line answers."""
    CANNOT = auto()
    """An earlier step would have to change."""
    FAILED = auto()


@dataclass(frozen=True)
class Review:
    """An instruction and its answer."""

    instruction: str
    outcome: Outcome = Outcome.SENT
    answer: str = ""

    @property
    def sentence(self) -> str:
        """What to show of it."""
        match self.outcome:
            case Outcome.SENT:
                return f"Sent: “{self.instruction}”. The assistant reads it…"
            case Outcome.AGAIN:
                return f"Running again with: “{self.instruction}”"
            case Outcome.UNCLEAR:
                return f"It needs a clearer instruction: {self.answer}"
            case Outcome.CANNOT:
                return f"This cannot be changed here: {self.answer} D runs it with other inputs."
            case Outcome.FAILED:
                return f"The instruction was not understood: {self.answer}"


def apply(review: Review | None, event: LiveEvent) -> Review | None:
    """Return the talk after `event`."""
    if review is None or review.outcome is Outcome.AGAIN:
        return review
    match event:
        case StepInvalidated():
            return replace(review, outcome=Outcome.AGAIN, answer="")
        case MojoMessage(text=text) if text:
            return _answered(review, text, event.text_with_tags)
        case ErrorReported(error=error):
            return replace(review, outcome=Outcome.FAILED, answer=error)
        case _:
            return review


def review_in(rows: tuple[MessageRow, ...]) -> Review | None:
    """Return the talk that a session's last messages are about, if they are one.

    Args:
        rows: The session's newest messages, the oldest first.
    """
    said = [row for row in rows if row.message.text and row.sender in {Sender.USER, Sender.MOJO}]
    asked = next((at for at, row in reversed(list(enumerate(said))) if row.sender == "user"), None)
    if asked is None:
        return None
    review = Review(said[asked].message.text or "")
    for row in said[asked + 1 :]:
        review = _answered(review, row.message.text or "", row.message.text_with_tags)
    return review


def _answered(review: Review, text: str, raw: str | None) -> Review:
    outcome = Outcome.CANNOT if _NO_GO in (raw or text) else Outcome.UNCLEAR
    return replace(review, outcome=outcome, answer=without_stray_tags(text).strip())
