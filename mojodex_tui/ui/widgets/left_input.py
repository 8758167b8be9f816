"""One line that Enter leaves, together with what is typed right behind the Enter."""

from __future__ import annotations

from textual import events
from textual.widget import Widget
from textual.widgets import Input

from mojodex_tui.ui.type_ahead import TypeAhead


class LeftInput(Input):
    """A line whose screen answers every `Submitted` with `leave_to`: where the focus goes.

    Keys are handed to a widget when they come, and handled later: without this, letters typed
    right behind an Enter would land in the line that is being left.
    """

    _behind: TypeAhead | None = None

    @property
    def _is_left(self) -> bool:
        return self._behind is not None and not self._behind.is_over

    def on_key(self, event: events.Key) -> None:
        """Keep what comes behind the Enter."""
        if self._behind is not None and self._is_left:
            self._behind.hold(event)
        elif event.key == "enter":
            self._behind = TypeAhead(self)
            event.stop()
            event.prevent_default()
            self.post_message(self.Submitted(self, self.value))

    def on_paste(self, event: events.Paste) -> None:
        """Keep what comes behind the Enter."""
        if self._behind is not None and self._is_left:
            self._behind.hold(event)

    def leave_to(self, field: Widget) -> None:
        """Give the focus to `field`, which may be this one, and what was typed since Enter."""
        if self._behind is not None and self._is_left:
            self._behind.release_to(field)
        else:
            field.focus()
