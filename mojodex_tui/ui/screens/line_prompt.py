"""Asks for one line of text."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from mojodex_tui.ui.widgets.hints import HintsLine


class LineInput(Input):
    """One line."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "go on", id="line.take")]


class LinePrompt(ModalScreen[str | None]):
    """Answers what was typed, without spaces around it; `None` if it was closed.

    Args:
        title: What is asked for.
        placeholder: What stands there while nothing is typed.
        value: What stands there at first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "close", id="line.close"),
    ]

    def __init__(self, title: str, placeholder: str, value: str = "") -> None:
        super().__init__()
        self._title = title
        self._placeholder = placeholder
        self._value = value

    def compose(self) -> ComposeResult:
        """Lay out the line in a box."""
        box = Vertical(
            LineInput(self._value, placeholder=self._placeholder, select_on_focus=False),
            HintsLine(),
            classes="box",
        )
        box.border_title = self._title
        yield box

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())
