"""What may be decided now, and the line an instruction is written in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

_COLUMN = 22


class InstructionLine(Input):
    """One line: what should be different."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "send, run again", id="instruct.send"),
    ]


class DecisionBox(Vertical):
    """A fixed part of the screen: nothing ever opens by itself to ask."""

    class Instructed(Message):
        """An instruction is to be sent."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Typed(Message):
        """The line holds another text."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__()
        self._choices = Static(id="choices", markup=False)
        self._answered = Static(id="answered", markup=False)
        self.line = InstructionLine(
            placeholder="what should be different; Enter sends it",
            compact=True,
            select_on_focus=False,
        )
        """Where an instruction is written."""
        self._instruct = Horizontal(
            Static("Instruction ", classes="label"), self.line, id="instruct"
        )

    def compose(self) -> ComposeResult:
        """Lay out what can be done, what was answered, and the line."""
        yield self._choices
        yield self._answered
        yield self._instruct

    def on_mount(self) -> None:
        """Name the box."""
        self.border_title = "Your decision"

    @property
    def has_anything(self) -> bool:
        """Whether there is something to be seen in it."""
        return self._choices.display or self._answered.display or self._instruct.display

    def show_choices(self, choices: Sequence[tuple[str, str]], *, are_armed: bool) -> None:
        """Show which keys decide, two a line.

        Args:
            choices: Each key, and what it does.
            are_armed: Whether they act now; else they are shown as not acting.
        """
        style = "bold $footer-key-foreground" if are_armed else "$quiet-text"
        cells = [
            Content.assemble((key, style), (f" {words}", "" if are_armed else "$quiet-text"))
            for key, words in choices
        ]
        column = max(_COLUMN, max((cell.cell_length for cell in cells[::2]), default=0) + 2)
        lines = [
            Content("").join([left.pad_right(max(0, column - left.cell_length)), *rest])
            for left, *rest in (cells[at : at + 2] for at in range(0, len(cells), 2))
        ]
        self._choices.update(Content("\n").join(lines))
        self._choices.display = bool(lines)

    def show_word(self, words: str) -> None:
        """Show what became of a decision, or what it waits for."""
        self._answered.update(words)
        self._answered.display = bool(words)

    def open_line(self, *, is_open: bool) -> None:
        """Show the line, or put it away; its text stays."""
        self._instruct.display = is_open

    @on(Input.Changed)
    def _tell_typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _tell_instructed(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.post_message(self.Instructed(event.value.strip()))
