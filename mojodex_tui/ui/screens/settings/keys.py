"""Settings, Keys: every binding, and another key for it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from mojodex_tui.settings.sections import NO_KEY
from mojodex_tui.state.search import plain
from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.bindings import Bound, every_binding
from mojodex_tui.ui.key_map import KeyMap
from mojodex_tui.ui.keys import label
from mojodex_tui.ui.screens.settings.key_prompt import KeyPrompt
from mojodex_tui.ui.screens.settings.page import Page, aside

_KEY_CELLS = 9


class KeyFilter(Input):
    """Where a key is searched; Down goes on in the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,enter", "to_list", "keys", id="keys.to_list"),
    ]

    @dataclass
    class Left(Message):
        """The list is wanted."""

    def action_to_list(self) -> None:
        """Go to the list."""
        self.post_message(self.Left())


class KeyList(OptionList):
    """The bindings, one a line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "other key", id="keys.change", tooltip="Give it another key"),
        Binding(
            "backspace", "give('')", "as usual", id="keys.reset", tooltip="Give it its own key back"
        ),
        Binding(
            "x,delete", f"give('{NO_KEY}')", "no key", id="keys.remove", tooltip="Take its key away"
        ),
        Binding("j", "cursor_down", "Down", id="keys.down", show=False),
        Binding("k", "cursor_up", "Up", id="keys.up", show=False),
    ]

    @dataclass
    class Given(Message):
        """A binding is to have other keys."""

        id: str
        keys: str
        """Empty for those it has by itself."""

    def action_give(self, keys: str) -> None:
        """Give the binding under the cursor other keys."""
        option = self.highlighted_option
        if option is not None and option.id is not None:
            self.post_message(self.Given(option.id, keys))


class KeysPage(Page):
    """All bindings, to search in and to change."""

    key_map: reactive[KeyMap | None] = reactive(None)

    def compose(self) -> ComposeResult:
        """Lay out search, list, and what is known of the line under the cursor."""
        yield KeyFilter(placeholder="find a key or a word", compact=True, select_on_focus=False)
        yield KeyList(markup=False)
        yield aside("Looking for every key there is…", "concerns")

    def on_mount(self) -> None:
        """Find the bindings."""
        self.show()

    @work(group="settings", exclusive=True)
    async def show(self) -> None:
        """Show every binding: their screens are imported first, in a thread."""
        await asyncio.to_thread(every_binding)
        self.key_map = KeyMap(self.shell.preferences.settings.keys.root)

    def watch_key_map(self) -> None:
        """Show the keys, with the cursor where it was."""
        if self.key_map is None:
            return
        listed = self.query_one(KeyList)
        at = listed.highlighted_option
        words = plain(self.query_one(KeyFilter).value).split()
        shown = [bound for bound in self.key_map.bindings.values() if self._answers(bound, words)]
        options: list[Option] = []
        for place, bounds in groupby(shown, lambda bound: bound.place):
            options.append(Option(Content.styled(place.upper(), "bold $heading"), disabled=True))
            options += [Option(self._line(bound), id=bound.id) for bound in bounds]
        listed.set_options(options)
        ids = [option.id for option in options]
        if at is not None and at.id in ids:
            listed.highlighted = ids.index(at.id)
        else:
            listed.action_first()
        if not shown:
            self.query_one("#concerns", Static).update("No key answers that.")

    def _answers(self, bound: Bound, words: list[str]) -> bool:
        if self.key_map is None:
            return False
        keys = " ".join(map(label, self.key_map.keys_of(bound)))
        said = plain(f"{keys} {bound.words} {bound.place} {bound.id}")
        return all(word in said for word in words)

    def _line(self, bound: Bound) -> Content:
        if self.key_map is None:
            return Content("")
        keys = " ".join(map(label, self.key_map.keys_of(bound))) or NO_KEY
        changed = self.key_map.changed.get(bound.id)
        mark = "!" if self.key_map.concerns(bound, changed) else "*" if changed else " "
        return Content.assemble(
            (f"{mark} ", "bold $warning"),
            (f"{keys:<{_KEY_CELLS}} ", "bold $chosen"),
            bound.words,
        )

    @on(OptionList.OptionHighlighted)
    def _tell(self, event: OptionList.OptionHighlighted) -> None:
        if self.key_map is None or event.option_id is None:
            return
        bound = self.key_map.bindings[event.option_id]
        changed = self.key_map.changed.get(bound.id)
        usual = f"; by itself {' '.join(map(label, bound.keys))}" if changed else ""
        lines = [f"{bound.id}{usual}", *self.key_map.concerns(bound, changed)]
        self.query_one("#concerns", Static).update("\n".join(lines))

    @on(Input.Changed)
    def _find(self) -> None:
        self.watch_key_map()

    @on(KeyFilter.Left)
    def _to_list(self) -> None:
        self.query_one(KeyList).focus()

    @on(OptionList.OptionSelected)
    @work(group="key", exclusive=True)
    async def _ask(self, event: OptionList.OptionSelected) -> None:
        if self.key_map is None or event.option_id is None:
            return
        bound = self.key_map.bindings[event.option_id]
        keys = await ask(self, KeyPrompt(self.key_map, bound))
        if keys is not None:
            self._give(bound.id, keys)

    @on(KeyList.Given)
    def _take(self, event: KeyList.Given) -> None:
        self._give(event.id, event.keys)

    def _give(self, id: str, keys: str) -> None:
        if self.key_map is None or not self.change("keys", id, keys or None):
            return
        self.key_map = KeyMap(self.shell.preferences.settings.keys.root)
        now = " ".join(map(label, self.key_map.keys_of(self.key_map.bindings[id])))
        self.say(f"{self.key_map.bindings[id].words}: {now or 'no key'}.")
