"""What a run was given, to be read, and to begin another run with."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from mojodex_tui.state.session import Answers
from mojodex_tui.ui.screens.reading import Reading


class RunInputs(Reading):
    """Shows the questions of the form with their answers.

    Args:
        answers: What was answered.
        change: Opens the form on it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "change", "change, in a new run", id="inputs.change"),
    ]

    def __init__(self, answers: Answers, change: Callable[[], None]) -> None:
        told = (
            Content.assemble((question, "bold $heading"), f"\n{answer}")
            for question, answer in answers.inputs
        )
        super().__init__("Inputs of this run", Content("\n\n").join(told))
        self._change = change

    def action_change(self) -> None:
        """Open the form: a run keeps what it was given, so this begins another one."""
        self.dismiss()
        self._change()
