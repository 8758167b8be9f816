"""The steps of a run, one row for each item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mojodex_tui.state.times import here_and_now
from mojodex_tui.state.workflow import Sign, StepRow

_STYLES = {
    Sign.DONE: "$success",
    Sign.YOURS: "bold $warning",
    Sign.RUNNING: "bold $primary",
    Sign.FAILED: "bold $error",
    Sign.REJECTED: "$error",
    Sign.LATER: "$quiet-text",
}
_TIME_CELLS = 6
_BEFORE_LABEL = 6


class StepList(OptionList):
    """Shows how far each step is; the sign stands beside its word."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", id="steps.down", show=False),
        Binding("k", "cursor_up", "Up", id="steps.up", show=False),
        Binding("g", "first", "First", id="steps.first", show=False),
        Binding("G", "last", "Last", id="steps.last", show=False),
    ]

    @dataclass
    class Pointed(Message):
        """The cursor is on another row."""

        key: str

    def __init__(self) -> None:
        super().__init__(id="steps", markup=False)
        self._rows: tuple[StepRow, ...] = ()
        self._drawn: tuple[object, ...] = ()

    @property
    def pointed(self) -> str | None:
        """The key of the row under the cursor."""
        option = self.highlighted_option
        return None if option is None else option.id

    def show(self, rows: tuple[StepRow, ...], point_to: str | None = None) -> None:
        """Show these rows.

        Args:
            rows: The rows.
            point_to: The key of the row the cursor goes to; without, it stays where it is.
        """
        self._rows = rows
        self._draw(point_to)

    def on_resize(self) -> None:
        """Share the width anew."""
        self._draw(None)

    def count_seconds(self) -> None:
        """Show how long a step has been running by now."""
        if any(row.sign is Sign.RUNNING for row in self._rows):
            self._draw(None)

    def _draw(self, point_to: str | None) -> None:
        now = here_and_now()
        wanted = point_to or self.pointed
        lines = [(row.key, self._line(row, now)) for row in self._rows]
        drawn = (self.size.width, *lines)
        if drawn != self._drawn:
            self._drawn = drawn
            with self.prevent(OptionList.OptionHighlighted):
                self.set_options(Option(line, id=key) for key, line in lines)
        keys = [key for key, _ in lines]
        if wanted in keys and self.highlighted != keys.index(wanted):
            with self.prevent(OptionList.OptionHighlighted):
                self.highlighted = keys.index(wanted)

    def _line(self, row: StepRow, now: datetime) -> Content:
        sign = row.sign
        seconds = row.seconds(now)
        time = "" if seconds is None else f"{seconds} s"
        number = str(row.rank) if row.place == 1 else " "
        room = max(8, self.size.width - _BEFORE_LABEL - _TIME_CELLS - 2)
        first = Content.assemble(
            (f"{sign.mark} ", _STYLES[sign]),
            (f"{number:>2} ", "$quiet-text"),
            (_labelled(row, room), "$quiet-text" if sign is Sign.LATER else ""),
            (f"{time:>{_TIME_CELLS}}", "$quiet-text"),
        )
        aside = ", ".join(_asides(row))
        if not aside:
            return first
        style = _STYLES[sign] if sign is not Sign.DONE else "$quiet-text"
        return Content("\n").join([first, Content.assemble((" " * _BEFORE_LABEL + aside, style))])

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell which row the cursor is on."""
        event.stop()
        if event.option_id is not None:
            self.post_message(self.Pointed(event.option_id))


def _asides(row: StepRow) -> Iterator[str]:
    if row.sign is Sign.YOURS:
        yield "WAITING FOR YOU"
    elif row.sign in {Sign.RUNNING, Sign.FAILED, Sign.REJECTED}:
        yield row.sign.word.upper()
    last = row.last
    if len(row.tries) > 1:
        yield f"try {len(row.tries)}"
    if row.sign is Sign.DONE and last is not None and len(last.result_items) > 1:
        edited = ", edited" if last.versions and last.versions[-1].author == "user" else ""
        yield f"{len(last.result_items)} items{edited}"


def _labelled(row: StepRow, cells: int) -> str:
    """Return a row's name in so many cells; which item it is stays in sight."""
    place = f" {row.place}/{row.count}" if row.count > 1 else ""
    name = row.label.removesuffix(place)
    room = cells - len(place)
    return f"{_fitted(name, room).rstrip()}{place}".ljust(cells)


def _fitted(text: str, cells: int) -> str:
    short = f"{set_cell_size(text, cells - 1).rstrip()}…" if cell_len(text) > cells else text
    return set_cell_size(short, cells)
