"""Asks how a word is spelled, and says what that will change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mojodex_tui.state.spelling import places
from mojodex_tui.ui.keys import FIELD_KEYS
from mojodex_tui.ui.widgets.hints import HintsLine


class SpellingPrompt(ModalScreen[tuple[str, str] | None]):
    """Answers the wrong spelling and the right one.

    Args:
        word: What stands there at first as the wrong one.
        texts: All of the run, to count in.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "close", id="spelling.close"),
        *FIELD_KEYS,
    ]

    def __init__(self, word: str, texts: Sequence[str]) -> None:
        super().__init__()
        self._word = word
        self._texts = texts

    def compose(self) -> ComposeResult:
        """Lay out both spellings in a box."""
        box = Vertical(
            Input(self._word, placeholder="as it stands there", id="wrong"),
            Input(placeholder="as it is spelled", id="right"),
            Static(classes="places", markup=False),
            HintsLine(),
            classes="box",
        )
        box.border_title = "Right spelling, everywhere in this run"
        yield box

    def on_mount(self) -> None:
        """Begin with what is not known yet."""
        self.query_one("#right" if self._word else "#wrong", Input).focus()

    @on(Input.Changed)
    def _count(self) -> None:
        wrong, right = self._spellings
        found = places(wrong, self._texts)
        said = "It does not stand in this run." if wrong else "Type the word as it stands there."
        if found:
            times = "1 place" if found == 1 else f"{found} places"
            said = f"Enter changes {times} in this run" if right else f"It stands in {times}."
        self.query_one(".places", Static).update(said)

    @property
    def _spellings(self) -> tuple[str, str]:
        return (
            self.query_one("#wrong", Input).value.strip(),
            self.query_one("#right", Input).value.strip(),
        )

    @on(Input.Submitted)
    def _take(self) -> None:
        wrong, right = self._spellings
        if not wrong or not right:
            self.query_one("#wrong" if not wrong else "#right", Input).focus()
        elif wrong != right and places(wrong, self._texts):
            self.dismiss((wrong, right))
