"""The nodes of a chain, one a line, branches to the side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import set_cell_size
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mojodex_tui.state.chain import ChainLine, ChainTree, Standing, told_usage

_PLACE_CELLS = 15
_WHO_CELLS = 16
_STATE_CELLS = 11
_TIME_CELLS = 8
_USAGE_CELLS = 9
_USAGE_FROM = 100
"""Columns from which each line tells what it cost."""
_MOST_DEPTH = 6
"""Branches of branches beyond this are drawn no further to the right."""

_STYLES = {
    Standing.ACCEPTED: "$quiet-text",
    Standing.ERROR: "bold $error",
    Standing.PENDING: "$warning",
    Standing.WAITING: "bold $accent",
    Standing.ENDED: "$success",
    Standing.LEFT: "$quiet-text",
}


class ChainList(OptionList):
    """Shows nodes: role and kind, who spoke to whom, what became of it, when, and its words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "open", id="chain.open", tooltip="Read all of the node"),
        Binding("j", "cursor_down", "Down", id="chain.down", show=False),
        Binding("k", "cursor_up", "Up", id="chain.up", show=False),
        Binding("g", "first", "First", id="chain.first", show=False),
        Binding("G", "last", "Last", id="chain.last", show=False),
    ]

    chain: reactive[ChainTree] = reactive(ChainTree(), init=False)

    @dataclass
    class Chosen(Message):
        """The user wants to read a node."""

        line: ChainLine

    @dataclass
    class Pointed(Message):
        """The cursor is on another line, or the line has changed."""

        line: ChainLine | None

    def __init__(self) -> None:
        super().__init__(markup=False)

    @property
    def pointed(self) -> ChainLine | None:
        """The line under the cursor."""
        option = self.highlighted_option
        return None if option is None else self.chain.line(option.id)

    def watch_chain(self, before: ChainTree, now: ChainTree) -> None:
        """Show the nodes; the cursor stays on its node, and on the tip if it was there."""
        option = self.highlighted_option
        self._draw()
        follows = option is None or option.id == before.tip
        self._point_at(now.tip if option is None or follows else option.id)
        self.post_message(self.Pointed(self.pointed))

    def follow(self) -> None:
        """Put the cursor where something happens, and let it go along."""
        self._point_at(self.chain.tip)

    def _point_at(self, node_id: str | None) -> None:
        places = (index for index, line in enumerate(self.chain.lines) if line.node.id == node_id)
        self.highlighted = next(places, None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to open a node only where there is one."""
        if action == "select":
            return self.pointed is not None
        return super().check_action(action, parameters)

    def on_resize(self) -> None:
        """Share the width anew."""
        at = self.highlighted
        self._draw()
        self.highlighted = at

    def _draw(self) -> None:
        self.set_options(Option(self._line(line), id=line.node.id) for line in self.chain.lines)

    def _line(self, line: ChainLine) -> Content:
        node = line.node
        wide = self.app.size.width >= _USAGE_FROM
        usage = told_usage(node.usage.tokens, node.usage.cost).partition("  ")[0] if wide else ""
        columns = [
            (f"{_branch(line)}{node.role} {node.kind.replace('_', ' ')}", _PLACE_CELLS, ""),
            (who(line), _WHO_CELLS, "$quiet-text"),
            (line.words, _STATE_CELLS, _STYLES[line.standing]),
            (f"{line.at:%H:%M:%S}", _TIME_CELLS, "$quiet-text"),
            *([(usage.rjust(_USAGE_CELLS), _USAGE_CELLS, "$quiet-text")] if wide else []),
        ]
        text = node.error.text if node.error is not None else node.text
        cells = [(f" {set_cell_size(said, room)}", style) for said, room, style in columns]
        return Content.assemble(*cells, "  ", text)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell which line the cursor is on."""
        event.stop()
        self.post_message(self.Pointed(self.pointed))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask for the chosen node."""
        event.stop()
        if self.pointed is not None:
            self.post_message(self.Chosen(self.pointed))


def who(line: ChainLine) -> str:
    """Return who spoke, and to whom if to anyone in particular."""
    node = line.node
    return f"{node.sender} → {node.to}" if node.to else node.sender


def _branch(line: ChainLine) -> str:
    depth = min(line.depth, _MOST_DEPTH)
    if not depth:
        return ""
    return "│ " * (depth - 1) + ("├ " if line.begins_branch else "│ ")
