"""A result that its user rewrites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.binding import Binding, BindingType
from textual.message import Message

from mojodex_tui.state.step_result import Item, NotReadable, items_of, texts_of
from mojodex_tui.ui.widgets.result_editor import ResultEditor

if TYPE_CHECKING:
    from mojodex_tui.ui.decision_drafts import DecisionDrafts
    from mojodex_tui.ui.screens.framed import Framed


class OwnResult(ResultEditor):
    """Keeps what is typed, and hands it on when it is saved.

    Args:
        kept: What is on disk of it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "save result", id="result.save", tooltip="Save your result"),
    ]

    @dataclass
    class Saved(Message):
        """The user's result is to take the place of the assistant's."""

        step_execution_pk: int
        items: list[Item]

    def __init__(self, kept: DecisionDrafts) -> None:
        super().__init__(id="editor")
        self._kept = kept
        self._edited: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether a result is edited."""
        return self._edited is not None

    async def open(self, step_execution_pk: int, items: Sequence[Item]) -> None:
        """Open a result, as it was left if it was edited before."""
        texts = texts_of(items)
        brought_back = await self._kept.result(step_execution_pk, texts)
        self._edited = step_execution_pk
        await self.load(brought_back or texts)
        if brought_back is not None:
            self._say("These are your changes as you left them; ^S saves them.")

    async def forget(self) -> None:
        """Keep nothing of it: it is saved."""
        if self._edited is not None:
            await self._kept.forget_result(self._edited)

    async def close(self) -> None:
        """Put it away."""
        self._edited = None
        await self.remove_children()

    async def keep_typed(self) -> None:
        """Have what was typed on disk."""
        if self._edited is not None:
            await self._kept.keep_result(self._edited, self.items)

    def action_save(self) -> None:
        """Hand on what was typed, if it can be read as values."""
        if self._edited is None:
            return
        try:
            items = items_of(self.items)
        except NotReadable as error:
            self._say(f"Not saved. {error}")
        else:
            self.post_message(self.Saved(self._edited, items))

    @on(ResultEditor.Changed)
    def _note_typed(self) -> None:
        self._keep_soon()

    @work(group="keep", exclusive=True)
    async def _keep_soon(self) -> None:
        await self.keep_typed()

    def step_out(self) -> bool:
        """Go from a text to the items; return whether the focus was in a text."""
        if self.has_focus or not self.has_focus_within:
            return False
        self.screen.set_focus(self)
        return True

    def _say(self, sentence: str) -> None:
        # Only screens of ours compose this.
        cast("Framed", self.screen).say(sentence)
