"""The result of a step as boxes of text: items changed, added, removed and moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Static, TextArea

from mojodex_tui.state.step_result import Field, ItemTexts, ValueKind

_KINDS = {ValueKind.NUMBER: "  (a number)", ValueKind.DATA: "  (data, as JSON)"}


class FieldText(TextArea):
    """One value of an item."""

    def __init__(self, field: Field) -> None:
        super().__init__(
            field.text,
            soft_wrap=True,
            show_line_numbers=False,
            compact=True,
            highlight_cursor_line=False,
        )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+g", "app.edit_outside", "editor", id="result.editor"),
    ]


class ItemBox(Vertical, can_focus=True):
    """One item; the keys act on it while it, and none of its texts, has the focus.

    Args:
        item: Its texts.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus,a", "add", "add", id="item.add", tooltip="Add an item after this one"),
        Binding("minus", "remove", "remove", id="item.remove", tooltip="Remove this item"),
        Binding("K", "move(-1)", "up", id="item.up", tooltip="Move this item up"),
        Binding("J", "move(1)", "down", id="item.down", tooltip="Move this item down"),
        Binding("enter", "write", "write", id="item.write", tooltip="Change this item's texts"),
        Binding("j,down", "next(1)", "next item", id="item.next", show=False),
        Binding("k,up", "next(-1)", "item before", id="item.previous", show=False),
    ]

    class Asked(Message):
        """Something is to be done with an item."""

        def __init__(self, box: ItemBox, deed: str, by: int = 0) -> None:
            super().__init__()
            self.box = box
            self.deed = deed
            self.by = by

    def __init__(self, item: ItemTexts) -> None:
        super().__init__()
        self._item = item

    def compose(self) -> ComposeResult:
        """Lay out each value under its name."""
        for field in self._item.fields:
            label = field.name.replace("_", " ") + _KINDS.get(field.kind, "")
            yield Static(label, classes="name", markup=False)
            yield FieldText(field)

    @property
    def item(self) -> ItemTexts:
        """The item as it is now."""
        texts = [area.text for area in self.query(FieldText)]
        return self._item.with_texts(texts) if len(texts) == len(self._item.fields) else self._item

    def action_add(self) -> None:
        """Add an item after this one."""
        self.post_message(self.Asked(self, "add"))

    def action_remove(self) -> None:
        """Remove this item."""
        self.post_message(self.Asked(self, "remove"))

    def action_move(self, by: int) -> None:
        """Move this item."""
        self.post_message(self.Asked(self, "move", by))

    def action_next(self, by: int) -> None:
        """Go to another item."""
        self.post_message(self.Asked(self, "go", by))

    def action_write(self) -> None:
        """Change the first text."""
        areas = self.query(FieldText)
        if areas:
            areas.first().focus()


class ResultEditor(VerticalScroll, can_focus=False):
    """The items of a result, to be changed."""

    class Changed(Message):
        """The items are others now."""

    async def load(self, items: Sequence[ItemTexts]) -> None:
        """Show these items, the first one with the focus."""
        await self.remove_children()
        await self.mount_all([ItemBox(item) for item in items])
        self._number()
        boxes = self._boxes()
        if boxes:
            boxes[0].focus()

    @property
    def items(self) -> tuple[ItemTexts, ...]:
        """The items as they are now."""
        return tuple(box.item for box in self._boxes())

    def _boxes(self) -> list[ItemBox]:
        return [box for box in self.query(ItemBox) if not box.has_class("-removed")]

    @on(ItemBox.Asked)
    async def _do(self, message: ItemBox.Asked) -> None:
        message.stop()
        boxes, box = self._boxes(), message.box
        if box not in boxes:
            return
        at = boxes.index(box)
        match message.deed:
            case "add":
                new = ItemBox(box.item.emptied())
                await self.mount(new, after=box)
                new.focus()
            case "remove" if len(boxes) > 1:
                (boxes[at + 1] if at + 1 < len(boxes) else boxes[at - 1]).focus()
                await box.remove()
            case "move" if 0 <= at + message.by < len(boxes):
                other = boxes[at + message.by]
                if message.by < 0:
                    self.move_child(box, before=other)
                else:
                    self.move_child(box, after=other)
                self.call_after_refresh(box.scroll_visible)
            case "go" if 0 <= at + message.by < len(boxes):
                boxes[at + message.by].focus()
        self._number()
        self.post_message(self.Changed())

    @on(TextArea.Changed)
    def _tell(self, event: TextArea.Changed) -> None:
        event.stop()
        self.post_message(self.Changed())

    def _number(self) -> None:
        boxes = self._boxes()
        for place, box in enumerate(boxes, 1):
            box.border_title = f"{place} of {len(boxes)}"
