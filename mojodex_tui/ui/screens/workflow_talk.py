"""The talk about a result: what is asked for, kept while it is typed, and how it was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mojodex_tui.state import review as reviews
from mojodex_tui.state.review import Outcome, Review

if TYPE_CHECKING:
    from mojodex_tui.client.port import LiveEvent
    from mojodex_tui.ui.decision_drafts import DecisionDrafts


class Talk:
    """Knows the last instruction about a run's result, and what became of it.

    Args:
        kept: What is on disk of it.
    """

    def __init__(self, kept: DecisionDrafts) -> None:
        self._kept = kept
        self._review: Review | None = None
        self._about: int | None = None
        """The step execution that is talked about."""
        self.typed = ""
        """An instruction that is not sent."""

    async def bring_back(self) -> None:
        """Bring back what was typed and not sent, and what was talked about."""
        self._about = await self._kept.reviewed()
        self.typed = await self._kept.instruction()

    async def keep_typed(self) -> None:
        """Have the instruction on disk."""
        await self._kept.keep_instruction(self.typed)

    async def begin(self, step_execution_pk: int, instruction: str) -> None:
        """Note that an instruction about a result was sent."""
        self._review, self._about = Review(instruction), step_execution_pk
        await self._kept.keep_reviewed(step_execution_pk)

    def end(self) -> None:
        """Forget the answer: something else was decided."""
        self._review = None

    def follow(self, step_execution_pk: int | None) -> None:
        """Forget the answer if the run is at another result by now."""
        if step_execution_pk is not None and step_execution_pk != self._about:
            self._review = None

    def hear(self, event: LiveEvent) -> None:
        """Take in what the session says."""
        self._review = reviews.apply(self._review, event)

    def take(self, review: Review | None, step_execution_pk: int) -> None:
        """Take in how the talk stood when the session was last read.

        Args:
            review: What the session's last messages say; it may be about an earlier step.
            step_execution_pk: The result that may be decided on now.
        """
        if (
            review is not None
            and step_execution_pk == self._about
            and review.outcome is not Outcome.SENT
        ):
            self._review = review

    @property
    def sentence(self) -> str:
        """What is to be shown of it; the running step tells by itself that it runs again."""
        if self._review is None or self._review.outcome is Outcome.AGAIN:
            return ""
        return self._review.sentence
