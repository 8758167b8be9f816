"""What the palette finds: the keys that act here, tasks, runs, and the rest by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.screen import Screen

from mojodex_tui.state.search import plain
from mojodex_tui.state.settings import Section
from mojodex_tui.ui.keys import label

if TYPE_CHECKING:
    from mojodex_tui.ui.app import MojodexApp

_UNFIT = {"command_palette", "app.command_palette", "simulate_key"}
_NAMED = 0.2
"""How much more it counts when all words are in the name."""


@dataclass(frozen=True)
class Offer:
    """One line of the palette."""

    words: str
    aside: str
    """The key that does the same, or when it was."""
    run: Callable[[], object]
    more: str = ""
    weight: float = 0.0
    """What comes first among equals."""


def score(query: str, words: str) -> float:
    """Return how well `words` answer `query`, from 0, not at all, to 1; the order is free."""
    wanted, said = plain(query).split(), plain(words)
    parts = said.split()
    total = 0.0
    for word in wanted:
        if any(part.startswith(word) for part in parts):
            total += 1
        elif word in said:
            total += 0.5
        else:
            return 0
    return total / len(wanted) if wanted else 0


class Everything(Provider):
    """All that can be done, in one list."""

    async def discover(self) -> Hits:
        """Offer everything before anything is typed."""
        for offer in self._offers():
            yield DiscoveryHit(self._line(offer), offer.run, text=offer.words, help=offer.more)

    async def search(self, query: str) -> Hits:
        """Offer what answers `query`."""
        for offer in self._offers():
            quality = score(query, f"{offer.words} {offer.more}")
            if quality:
                # A name says more than an explanation that happens to hold the word.
                named = score(query, offer.words) * _NAMED
                yield Hit(
                    quality + named + offer.weight,
                    self._line(offer),
                    offer.run,
                    text=offer.words,
                    help=offer.more,
                )

    def _line(self, offer: Offer) -> Content:
        return Content.assemble(offer.words, (f"  {offer.aside}" if offer.aside else "", "dim"))

    def _offers(self) -> Iterator[Offer]:
        # The palette belongs to our application alone; Textual only knows it as `App`.
        app = cast("MojodexApp", self.app)
        yield from self._actions(self.screen)
        for command in app.get_system_commands(self.screen):
            yield Offer(command.title, "", command.callback, command.help)
        for section in Section:
            go_there = partial(app.open_settings, section)
            yield Offer(f"Settings: {section}", "", go_there, section.holds)
        catalog = app.catalog_screen.catalog
        for task in catalog.tasks:
            if task.can_run:
                yield Offer(
                    f"Task: {task.name}", "new", partial(app.open_form, task), task.description
                )
        for run in catalog.runs:
            yield Offer(f"Run: {run.title}", run.task_name, partial(app.open_session, run))

    def _actions(self, screen: Screen[object]) -> Iterator[Offer]:
        for key, active in screen.active_bindings.items():
            binding = active.binding
            if not binding.id or not active.enabled or binding.action in _UNFIT:
                continue
            if key != binding.key:
                continue
            words = binding.tooltip or binding.description
            run = partial(app_action, screen, binding.action, active.node)
            yield Offer(words, label(key), run, weight=0.1)


async def app_action(screen: Screen[object], action: str, node: object) -> None:
    """Do what a key would do where it was bound."""
    from textual.dom import DOMNode

    namespace = node if isinstance(node, DOMNode) else screen
    await screen.app.run_action(action, namespace)
