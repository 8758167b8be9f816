"""What was written before, found by some of its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList

from mojodex_tui.state.search import plain
from mojodex_tui.ui.widgets.hints import HintsLine


class RecallInput(Input):
    """Where words are typed; the arrows move in the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "take it", id="recall.take"),
        Binding("up", "screen.move(-1)", "newer", id="recall.newer"),
        Binding("down", "screen.move(1)", "older", id="recall.older"),
    ]


class Recall(ModalScreen[str | None]):
    """Answers the chosen text; `None` if it was closed.

    Args:
        title: What they are.
        texts: What was written, the newest first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "close", id="recall.close"),
    ]

    def __init__(self, title: str, texts: Sequence[str]) -> None:
        super().__init__()
        self._title = title
        self._texts = tuple(dict.fromkeys(texts))
        self._shown: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the words and the list in a box."""
        box = Vertical(
            RecallInput(placeholder="some of its words", select_on_focus=False),
            OptionList(markup=False),
            HintsLine(),
            classes="box",
        )
        box.border_title = self._title
        yield box

    def on_mount(self) -> None:
        """Show all."""
        self.query_one(OptionList).can_focus = False
        self._show("")

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        self._show(event.value)

    def _show(self, query: str) -> None:
        words = plain(query).split()
        self._shown = tuple(
            text for text in self._texts if all(word in plain(text) for word in words)
        )
        lines = self.query_one(OptionList)
        lines.set_options([Content(" ".join(text.split())) for text in self._shown])
        lines.highlighted = 0 if self._shown else None

    def action_move(self, step: int) -> None:
        """Point at another one."""
        lines = self.query_one(OptionList)
        if self._shown:
            lines.highlighted = ((lines.highlighted or 0) + step) % len(self._shown)

    @on(Input.Submitted)
    def _take(self) -> None:
        at = self.query_one(OptionList).highlighted
        self.dismiss(None if at is None else self._shown[at])

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._shown[event.option_index])
