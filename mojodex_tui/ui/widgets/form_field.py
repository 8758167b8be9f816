"""One question of a form in its box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static, TextArea

from mojodex_tui.state.form import FieldKind, FormField
from mojodex_tui.ui.widgets.choice import ChoiceLine
from mojodex_tui.ui.widgets.typed_text import TypedText

TALLEST = 8
"""Lines a text grows to before it scrolls."""


class AnswerText(TypedText):
    """A text of any length; a paste of many lines stays whole.

    Args:
        field: The question it answers.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+g",
            "app.edit_outside",
            "editor",
            id="form.editor",
            tooltip="Edit this text in your own editor",
        ),
    ]

    def __init__(self, field: FormField) -> None:
        super().__init__(
            soft_wrap=True,
            show_line_numbers=False,
            compact=True,
            placeholder=field.placeholder,
            highlight_cursor_line=False,
        )
        self._names_files = field.kind is FieldKind.FILES
        self._fewest = 1 if self._names_files else min(field.lines, TALLEST)

    def on_mount(self) -> None:
        """Start as tall as the task asks for."""
        self.styles.min_height = self._fewest
        self.styles.max_height = TALLEST

    @property
    def takes_files(self) -> bool:
        """Whether `@` asks for a file: where paths are typed, it is a sign like any other."""
        return not self._names_files


class FieldBox(Vertical):
    """A question, where it is answered, and what is wrong with the answer.

    Args:
        field: The question.
        place: Its number in the form.
        count: How many questions there are.
    """

    problem: reactive[str] = reactive("")
    """What is wrong, as a sentence."""

    @dataclass
    class Changed(Message):
        """The answer is another one."""

        box: FieldBox

    def __init__(self, field: FormField, place: int, count: int) -> None:
        super().__init__()
        self.field = field
        needed = "  *" if field.required else ""
        self.border_title = f"{place}/{count}  {field.question}{needed}"

    def compose(self) -> ComposeResult:
        """Lay out the editor for this kind of answer, and room for a problem."""
        if self.field.kind is FieldKind.CHOICE:
            yield ChoiceLine(self.field.choices)
        else:
            yield AnswerText(self.field)
        if self.field.use:
            yield Static(self.field.use, classes="use", markup=False)
        yield Static(classes="problem", markup=False)

    def on_mount(self) -> None:
        """Say how to answer."""
        self._say_aside()

    @property
    def answer(self) -> str:
        """What was given so far."""
        if self.field.kind is FieldKind.CHOICE:
            return self.query_one(ChoiceLine).value
        return self.query_one(AnswerText).text

    def fill(self, answer: str) -> None:
        """Put an answer in."""
        if self.field.kind is FieldKind.CHOICE:
            if any(choice.value == answer for choice in self.field.choices):
                self.query_one(ChoiceLine).value = answer
        else:
            text = self.query_one(AnswerText)
            text.text = answer
            # Whoever goes on writing goes on at its end.
            text.move_cursor(text.document.end)

    @property
    def editor(self) -> Widget:
        """Where it is answered."""
        return self.query_one(ChoiceLine if self.field.kind is FieldKind.CHOICE else AnswerText)

    def take_focus(self) -> None:
        """Let the user answer here."""
        self.editor.focus()

    def watch_problem(self, problem: str) -> None:
        """Show what is wrong."""
        if self.is_mounted:
            line = self.query_one(".problem", Static)
            line.update(f"! {problem}" if problem else "")
            line.set_class(bool(problem), "-said")

    @on(TextArea.Changed)
    @on(ChoiceLine.Chosen)
    def _tell(self, event: Message) -> None:
        event.stop()
        self._say_aside()
        self.post_message(self.Changed(self))

    def _kept(self) -> str:
        """Return what is said of files the run has already, until others are named."""
        kept = self.field.n_kept
        if not kept or self.answer.strip():
            return ""
        return f"{kept} file{'' if kept == 1 else 's'} kept, or "

    def _say_aside(self) -> None:
        match self.field.kind:
            case FieldKind.CHOICE:
                self.border_subtitle = "Left/Right or the first letter"
            case FieldKind.FILES:
                many = f" up to {self.field.max_files}," if self.field.max_files > 1 else ""
                self.border_subtitle = (
                    f"{self._kept()}a path, typed or dropped;{many} "
                    f"{' '.join(self.field.accepted)}, {self.field.max_megabytes:g} MB"
                )
            case FieldKind.TEXT:
                count = len(self.answer.split())
                words = f"{count} word{'' if count == 1 else 's'}  " if count else ""
                self.border_subtitle = f"{words}^G editor  @ file"
