"""The smallest Textual program one can type into: what starting is measured against."""

from textual.app import App, ComposeResult
from textual.widgets import Input, Static


class Hello(App[None]):
    """A sentence and a place to type."""

    def compose(self) -> ComposeResult:
        """Lay out both."""
        yield Static("hello")
        yield Input()


if __name__ == "__main__":
    Hello().run()
