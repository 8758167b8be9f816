"""The result of a step as boxes of text: items changed, added, removed and moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
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


class ItemBox(Vertical):
    """One item.

    Args:
        item: Its texts.
    """

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


class ResultEditor(VerticalScroll):
    """The items of a result, to be changed; its keys act while none of their texts has the focus.

    The cursor on an item is the editor's own, and no focus: keys typed fast find it where the one
    before has left it.
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

    class Changed(Message):
        """The items are others now."""

    _pointed: ItemBox | None = None

    async def load(self, items: Sequence[ItemTexts]) -> None:
        """Show these items, the cursor on the first."""
        await self.remove_children()
        await self.mount_all([ItemBox(item) for item in items])
        self._number()
        self._point_to(next(iter(self._boxes), None))
        self.focus()

    @property
    def items(self) -> tuple[ItemTexts, ...]:
        """The items as they are now."""
        return tuple(box.item for box in self._boxes)

    @property
    def _boxes(self) -> list[ItemBox]:
        return list(self.query_children(ItemBox))

    def _point_to(self, box: ItemBox | None) -> None:
        for each in self._boxes:
            each.set_class(each is box, "-pointed")
        self._pointed = box
        if box is not None:
            self.call_after_refresh(box.scroll_visible)

    async def action_add(self) -> None:
        """Add an item after this one."""
        box = self._pointed
        if box is not None:
            new = ItemBox(box.item.emptied())
            await self.mount(new, after=box)
            self._point_to(new)
            self._tell_changed()

    async def action_remove(self) -> None:
        """Remove this item, unless it is the only one."""
        box, boxes = self._pointed, self._boxes
        if box is None or len(boxes) == 1:
            return
        at = boxes.index(box)
        self._point_to(boxes[at + 1] if at + 1 < len(boxes) else boxes[at - 1])
        await box.remove()
        self._tell_changed()

    def action_move(self, by: int) -> None:
        """Move this item."""
        box, other = self._pointed, self._neighbour(by)
        if box is None or other is None:
            return
        if by < 0:
            self.move_child(box, before=other)
        else:
            self.move_child(box, after=other)
        self._point_to(box)
        self._tell_changed()

    def action_next(self, by: int) -> None:
        """Go to another item."""
        other = self._neighbour(by)
        if other is not None:
            self._point_to(other)

    def action_write(self) -> None:
        """Change the first text of this item."""
        if self._pointed is not None:
            for area in self._pointed.query(FieldText).results():
                area.focus()
                return

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keep keys from acting on items while a text is written."""
        acts_on_items = action in {"add", "remove", "move", "next", "write"}
        return self.has_focus or not acts_on_items

    def _neighbour(self, by: int) -> ItemBox | None:
        boxes = self._boxes
        if self._pointed is None:
            return None
        at = boxes.index(self._pointed) + by
        return boxes[at] if 0 <= at < len(boxes) else None

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Have the cursor on the item whose text is written."""
        for box in self._boxes:
            if box in event.widget.ancestors:
                self._point_to(box)

    @on(TextArea.Changed)
    def _tell(self, event: TextArea.Changed) -> None:
        event.stop()
        self.post_message(self.Changed())

    def _tell_changed(self) -> None:
        self._number()
        self.post_message(self.Changed())

    def _number(self) -> None:
        boxes = self._boxes
        for place, box in enumerate(boxes, 1):
            box.border_title = f"{place} of {len(boxes)}"
