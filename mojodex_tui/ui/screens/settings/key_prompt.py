"""Asks for a key by having it pressed."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.widgets import Static

from mojodex_tui.ui.bindings import Bound
from mojodex_tui.ui.key_map import KeyMap
from mojodex_tui.ui.keys import label
from mojodex_tui.ui.screens.asks_for_key import AsksForKey
from mojodex_tui.ui.widgets.hints import HintsLine


class KeyPrompt(AsksForKey, ModalScreen[str | None]):
    """Answers the key that was pressed; `None` if nothing is to change.

    Args:
        key_map: Who has which key.
        bound: The binding that is to have another one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "take it", id="key.take"),
        Binding("escape", "dismiss(None)", "close", id="key.close"),
    ]

    pressed: reactive[str] = reactive("", bindings=True)

    def __init__(self, key_map: KeyMap, bound: Bound) -> None:
        super().__init__()
        self._key_map = key_map
        self._bound = bound

    def compose(self) -> ComposeResult:
        """Lay out what was pressed in a box."""
        box = Vertical(
            Static(self._bound.words, markup=False),
            Static(classes="pressed", markup=False),
            Static(classes="concerns", markup=False),
            HintsLine(),
            classes="box",
        )
        box.border_title = "Press another key"
        yield box

    def on_mount(self) -> None:
        """Say what it is now."""
        now = " ".join(map(label, self._key_map.keys_of(self._bound))) or "no key"
        self.query_one(".pressed", Static).update(f"now {now}")

    def on_key(self, event: events.Key) -> None:
        """Note the key."""
        if event.key not in {"enter", "escape"}:
            event.stop()
            self.pressed = event.key

    def watch_pressed(self, key: str) -> None:
        """Show it, and what speaks against it."""
        if not key:
            return
        self.query_one(".pressed", Static).update(label(key))
        concerns = self._key_map.concerns(self._bound, key)
        self.query_one(".concerns", Static).update("\n".join(f"! {one}" for one in concerns))

    def action_take(self) -> None:
        """Answer it."""
        self.dismiss(self.pressed)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take nothing before a key was pressed."""
        return action != "take" or bool(self.pressed)
