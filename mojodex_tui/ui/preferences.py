"""The program as the settings file wants it, from the moment the file says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.theme import Theme

from mojodex_tui.settings.file import Settings, SettingsFile
from mojodex_tui.settings.sections import NO_KEY, BadSettings
from mojodex_tui.ui.keys import NO_KEY_PREFIX
from mojodex_tui.ui.theme import DARK

if TYPE_CHECKING:
    from textual.app import App

_LOOK_EVERY = 1.0
"""Seconds between two looks at the file, which may be changed in an editor."""


class Preferences:
    """Follows the settings file: its theme and its keys are the program's.

    Args:
        app: The program.
        file: The file.
    """

    def __init__(self, app: App[None], file: SettingsFile) -> None:
        self._app = app
        self.file = file
        self.settings = Settings()
        self._taken_at: int | None = None

    def follow(self) -> None:
        """Take up what the file says, now and after every change."""
        self.look()
        self._app.set_interval(_LOOK_EVERY, self.look)
        self._app.theme_changed_signal.subscribe(self._app, self._keep_theme)

    def change(self, section: str, name: str, value: str | float | bool | None) -> None:
        """Set one value, which holds at once; `None` makes it what it is without being set.

        Raises:
            BadSettings: it cannot be used, or not be written; nothing has changed.
        """
        self.file.change(section, name, value)
        self.look()

    def look(self) -> None:
        """Take up what the file says, if it has changed."""
        stamp = self.file.stamp()
        if stamp == self._taken_at:
            return
        self._taken_at = stamp
        before, self.settings = self.settings, self.file.read()
        self._app.set_keymap(keymap_of(self.settings))
        problems = [*self.settings.problems, *self._take_theme()]
        if problems and before != self.settings:
            self._app.notify("\n".join(problems), severity="warning", timeout=10)

    def _take_theme(self) -> tuple[str, ...]:
        theme = self.settings.screen.theme or DARK.name
        if theme not in self._app.available_themes:
            return (f"settings.toml: there is no theme {theme!r}; the settings screen lists them.",)
        self._app.theme = theme
        return ()

    def _keep_theme(self, theme: Theme) -> None:
        """Keep a theme that was chosen elsewhere than in the file."""
        if theme.name == (self.settings.screen.theme or DARK.name):
            return
        try:
            self.change("screen", "theme", theme.name)
        except BadSettings as error:
            self._app.notify(str(error), severity="warning")


def keymap_of(settings: Settings) -> dict[str, str]:
    """Return the keys of the settings as Textual wants them, which knows no binding without one."""
    return {
        name: f"{NO_KEY_PREFIX}{name}" if keys.strip().lower() == NO_KEY else keys
        for name, keys in settings.keys.root.items()
    }
