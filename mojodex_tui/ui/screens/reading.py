"""A text to read, over whatever is there."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mojodex_tui.ui.widgets.hints import HintsLine


class Reading(ModalScreen[None]):
    """Shows a text until it is closed.

    Args:
        title: What it is.
        text: The text; plain, so that nothing in it acts as markup.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss", "Close", id="reading.close"),
        Binding("y", "copy", "Copy", id="reading.copy"),
        Binding("down,j", "down", "Down", id="reading.down", show=False),
        Binding("up,k", "up", "Up", id="reading.up", show=False),
    ]

    def __init__(self, title: str, text: str | Content) -> None:
        super().__init__()
        self._title = title
        self._text = Content(text) if isinstance(text, str) else text

    def compose(self) -> ComposeResult:
        """Lay out the text in a box."""
        box = Vertical(VerticalScroll(Static(self._text)), HintsLine(), classes="box")
        box.border_title = self._title
        yield box

    def action_copy(self) -> None:
        """Copy the text."""
        self.app.copy_to_clipboard(self._text.plain)
        self.notify(f"Copied, {len(self._text.plain.split())} words.")

    def action_down(self) -> None:
        """Read on."""
        self.query_one(VerticalScroll).scroll_down(animate=False)

    def action_up(self) -> None:
        """Read back."""
        self.query_one(VerticalScroll).scroll_up(animate=False)
