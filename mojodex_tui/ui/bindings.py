"""Every binding there is, wherever it acts: what can be given other keys."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widgets import Input, TextArea

from mojodex_tui import ui


@dataclass
class Bound:
    """A binding: one or more keys for one action, wherever it acts."""

    id: str
    words: str
    keys: tuple[str, ...] = ()
    """Those it has by itself."""
    owners: frozenset[type[DOMNode]] = field(default_factory=frozenset)
    """The classes that have it."""

    @property
    def place(self) -> str:
        """Where it acts, in a word."""
        name = self.id.partition(".")[0].replace("_", " ")
        return "anywhere" if self.is_everywhere else name

    @property
    def is_everywhere(self) -> bool:
        """Whether it acts on every screen."""
        return any(issubclass(owner, App) for owner in self.owners)

    def acts_beside(self, other: Bound) -> bool:
        """Whether both can act at the same moment, so that they may not share a key."""
        return (
            self.is_everywhere
            or other.is_everywhere
            or any(
                issubclass(one, another) or issubclass(another, one)
                for one in self.owners
                for another in other.owners
            )
        )


@cache
def every_binding() -> tuple[Bound, ...]:
    """Return all bindings, by their ids; imports every screen, so ask in a thread."""
    for module in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}."):
        importlib.import_module(module.name)
    found: dict[str, Bound] = {}
    for owner in our_classes():
        for binding in Binding.make_bindings(owner.__dict__.get("BINDINGS", ())):
            if not binding.id:
                continue
            words = binding.tooltip or binding.description
            bound = found.setdefault(binding.id, Bound(binding.id, words[:1].upper() + words[1:]))
            bound.owners |= {owner}
            if binding.key not in bound.keys:
                bound.keys += (binding.key,)
    return tuple(sorted(found.values(), key=lambda bound: (not bound.is_everywhere, bound.id)))


@cache
def text_keys() -> dict[str, str]:
    """Return what keys do in a text that is being written."""
    return {
        binding.key: binding.description.lower()
        for kind in (Input, TextArea)
        for binding in Binding.make_bindings(kind.BINDINGS)
    }


def split_keys(keys: str) -> tuple[str, ...]:
    """Return single keys by their Textual names, from `ctrl+r,?`."""
    return tuple(binding.key for binding in Binding.make_bindings([Binding(keys, "", "")]))


def our_classes() -> tuple[type[DOMNode], ...]:
    """Return all that can have bindings and is imported, always in the same order."""
    found = {kind for kind in _below(DOMNode) if kind.__module__.startswith(f"{ui.__name__}.")}
    return tuple(sorted(found, key=lambda kind: f"{kind.__module__}.{kind.__name__}"))


def _below(base: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _below(kind)
