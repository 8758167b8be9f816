"""A short list to choose one line from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList

from mojodex_tui.ui.widgets.hints import HintsLine


class Picking(ModalScreen[int | None]):
    """Answers the place of the chosen line.

    Args:
        title: What is chosen.
        lines: What there is.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "close", id="picking.close"),
    ]

    def __init__(self, title: str, lines: Sequence[Content]) -> None:
        super().__init__()
        self._title = title
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Lay out the list in a box."""
        box = Vertical(OptionList(*self._lines, markup=False), HintsLine(), classes="box")
        box.border_title = self._title
        yield box

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index)
