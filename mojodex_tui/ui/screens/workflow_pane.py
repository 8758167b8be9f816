"""One row of a run: what its step was given, its result, and what changed by a try."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from mojodex_tui.state.comparison import compare
from mojodex_tui.state.step_result import as_plain
from mojodex_tui.state.workflow import StepRow, WorkflowState, tries_differ
from mojodex_tui.state.workflow_words import given, result_text, title
from mojodex_tui.ui.screens.workflow_editing import OwnResult
from mojodex_tui.ui.widgets.diff_view import DiffView
from mojodex_tui.ui.widgets.result_editor import ResultEditor
from mojodex_tui.ui.widgets.result_view import ResultText

if TYPE_CHECKING:
    from mojodex_tui.ui.arming import Arming
    from mojodex_tui.ui.decision_drafts import DecisionDrafts


class ResultPane(Vertical):
    """Shows a row, or another text in its place.

    Args:
        kept: What is on disk of a result that is edited.
        arming: Is told when another text is in sight.
    """

    def __init__(self, kept: DecisionDrafts, arming: Arming) -> None:
        super().__init__(id="result-pane")
        self.text = ResultText(arming)
        """The result: while it has the focus, keys decide on it."""
        self.editor = OwnResult(kept)
        """The result while it is edited."""
        self._tries = DiffView(id="tries")
        self._given = Static(id="given", markup=False)
        self._below = Static(id="below", markup=False)
        self._state: WorkflowState | None = None
        self._row: StepRow | None = None
        self._other: tuple[str, str] | None = None

    def compose(self) -> ComposeResult:
        """Lay out the ways to show a row, of which one is in sight."""
        yield self._given
        yield self.text
        yield self._tries
        yield self.editor
        yield self._below

    @property
    def shows_row(self) -> bool:
        """Whether a row is in sight, and no other text."""
        return self._other is None

    @property
    def target(self) -> Widget:
        """What of it takes the focus."""
        if self.editor.is_open:
            return self.editor
        return self._tries if self.is_comparing else self.text

    @property
    def is_comparing(self) -> bool:
        """Whether it shows what a try changed."""
        return self.has_class("-comparing")

    @property
    def text_to_copy(self) -> str:
        """What is in sight, as text."""
        last = self._row.last if self._row is not None else None
        return self.text.text if self._other or last is None else as_plain(last.result_items)

    # --- what is shown ---------------------------------------------------------------------

    def show_row(self, state: WorkflowState, row: StepRow | None) -> None:
        """Show a row of a run, unless another text is in its place."""
        if self._row is not None and row is not None and row.key != self._row.key:
            self.remove_class("-comparing")
        self._state, self._row = state, row
        self._show()

    def show_other(self, title: str, text: str) -> None:
        """Show a text in place of the row: the inputs, or what the workflow produced."""
        self._other = title, text
        self._show()

    def show_result(self) -> None:
        """Show the row again."""
        self._other = None
        self._show()

    def _show(self) -> None:
        if self._other is not None:
            self.border_title, words = self._other
            self.text.show(words)
            _line(self._given, "")
            _line(self._below, "")
        elif self._row is not None:
            self.border_title = title(self._row)
            _line(self._given, given(self._row))
            _line(self._below, "\n".join(self._told_below(self._row)))
            self.text.show(result_text(self._row))

    def _told_below(self, row: StepRow) -> Iterator[str]:
        for number, one in enumerate(row.tries, 1):
            if one.learned_instruction:
                yield f"Your instruction (try {number}): “{one.learned_instruction}”"
        if self.editor.is_open and self._state is not None:
            yield self._state.effect_of(row, len(self.editor.items))

    # --- editing ---------------------------------------------------------------------------

    async def open_editor(self, row: StepRow, step_execution_pk: int) -> None:
        """Open the result of a row in boxes of text."""
        if row.last is None:
            return
        self.add_class("-editing")
        await self.editor.open(step_execution_pk, row.last.result_items)
        self._show()

    async def close_editor(self) -> None:
        """Show the result again."""
        self.remove_class("-editing")
        self.screen.set_focus(self.text)
        await self.editor.close()
        self._show()

    @on(ResultEditor.Changed)
    def _tell_effect(self, message: ResultEditor.Changed) -> None:
        message.stop()
        if self._row is not None:
            _line(self._below, "\n".join(self._told_below(self._row)))

    # --- tries -----------------------------------------------------------------------------

    @property
    def may_compare(self) -> bool:
        """Whether there are two results of the row in sight."""
        row = self._row if self.shows_row and not self.editor.is_open else None
        return row is not None and tries_differ(row)

    def compare(self) -> None:
        """Show what the last try changed, or the result again."""
        row = self._row
        if row is None:
            return
        if self.is_comparing:
            self.remove_class("-comparing")
        else:
            before, after = [one for one in row.tries if one.result is not None][-2:]
            view = self._tries
            view.comparison = compare(as_plain(before.result_items), as_plain(after.result_items))
            self.add_class("-comparing")
        self.screen.set_focus(self.target)

    async def step_out(self) -> bool:
        """Leave what is open in here; return whether anything was."""
        if self.editor.is_open:
            if not self.editor.step_out():
                await self.editor.keep_typed()
                await self.close_editor()
            return True
        if self.is_comparing:
            self.compare()
            return True
        return False


def _line(line: Static, words: str) -> None:
    line.update(words)
    line.display = bool(words)
