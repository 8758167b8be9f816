"""One line that says what was done, or what went wrong, what is safe, and what to press."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget


class Notice(Widget):
    """A sentence above the hints; it takes no room while there is nothing to say."""

    sentence: reactive[str] = reactive("", layout=True)
    keys: reactive[str] = reactive("")
    """What to press, already as words."""
    is_warning: reactive[bool] = reactive(False)
    """Something went wrong, or must be looked at."""

    def watch_sentence(self, sentence: str) -> None:
        """Show the line only with something in it."""
        self.set_class(bool(sentence), "-said")

    def render(self) -> RenderResult:
        """Draw the sentence; the mark says what it is without colour."""
        return Content.assemble(
            ("! ", "bold $error") if self.is_warning else "",
            self.sentence,
            (f"  {self.keys}" if self.keys else "", "$primary"),
        )
