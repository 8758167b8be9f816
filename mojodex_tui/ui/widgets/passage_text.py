"""A text in which a passage is chosen with the keyboard: it can be read, not changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets.text_area import Selection

from mojodex_tui.ui.widgets.markdown_area import MarkdownArea


class PassageText(MarkdownArea):
    """Every move of the cursor makes the passage longer or shorter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "ask", "ask a change", id="passage.ask"),
        Binding("y", "copy_passage", "copy", id="passage.copy"),
        Binding("V", "whole_lines", "whole lines", id="passage.lines"),
        Binding("escape,v", "leave", "back", id="passage.leave"),
        Binding("down,j", "cursor_down(True)", "down", id="passage.down", show=False),
        Binding("up,k", "cursor_up(True)", "up", id="passage.up", show=False),
        Binding("left,h", "cursor_left(True)", "left", id="passage.left", show=False),
        Binding("right", "cursor_right(True)", "right", id="passage.right", show=False),
        Binding("w", "cursor_word_right(True)", "word", id="passage.word", show=False),
        Binding("b", "cursor_word_left(True)", "word back", id="passage.word_back", show=False),
        Binding("home", "cursor_line_start(True)", "start", id="passage.start", show=False),
        Binding("end", "cursor_line_end(True)", "end", id="passage.end", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """The passage is to be changed by the assistant, or copied."""

        text: str
        to_copy: bool = False

    class Left(Message):
        """Nothing is to be done with a passage."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, read_only=True, soft_wrap=True, tab_behavior="focus")
        self._by_lines = False

    def begin(self, text: str, line: int, *, by_lines: bool) -> None:
        """Show `text` with the cursor in a line.

        Args:
            text: All of it.
            line: The line, from 0.
            by_lines: The passage is whole lines, the cursor's first of all.
        """
        self.load_text(text)
        self._by_lines = by_lines
        self.move_cursor((min(line, self.document.line_count - 1), 0))
        if by_lines:
            self.action_cursor_line_end(True)

    @property
    def passage(self) -> str:
        """What is chosen; without a choice the line of the cursor."""
        start, end = sorted((self.selection.start, self.selection.end))
        if self._by_lines or start == end:
            start, end = (start[0], 0), (end[0], len(self.document.get_line(end[0])))
        return self.get_text_range(start, end)

    def action_ask(self) -> None:
        """Have the passage changed."""
        self.post_message(self.Chosen(self.passage))

    def action_copy_passage(self) -> None:
        """Have the passage copied."""
        self.post_message(self.Chosen(self.passage, to_copy=True))

    def action_whole_lines(self) -> None:
        """Choose whole lines from now on."""
        self._by_lines = True
        start, end = sorted((self.selection.start, self.selection.end))
        length = len(self.document.get_line(end[0]))
        self.selection = Selection((start[0], 0), (end[0], length))

    def action_leave(self) -> None:
        """Choose nothing."""
        self.post_message(self.Left())
