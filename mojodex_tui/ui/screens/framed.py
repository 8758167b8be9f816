"""The frame of every full screen: header, notice, hints, and a sentence when there is no room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from mojodex_tui.client.errors import ApiError
from mojodex_tui.ui.clipboard import copy
from mojodex_tui.ui.screens.reading import Reading
from mojodex_tui.ui.widgets.header import HeaderLine
from mojodex_tui.ui.widgets.hints import HintsLine
from mojodex_tui.ui.widgets.notice import Notice

if TYPE_CHECKING:
    from mojodex_tui.ui.shell import Shell

SMALLEST = (60, 18)
"""Columns and rows under which nothing is drawn but a sentence."""


class Framed(Screen[None]):
    """A full screen: a subclass lays out what stands between header and hints."""

    PLACE: ClassVar[str] = ""
    """The place in the header this screen belongs to."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-tall")]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f4,i",
            "explain_failure",
            "What was said",
            id="notice.explain",
            tooltip="Read what the server really said about the last failure",
            show=False,
        ),
        Binding("q", "leave_small", "Leave", id="small.leave", show=False),
    ]

    failure: reactive[ApiError | None] = reactive(None, bindings=True)
    """What the notice tells about."""

    is_too_small: reactive[bool] = reactive(False, bindings=True)

    _focused_before: Widget | None = None

    @property
    def shell(self) -> Shell:
        """The application around this screen."""
        # Any application that opens our screens is one: Textual only knows it as `App`.
        return cast("Shell", self.app)

    def compose(self) -> ComposeResult:
        """Lay out the frame and, within it, the subclass's part."""
        yield HeaderLine(self.PLACE)
        yield from self.compose_body()
        yield Notice()
        yield HintsLine()
        yield Static(classes="too-small")

    def compose_body(self) -> Iterator[Widget]:
        """Lay out what stands between header and hints."""
        yield from ()

    async def keep_typed(self) -> None:
        """Have what was typed here on disk; asked for before the screen goes away."""

    def on_resize(self, event: events.Resize) -> None:
        """Give way to a sentence while there is no room to draw."""
        columns, rows = SMALLEST
        self.is_too_small = event.size.width < columns or event.size.height < rows
        if self.is_too_small:
            self.query_one(".too-small", Static).update(
                f"Mojodex needs {columns} columns and {rows} rows; "
                f"this window has {event.size.width} and {event.size.height}. "
                "Make it larger to go on: nothing is lost. q leaves."
            )

    def watch_is_too_small(self, was_too_small: bool, is_too_small: bool) -> None:
        """Hide all, or show it again as it was left."""
        if is_too_small == was_too_small:
            return
        if is_too_small:
            self._focused_before = self.focused
            self.set_focus(None)
        self.set_class(is_too_small, "-too-small")
        if not is_too_small and self._focused_before is not None:
            # At once, so that it takes the key that comes next: only what is shown can have it.
            self.app.stylesheet.update(self)
            self.set_focus(self._focused_before)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now only."""
        if action == "explain_failure":
            return self.failure is not None
        if action == "leave_small":
            return self.is_too_small
        return True

    def say_failed(self, error: ApiError, doing: str) -> None:
        """Show why something did not work.

        Args:
            error: Why.
            doing: What was tried, and what is safe all the same.
        """
        self.failure = error
        self.warn(f"{doing} {error.sentence}", "F5 again  F4 what was said")

    def say(self, sentence: str, keys: str = "") -> None:
        """Show a sentence above the hints, until something else is to be said."""
        self._show_notice(sentence, keys, is_warning=False)

    def warn(self, sentence: str, keys: str = "") -> None:
        """Show a sentence with a mark: something did not work, or must be looked at."""
        self._show_notice(sentence, keys, is_warning=True)

    def _show_notice(self, sentence: str, keys: str, *, is_warning: bool) -> None:
        # An answer may come while the screen is closed: then there is no line any more.
        for notice in self.query(Notice):
            notice.keys = keys
            notice.is_warning = is_warning
            notice.sentence = sentence

    def say_nothing(self) -> None:
        """Take the sentence away: it holds no longer."""
        self.failure = None
        for notice in self.query(Notice):
            notice.sentence = ""

    @work(group="copy")
    async def copy_text(self, text: str) -> None:
        """Copy, and say by which way."""
        self.notify(await copy(self.app, text), timeout=4)

    async def action_leave_small(self) -> None:
        """Leave, while there is no room for anything else."""
        await self.app.action_quit()

    def action_explain_failure(self) -> None:
        """Show what was really said."""
        if self.failure is not None:
            self.app.push_screen(Reading("What was said", self.failure.raw))
