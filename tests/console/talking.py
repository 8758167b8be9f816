"""A user at the prompt: answers are given in advance, lines are kept."""

from collections.abc import Iterable

from mojodex_tui.console.talk import Ended, Interrupted
from mojodex_tui.state.runs import Run

INTERRUPT = "^C"
"""An answer that is none: the user presses ^C."""


class Dialogue:
    """What was asked, answered and printed.

    Args:
        answers: In the order of the questions.
    """

    def __init__(self, answers: Iterable[str] = ()) -> None:
        self._answers = list(answers)
        self.lines: list[str] = []

    def say(self, line: str = "") -> None:
        self.lines.extend(line.split("\n"))

    def is_about(self, run: Run) -> None:
        self.run = run

    async def ask(self, prompt: str, *, secret: bool = False, careful: bool = False) -> str:
        if not self._answers:
            raise Ended
        answer = self._answers.pop(0)
        self.lines.append(prompt + ("" if secret else answer))
        if answer == INTERRUPT:
            raise Interrupted
        return answer

    @property
    def text(self) -> str:
        return "\n".join(self.lines)
