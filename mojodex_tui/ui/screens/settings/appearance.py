"""Settings, Appearance: the colours."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.theme import Theme
from textual.widgets import Static

from mojodex_tui.state.form import Choice
from mojodex_tui.ui.screens.settings.page import Page, aside, row
from mojodex_tui.ui.theme import DARK, LIGHT
from mojodex_tui.ui.widgets.choice import ChoiceLine

_THEMES = (
    Choice(DARK.name, "dark"),
    Choice(LIGHT.name, "light"),
    Choice("ansi-dark", "16 colours, dark"),
    Choice("ansi-light", "16 colours, light"),
)


class AppearancePage(Page):
    """The theme, and how texts look in it."""

    def compose(self) -> ComposeResult:
        """Lay out the choice and the preview."""
        yield row("Theme", ChoiceLine(_THEMES))
        yield aside(
            "16 colours: those your terminal has been given, whatever they are. "
            "^P, then Theme, lists many more."
        )
        yield Static("Preview", classes="title")
        yield Static(
            Content("\n").join(
                (
                    Content("Travel line cut by 10 percent"),
                    Content.styled("2 days ago, said quietly", "$quiet-text"),
                    Content.styled("A heading", "bold $heading"),
                    Content.styled("+ what was added", "$success"),
                    Content.styled("- what was removed", "$error"),
                    Content.styled("! 2 waiting for you", "bold $warning"),
                )
            ),
            classes="preview",
        )

    def on_mount(self) -> None:
        """Show the theme in use, now and when it changes elsewhere."""
        self._show(self.app.current_theme)
        self.app.theme_changed_signal.subscribe(self, self._show)

    def _show(self, theme: Theme) -> None:
        self.query_one(ChoiceLine).value = theme.name

    @on(ChoiceLine.Chosen)
    def _choose(self, event: ChoiceLine.Chosen) -> None:
        if event.value and event.value != self.app.current_theme.name:
            self.change("screen", "theme", event.value)
