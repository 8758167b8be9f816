"""Asks for a day, in words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mojodex_tui.state.days import day_of, told_day
from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.screens.picking import Picking
from mojodex_tui.ui.widgets.hints import HintsLine

_WORDS = "t today   T tomorrow   m next Monday   w in a week   c calendar   or fri, 3 days, 12 dec"
_CALENDAR_DAYS = 42


class DayInput(Input):
    """A day in words."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "move", id="day.move")]


class DayPrompt(ModalScreen[date | None]):
    """Answers the day; `None` if it stays as it is.

    Args:
        title: What is moved.
        today: The day it is.
        busy: How many To-Dos there are on a day.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "close", id="day.close"),
    ]

    def __init__(self, title: str, today: date, busy: dict[date, int]) -> None:
        super().__init__()
        self._title = title
        self._today = today
        self._busy = busy

    def compose(self) -> ComposeResult:
        """Lay out the question in a box."""
        box = Vertical(
            DayInput(placeholder="a day: t, T, m, w, c, or words"),
            Static(_WORDS, classes="understood", markup=False),
            HintsLine(),
            classes="box",
        )
        box.border_title = self._title
        yield box

    @on(Input.Changed)
    def _tell(self, event: Input.Changed) -> None:
        self.query_one(".understood", Static).update(self._understood(event.value.strip()))

    def _understood(self, typed: str) -> str:
        if not typed:
            return _WORDS
        if typed == "c":
            return "Enter shows the next six weeks."
        day = day_of(typed, self._today)
        if day is None:
            return "Not a day from today on. Try fri, 3 days, 12 dec, or c for a calendar."
        return f"{day:%A} {day.day} {day:%B %Y}{_told_busy(self._busy.get(day, 0))}"

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        if event.value.strip() == "c":
            self._choose()
            return
        day = day_of(event.value, self._today)
        if day is not None:
            self.dismiss(day)

    @work
    async def _choose(self) -> None:
        days = [self._today + timedelta(days=number) for number in range(_CALENDAR_DAYS)]
        lines = [Content(f"{told_day(day, self._today):<16}{self._load(day)}") for day in days]
        place = await ask(self, Picking("Move to", lines))
        if place is not None:
            self.dismiss(days[place])

    def _load(self, day: date) -> str:
        return _told_busy(self._busy.get(day, 0)).lstrip(", ")


def _told_busy(number: int) -> str:
    return "" if not number else f", {number} To-Do{'s' * (number != 1)} there"
