"""Help: every key that acts where it was called, made from the bindings themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from mojodex_tui.state.search import plain
from mojodex_tui.ui.keys import label
from mojodex_tui.ui.widgets.hints import HintsLine

_KEY_CELLS = 14


@dataclass(frozen=True)
class KnownKey:
    """A key that acts, and what it does."""

    keys: str
    words: str
    action: str
    node: DOMNode
    place: str


def known_keys(screen: Screen[object]) -> tuple[KnownKey, ...]:
    """Return the keys that act on `screen` now, those nearest to the cursor first."""
    found: dict[tuple[str, str], KnownKey] = {}
    for key, active in screen.active_bindings.items():
        binding = active.binding
        if not binding.id or not active.enabled:
            continue
        name = (binding.id, binding.action)
        before = found.get(name)
        keys = label(key) if before is None else f"{before.keys} {label(key)}"
        # A binding that says how to show it has names in it that are no keys for people.
        keys = binding.key_display or keys
        words = binding.tooltip or binding.description
        words = words[:1].upper() + words[1:]
        found[name] = KnownKey(keys, words, binding.action, active.node, _place(active.node))
    return tuple(found.values())


def _place(node: DOMNode) -> str:
    if isinstance(node, App):
        return "Anywhere"
    return "On this screen" if isinstance(node, Screen) else "Here"


class FindKey(Input):
    """Where a key is searched; Up and Down move in the list under it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.move('cursor_down')", "down", id="help.down", show=False),
        Binding("up", "screen.move('cursor_up')", "up", id="help.up", show=False),
        Binding("pagedown", "screen.move('page_down')", "on", id="help.page_down", show=False),
        Binding("pageup", "screen.move('page_up')", "back", id="help.page_up", show=False),
        Binding("enter", "submit", "do it now", id="help.do"),
    ]


class HelpScreen(ModalScreen[None]):
    """Shows the keys of the screen it was called on; Enter does what the chosen one does.

    Args:
        below: The screen it was called on.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1", "dismiss", "close", id="help.close"),
    ]

    def __init__(self, below: Screen[object]) -> None:
        super().__init__()
        self._keys = known_keys(below)

    def compose(self) -> ComposeResult:
        """Lay out search and keys in a box."""
        box = Vertical(
            FindKey(placeholder="find a key or a word", compact=True),
            OptionList(markup=False),
            HintsLine(),
            classes="box",
        )
        box.border_title = "Help: the keys that act here"
        yield box

    def on_mount(self) -> None:
        """Show all keys."""
        self.query_one(OptionList).can_focus = False
        self._show("")

    @on(Input.Changed)
    def _find(self, event: Input.Changed) -> None:
        self._show(event.value)

    def _show(self, query: str) -> None:
        words = plain(query).split()
        options: list[Option] = []
        place = ""
        order = {"Here": 0, "On this screen": 1, "Anywhere": 2}
        keys = sorted(enumerate(self._keys), key=lambda each: order[each[1].place])
        for index, key in keys:
            if not all(word in plain(f"{key.keys} {key.words}") for word in words):
                continue
            if key.place != place:
                place = key.place
                options.append(
                    Option(Content.assemble((place.upper(), "bold $heading")), disabled=True)
                )
            line = Content.assemble((f" {key.keys:<{_KEY_CELLS}}", "bold $chosen"), key.words)
            options.append(Option(line, id=str(index)))
        shown = self.query_one(OptionList)
        shown.set_options(options)
        shown.highlighted = None
        shown.action_first()

    async def action_move(self, where: str) -> None:
        """Move in the list, while the search keeps the focus."""
        shown = self.query_one(OptionList)
        await shown.run_action(where)

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _do(self) -> None:
        option = self.query_one(OptionList).highlighted_option
        if option is None or option.id is None:
            return
        key = self._keys[int(option.id)]
        self.dismiss()
        # Only once this screen is gone does the key mean what it means below.
        self.app.call_after_refresh(self.app.run_action, key.action, key.node)
