"""The result of a step, as a text to read."""

from __future__ import annotations

from mojodex_tui.ui.arming import Arming
from mojodex_tui.ui.widgets.document_view import DocumentView
from mojodex_tui.ui.widgets.strip_view import StripView


class ResultText(DocumentView):
    """Shows a result from its start; the keys that decide on it act only while it has the focus.

    Args:
        arming: Is told when another text is in sight.
    """

    def __init__(self, arming: Arming) -> None:
        super().__init__(id="result-text")
        self._arming = arming
        self.set_reactive(StripView.follow, False)

    def show(self, text: str) -> None:
        """Show a text, unless it is the one in sight."""
        if text == self.text:
            return
        self.replace(text)
        self.settle()
        self._hold_at(0, 0)
        # At once, and not by a message: that would be overtaken by keys typed ahead.
        self._arming.drawn()
