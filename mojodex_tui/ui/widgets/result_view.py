"""The result of a step, as a text to read."""

from __future__ import annotations

from textual import events
from textual.message import Message

from mojodex_tui.ui.widgets.document_view import DocumentView
from mojodex_tui.ui.widgets.strip_view import StripView


class ResultText(DocumentView):
    """Shows a result from its start; the keys that decide on it act only while it has the focus."""

    class Drawn(Message):
        """Another text is in sight, or the focus has come."""

    def __init__(self) -> None:
        super().__init__(id="result-text")
        self.set_reactive(StripView.follow, False)

    def show(self, text: str) -> None:
        """Show a text, unless it is the one in sight."""
        if text == self.text:
            return
        self.replace(text)
        self.settle()
        self._hold_at(0, 0)
        self.post_message(self.Drawn())

    def on_focus(self, _event: events.Focus) -> None:
        """Tell that keys may be meant for it from now on."""
        self.post_message(self.Drawn())
