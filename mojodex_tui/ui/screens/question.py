"""A question before something that cannot be taken back; the answer is "no" unless said."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from mojodex_tui.ui.widgets.hints import HintsLine


class Question(ModalScreen[bool]):
    """Asks; only `y` means yes.

    Args:
        title: What it is about.
        sentence: What will happen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "dismiss(True)", "Yes", id="question.yes"),
        Binding("n,escape,enter", "dismiss(False)", "No", id="question.no"),
    ]

    def __init__(self, title: str, sentence: str) -> None:
        super().__init__()
        self._title = title
        self._sentence = sentence

    def compose(self) -> ComposeResult:
        """Lay out the question in a box."""
        box = Vertical(Static(self._sentence, markup=False), HintsLine(), classes="box")
        box.border_title = self._title
        yield box
