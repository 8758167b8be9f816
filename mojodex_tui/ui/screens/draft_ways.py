"""What can be done with a draft's text without changing it: quoted, copied, written to a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.exporting import write_file
from mojodex_tui.ui.screens.line_prompt import LinePrompt
from mojodex_tui.ui.widgets.draft_pane import DraftPane
from mojodex_tui.ui.widgets.passage_text import PassageText

if TYPE_CHECKING:
    from mojodex_tui.state.session import DraftShown, SessionState
    from mojodex_tui.ui.screens.framed import Framed


class DraftWays(Container):
    """Holds the pane, and the keys that take its text elsewhere."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "copy", id="draft.copy", tooltip="Copy the draft, or what is chosen"),
        Binding(
            "w",
            "write_file",
            "file",
            id="draft.file",
            tooltip="Write the draft to a file",
            show=False,
        ),
        Binding("slash,ctrl+f", "find", "find", id="draft.find", show=False),
        Binding("v", "choose(False)", "select", id="draft.select", tooltip="Select a passage"),
        Binding("V", "choose(True)", "select lines", id="draft.select_lines", show=False),
        Binding("i", "ask", "ask", id="draft.ask", tooltip="Ask to change a passage", show=False),
        Binding(
            "ctrl+r",
            "ask",
            "ask about it",
            id="draft.ask_edited",
            tooltip="Ask the assistant to change what is selected",
            show=False,
        ),
    ]

    @dataclass
    class PassageChosen(Message):
        """The user wants to ask for a change of a passage."""

        text: str

    def __init__(self) -> None:
        super().__init__()
        self._state: SessionState | None = None
        self._sought = ""

    def compose(self) -> Iterator[Widget]:
        """Lay out the pane."""
        yield DraftPane(id="draft")

    @property
    def pane(self) -> DraftPane:
        """Where the draft is read and changed."""
        return self.query_one(DraftPane)

    def follow(self, state: SessionState) -> None:
        """Take in what the session is now."""
        self._state = state

    @property
    def _draft(self) -> DraftShown | None:
        return None if self._state is None else self._state.draft

    @property
    def _frame(self) -> Framed:
        # Only screens of ours compose this.
        return cast("Framed", self.screen)

    # --- a passage -------------------------------------------------------------------------

    def action_choose(self, by_lines: bool) -> None:
        """Choose a passage with the keyboard."""
        if self._draft is not None:
            self.pane.choose(self._draft.body, by_lines=by_lines)

    def action_ask(self) -> None:
        """Ask for a change of what is selected, in the editor or with the mouse."""
        pane = self.pane
        passage = pane.editor.selected_text if pane.editing else self.screen.get_selected_text()
        if passage:
            self.post_message(self.PassageChosen(passage))
            return
        keys = "Shift and the arrows" if pane.editing else "v and the arrows, or the mouse"
        self._frame.say(f"Select a part first, with {keys}.")

    @on(PassageText.Chosen)
    def _use_passage(self, message: PassageText.Chosen) -> None:
        message.stop()
        self.pane.stop_choosing()
        if message.to_copy:
            self._frame.copy_text(message.text)
        else:
            self.post_message(self.PassageChosen(message.text))

    @on(PassageText.Left)
    def _leave_passage(self, message: PassageText.Left) -> None:
        message.stop()
        self.pane.stop_choosing()

    # --- search ----------------------------------------------------------------------------

    @work(group="find", exclusive=True)
    async def action_find(self) -> None:
        """Go to the next place where words stand; asked for again with Enter, nothing ends it."""
        view = self.pane.view
        prompt = LinePrompt(
            "Find in the draft", "words; Enter goes to the next place", self._sought
        )
        sought = await ask(self, prompt)
        if sought is None:
            return
        if sought != self._sought:
            view.find(sought, from_window=True)
        self._sought = sought
        if not sought or view.find_next():
            return
        view.action_scroll_home()
        view.find(sought)
        is_there = view.find_next()
        said = "from the start again" if is_there else "does not stand in the draft"
        self._frame.say(f"“{sought}”: {said}.")

    # --- copies ----------------------------------------------------------------------------

    def action_copy(self) -> None:
        """Copy what is selected, or all of the draft that is shown."""
        if self._draft is not None:
            self._frame.copy_text(self.screen.get_selected_text() or self.pane.view.text)

    @work(group="file")
    async def action_write_file(self) -> None:
        """Write the draft to a file."""
        if self._draft is not None and self._state is not None:
            title = self._draft.title or self._state.title
            said = await write_file(self, title, self.pane.view.text)
            if said is not None:
                self._frame.say(said)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now only."""
        if not self.is_mounted or self._draft is None:
            return False
        pane = self.pane
        if action == "ask":
            return not pane.choosing
        return not (pane.editing or pane.choosing)
