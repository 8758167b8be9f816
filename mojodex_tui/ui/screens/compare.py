"""Two versions of a draft, compared: changes read, taken back, versions restored."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.message_pump import MessagePump
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from mojodex_tui.client.errors import ApiError
from mojodex_tui.state.comparison import compare, patch
from mojodex_tui.state.times import here_and_now
from mojodex_tui.state.versions import KnownVersion
from mojodex_tui.ui.messages import (
    DraftChanged,
    DraftToEdit,
    DraftToSave,
    NewestPreferred,
    VersionRestored,
)
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.widgets.diff_view import DiffView

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

TWO_COLUMNS_FROM = 100
"""Columns of the terminal from which both texts stand side by side."""


class CompareScreen(Framed):
    """Shows how one version became another.

    What the user decides is told to `asker`; nothing is saved here.

    Args:
        title: What the draft is called.
        fetch: Returns a version by its place, from 1.
        count: How many versions there are.
        left: The version on the left.
        right: The one on the right; one more than there are is the working copy.
        working: The working copy, if there is one.
        asker: Who is told what the user decides.
        is_conflict: The working copy was begun before the newest version came: one of them has
            to be on top.
    """

    PLACE = "History"
    AUTO_FOCUS = "DiffView"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "save yours", id="compare.save", tooltip="Save your text on top"),
        Binding("t", "prefer_newest", "take theirs", id="compare.theirs"),
        Binding("u", "take_back", "undo change", id="compare.take_back"),
        Binding("R", "restore", "restore", id="compare.restore", tooltip="Bring the left back"),
        Binding("e", "edit", "edit", id="compare.edit", tooltip="Go on in the editor"),
        Binding("left_square_bracket", "left(-1)", "left", id="compare.left_older"),
        Binding(
            "right_square_bracket", "left(1)", "left newer", id="compare.left_newer", show=False
        ),
        Binding("left_curly_bracket", "right(-1)", "right", id="compare.right_older"),
        Binding(
            "right_curly_bracket", "right(1)", "right newer", id="compare.right_newer", show=False
        ),
        Binding("y", "copy_patch", "copy", id="compare.copy", tooltip="Copy the difference"),
        Binding("escape", "back", "back", id="compare.back"),
    ]

    left: reactive[int] = reactive(1, init=False)
    right: reactive[int] = reactive(2, init=False)

    def __init__(
        self,
        title: str,
        fetch: Callable[[int], Awaitable[KnownVersion]],
        count: int,
        *,
        left: int,
        right: int,
        working: KnownVersion | None,
        asker: MessagePump,
        is_conflict: bool = False,
    ) -> None:
        super().__init__()
        self._draft_title = title
        self._fetch_version = fetch
        self._count = count
        self._working = working
        self._asker = asker
        self._is_conflict = is_conflict
        self._sides: tuple[KnownVersion, KnownVersion] | None = None
        self.set_reactive(CompareScreen.left, left)
        self.set_reactive(CompareScreen.right, right)

    def compose_body(self) -> Iterator[Widget]:
        """Lay out the title, the texts, and what can be done."""
        yield Static(self._draft_title, classes="title", markup=False)
        yield DiffView()
        yield Static(classes="choices", markup=False)

    def on_mount(self) -> None:
        """Show both."""
        view = self.query_one(DiffView)
        view.two_columns = self.app.size.width >= TWO_COLUMNS_FROM
        view.border_title = "Comparing…"
        self._show()

    # --- what is shown ---------------------------------------------------------------------

    @property
    def _last(self) -> int:
        """The place of the last side there is."""
        return self._count + (self._working is not None)

    async def _side(self, place: int) -> KnownVersion:
        if place > self._count and self._working is not None:
            return self._working
        return await self._fetch_version(place)

    @work(group="compare", exclusive=True)
    async def _show(self) -> None:
        """Compare what is on both sides now."""
        try:
            left = await self.shell.ask(lambda: self._side(self.left))
            right = await self.shell.ask(lambda: self._side(self.right))
        except ApiError as error:
            self.say_failed(error, "That version could not be fetched.")
            return
        # Long texts take their time, and keys must not wait for it.
        comparison = await asyncio.to_thread(compare, left.body, right.body)
        self._sides = left, right
        view = self.query_one(DiffView)
        view.comparison = comparison
        now = here_and_now()
        view.border_title = Content(f"{left.heading(now)}  →  {right.heading(now)}")
        view.border_subtitle = f"+{comparison.added} -{comparison.removed} lines"
        self._show_choices()

    @on(DiffView.CurrentChanged)
    def _follow_change(self, message: DiffView.CurrentChanged) -> None:
        message.stop()
        self._show_choices()

    def _show_choices(self) -> None:
        """Say which change the keys act on, and what they do."""
        view = self.query_one(DiffView)
        changes = len(view.comparison.changes)
        lines = [f"change {view.current + 1} of {changes}" if changes else "These are the same."]
        if self._is_conflict:
            theirs, mine = f"v{self._count}", f"v{self._count + 1}"
            lines = [
                f"{theirs} came while you were writing.   {lines[0]}",
                f"^S saves yours on top, as {mine}     t takes {theirs} and keeps yours below it",
                "u takes back this change of yours     e edits yours     Esc decides later",
            ]
        else:
            can = ["u takes back only this change"] if changes else []
            if self.check_action("restore", ()):
                can.insert(0, f"R brings v{self.left} back as v{self._count + 1}")
            if self._working is not None:
                can.append(f"^S saves yours as v{self._count + 1}")
            lines.append("     ".join(can))
        self.query_one(".choices", Static).update("\n".join(lines))
        self.refresh_bindings()

    # --- other sides -----------------------------------------------------------------------

    def action_left(self, step: int) -> None:
        """Compare with an older or newer version."""
        if 1 <= self.left + step <= self._last:
            self.left += step

    def action_right(self, step: int) -> None:
        """Have an older or newer version compared."""
        if 1 <= self.right + step <= self._last:
            self.right += step

    def watch_left(self) -> None:
        """Compare anew."""
        self._show()

    def watch_right(self) -> None:
        """Compare anew."""
        self._show()

    # --- deciding --------------------------------------------------------------------------

    def action_take_back(self) -> None:
        """Take the change back, in the working copy."""
        view = self.query_one(DiffView)
        if self._sides is None or not view.comparison.changes:
            return
        right = self._sides[1]
        if self._working is not None and right.index is not None:
            self.warn("You have changes that are not saved: } brings them to the right side.")
            return
        body = view.comparison.without(view.current)
        self._working = replace(
            right, body=body, index=None, version_pk=None, by_user=True, when=None
        )
        self._tell(DraftChanged(body))
        if self.right == self._last:
            self._show()
        else:
            self.right = self._last

    def action_restore(self) -> None:
        """Bring the left version back as the newest."""
        if self._sides is not None:
            self._tell(VersionRestored(self._sides[0]))
            self.dismiss(None)

    def action_save(self) -> None:
        """Save the working copy on top of all versions."""
        if self._working is not None:
            self._tell(DraftToSave(self._working.body, self._count))
            self.dismiss(None)

    def action_prefer_newest(self) -> None:
        """Let the newest version stay on top."""
        if self._sides is not None and self._working is not None:
            self._tell(NewestPreferred(self._sides[0], self._working.body))
            self.dismiss(None)

    def action_edit(self) -> None:
        """Go on in the editor."""
        self._tell(DraftToEdit())
        self.dismiss(None)

    def action_back(self) -> None:
        """Go back to the draft; the working copy is kept."""
        self.dismiss(None)

    def _tell(self, message: Message) -> None:
        self._asker.post_message(message)

    def action_copy_patch(self) -> None:
        """Copy what is selected, or else the difference as a patch."""
        if self._sides is None:
            return
        left, right = self._sides
        text = self.get_selected_text() or patch(left.body, right.body, left.name, right.name)
        self.copy_text(text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now only."""
        match action:
            case "save" | "edit":
                return self._working is not None
            case "prefer_newest":
                return self._is_conflict
            case "restore":
                left = self._sides[0] if self._sides is not None else None
                return (
                    not self._is_conflict
                    and left is not None
                    and left.index is not None
                    and left.index < self._count
                )
            case "left" | "right":
                return not self._is_conflict
            case _:
                return super().check_action(action, parameters)
