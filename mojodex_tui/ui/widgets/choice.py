"""One answer out of a few, chosen on one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from mojodex_tui.state.form import Choice
from mojodex_tui.state.search import plain


class ChoiceLine(Widget, can_focus=True):
    """Shows the choices side by side, or under each other if they do not fit.

    Args:
        choices: What there is to choose from.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,down", "move(1)", "next choice", id="choice.next"),
        Binding("left,up", "move(-1)", "previous", id="choice.previous", show=False),
        Binding("delete,backspace", "clear", "no choice", id="choice.clear", show=False),
    ]

    value: reactive[str] = reactive("")
    """The chosen value; empty before anything is chosen."""

    @dataclass
    class Chosen(Message):
        """Another choice was made."""

        value: str

    def __init__(self, choices: tuple[Choice, ...]) -> None:
        super().__init__()
        self._choices = choices

    @property
    def words(self) -> str:
        """What the chosen one is called."""
        return next((one.words for one in self._choices if one.value == self.value), "")

    def offer(self, choices: tuple[Choice, ...], value: str) -> None:
        """Have other choices, one of which is made already."""
        self._choices = choices
        with self.prevent(self.Chosen):
            self.value = value
        self.refresh(layout=True)

    def watch_value(self, value: str) -> None:
        """Tell what is chosen."""
        self.post_message(self.Chosen(value))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return one line, or one for each choice."""
        return 1 if self._fits(width) else max(1, len(self._choices))

    def _fits(self, width: int) -> bool:
        return self._side_by_side().cell_length <= width

    def _side_by_side(self) -> Content:
        return Content("   ").join(map(self._one, self._choices))

    def _one(self, choice: Choice) -> Content:
        is_chosen = choice.value == self.value
        mark = "(•)" if is_chosen else "( )"
        style = "bold $chosen" if is_chosen else "$foreground"
        return Content.assemble((f"{mark} {choice.words}", style)).stylize(
            Style.from_meta({"choice": choice.value})
        )

    def render(self) -> RenderResult:
        """Draw the choices; the mark tells which one is chosen, colour only repeats it."""
        if self._fits(self.size.width):
            return self._side_by_side()
        return Content("\n").join(map(self._one, self._choices))

    def action_move(self, step: int) -> None:
        """Choose the next or the previous one; the first one if there is none yet."""
        values = [choice.value for choice in self._choices]
        if not values:
            return
        if self.value not in values:
            self.value = values[0]
            return
        place = values.index(self.value) + step
        self.value = values[min(max(place, 0), len(values) - 1)]

    def action_clear(self) -> None:
        """Choose nothing."""
        self.value = ""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Take letters: they choose."""
        return character is not None and character.isalnum()

    def on_key(self, event: events.Key) -> None:
        """Choose the next one that begins with a typed letter."""
        if not event.character or not event.character.isalnum():
            return
        event.stop()
        begins = [
            choice.value
            for choice in self._choices
            if plain(choice.words).startswith(plain(event.character))
        ]
        if begins:
            after = begins.index(self.value) + 1 if self.value in begins else 0
            self.value = begins[after % len(begins)]

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        value = event.style.meta.get("choice")
        if isinstance(value, str):
            self.value = value
