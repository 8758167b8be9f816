"""Keys and pastes that come before the field they are meant for: kept, and given to it."""

from __future__ import annotations

from textual import events
from textual.widget import Widget


class TypeAhead:
    """What is typed before the field it is meant for has the focus.

    People type at the speed of their hands, not of a screen that is still fetching.

    Args:
        getter: Gets the keys meanwhile: a screen on which nothing has the focus yet, or the
            widget that is being left.
    """

    def __init__(self, getter: Widget) -> None:
        self._getters = [getter]
        self._held: list[events.Key | events.Paste] = []
        self._has_field = False

    @property
    def is_over(self) -> bool:
        """Whether the field has the focus, and all that was held."""
        return self._has_field

    def also_from(self, getter: Widget) -> None:
        """Hold what `getter` gets after the one before: a screen that is being opened."""
        self._getters.append(getter)

    def hold(self, event: events.Key | events.Paste) -> None:
        """Keep `event` while there is no field; keys that are no text do what they always do."""
        if self._has_field:
            return
        if isinstance(event, events.Paste) or event.is_printable or event.key == "enter":
            self._held.append(event)
        elif event.key == "backspace" and self._held and isinstance(self._held[-1], events.Key):
            self._held.pop()
        else:
            return
        event.stop()
        event.prevent_default()

    def release_to(self, field: Widget) -> None:
        """Focus `field` and give it all that was held, before any key that comes later."""
        self._getters[-1].call_later(self._release_to, field)

    def _release_to(self, field: Widget) -> None:
        if any(getter.message_queue_size for getter in self._getters):
            # Keys may still be on their way: later ones must not overtake them.
            self.release_to(field)
            return
        self._has_field = True
        field.screen.set_focus(field)
        for event in self._held:
            if isinstance(event, events.Paste):
                field.post_message(events.Paste(event.text))
            else:
                field.post_message(events.Key(event.key, event.character))
        self._held.clear()
