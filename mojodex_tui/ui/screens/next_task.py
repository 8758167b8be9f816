"""What the next task will be given, before it is."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import TextArea

from mojodex_tui.ui.widgets.hints import HintsLine


class NextTaskPreview(ModalScreen[str | None]):
    """Answers the text to send; `None` if nothing is to be started.

    Args:
        name: What the task is called.
        text: What it would be given.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", "start it", id="next.send"),
        Binding("ctrl+s", "send_edited", "start it", id="next.send_edited"),
        Binding("e", "edit", "change the text", id="next.edit"),
        Binding("escape", "close", "close", id="next.close"),
    ]

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        self._name_of_task = name
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay out the text in a box."""
        area = TextArea(self._text, read_only=True, soft_wrap=True, tab_behavior="focus")
        box = Vertical(area, HintsLine(), classes="box")
        words = len(self._text.split())
        box.border_title = f"{self._name_of_task} will be given this ({words} words)"
        yield box

    @property
    def _area(self) -> TextArea:
        return self.query_one(TextArea)

    def action_send(self) -> None:
        """Start the task with the text as it is."""
        self.dismiss(self._area.text)

    def action_send_edited(self) -> None:
        """Start the task with the text as it was made."""
        self.action_send()

    def action_edit(self) -> None:
        """Let the text be changed; Enter is a new line then."""
        self._area.read_only = False
        self.refresh_bindings()

    def action_close(self) -> None:
        """Start nothing."""
        self.dismiss(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a change once; while the text is changed, Enter begins a line."""
        return action not in {"edit", "send"} or self._area.read_only
