"""Keys and pastes that come before the field they are meant for: kept, and given to it."""

from __future__ import annotations

from textual import events
from textual.screen import Screen
from textual.widget import Widget


class TypeAhead:
    """What is typed into a screen that has no field yet.

    People type at the speed of their hands, not of a screen that is still fetching.

    Args:
        screen: Gets the keys while nothing on it has the focus.
    """

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._held: list[events.Key | events.Paste] = []
        self._has_field = False

    def hold(self, event: events.Key | events.Paste) -> None:
        """Keep `event` while there is no field; keys that are no text do what they always do."""
        if self._has_field:
            return
        if isinstance(event, events.Paste) or event.is_printable or event.key == "enter":
            event.stop()
            self._held.append(event)
        elif event.key == "backspace" and self._held and isinstance(self._held[-1], events.Key):
            event.stop()
            self._held.pop()

    def release_to(self, field: Widget) -> None:
        """Focus `field` and give it all that was held, before any key that comes later."""
        self._screen.call_later(self._release_to, field)

    def _release_to(self, field: Widget) -> None:
        if self._screen.message_queue_size:
            # Keys may still be on their way to the screen: later ones must not overtake them.
            self.release_to(field)
            return
        self._has_field = True
        self._screen.set_focus(field)
        for event in self._held:
            if isinstance(event, events.Paste):
                field.post_message(events.Paste(event.text))
            else:
                field.post_message(events.Key(event.key, event.character))
        self._held.clear()
