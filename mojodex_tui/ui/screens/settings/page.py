"""What the pages of the settings have in common: rows, a word when something was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from mojodex_tui.client.errors import ApiError
from mojodex_tui.settings.sections import BadSettings

if TYPE_CHECKING:
    from mojodex_tui.ui.screens.framed import Framed
    from mojodex_tui.ui.shell import Shell


class Page(VerticalScroll, can_focus=False):
    """A page: a subclass lays out its rows."""

    @property
    def shell(self) -> Shell:
        """The application around this page."""
        # Any application that opens our screens is one: Textual only knows it as `App`.
        return cast("Shell", self.app)

    def say(self, sentence: str) -> None:
        """Tell what was done."""
        cast("Framed", self.screen).say(sentence)

    def warn(self, sentence: str) -> None:
        """Tell why something was not done."""
        cast("Framed", self.screen).warn(sentence)

    def say_failed(self, error: ApiError, doing: str) -> None:
        """Tell why a server did not do something."""
        cast("Framed", self.screen).say_failed(error, doing)

    def change(self, section: str, name: str, value: str | float | bool | None) -> bool:
        """Set a value in the settings file; return whether it could be used."""
        try:
            self.shell.preferences.change(section, name, value)
        except BadSettings as error:
            self.warn(f"Nothing was changed: {error}")
            return False
        return True


def row(label: str, *entry: Widget) -> Horizontal:
    """Return a line of a page: what it is called, and what it is."""
    return Horizontal(Static(label, classes="label"), *entry, classes="row")


def fact(id: str, words: str = "…") -> Static:
    """Return something that is told, and may be told anew."""
    return Static(words, id=id, classes="fact", markup=False)


def aside(words: str = "", id: str | None = None) -> Static:
    """Return a quiet explanation."""
    return Static(words, id=id, classes="aside", markup=False)
