"""The last line of every screen: the keys that act now."""

from __future__ import annotations

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

from mojodex_tui.ui.keys import NO_KEY_PREFIX, label


class HintsLine(Widget):
    """The shown bindings of what has the focus, then of the screen, then of the application."""

    def on_mount(self) -> None:
        """Draw again whenever other keys act."""
        self.screen.bindings_updated_signal.subscribe(self, self._update)

    def on_unmount(self) -> None:
        """Hear no more of it."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _update(self, _screen: Screen[object]) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Do what the key that was clicked does."""
        key = event.style.meta.get("key")
        if isinstance(key, str):
            self.app.simulate_key(key)

    def render(self) -> RenderResult:
        """Draw as many hints as fit; the application's come last."""
        line = Content("")
        for key, description in self._hints():
            hint = Content.assemble(
                (label(key), "bold $footer-key-foreground"), (f" {description}", "$quiet-text")
            ).stylize(Style.from_meta({"key": key}))
            longer = Content("  ").join([line, hint]) if line else hint
            if longer.cell_length > self.size.width:
                break
            line = longer
        return line

    def _hints(self) -> list[tuple[str, str]]:
        """Return the first key of each shown action, and its words."""
        hints: dict[str, tuple[str, str]] = {}
        active = self.screen.active_bindings.values()
        # How to leave is the last thing to make room for.
        for known in sorted(active, key=lambda known: known.binding.action == "quit"):
            binding = known.binding
            if binding.key.startswith(NO_KEY_PREFIX):
                continue
            if binding.show and binding.description and known.enabled:
                hints.setdefault(binding.action, (binding.key, binding.description))
        return list(hints.values())
