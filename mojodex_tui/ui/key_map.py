"""Which keys a user gave to which bindings, and what speaks against them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from textual.keys import key_to_character

from mojodex_tui.settings.sections import NO_KEY
from mojodex_tui.ui.bindings import Bound, every_binding, split_keys, text_keys
from mojodex_tui.ui.keys import label

_SENT_AS = {
    "ctrl+m": "Enter",
    "ctrl+i": "Tab",
    "ctrl+h": "Backspace",
    "alt+enter": "Enter",
    "ctrl+tab": "Tab",
    "ctrl+space": "another key, or nothing",
    "ctrl+@": "another key, or nothing",
}
"""What terminals send instead of keys they do not tell apart."""

_PREFIXES = {"ctrl+b": "tmux", "ctrl+a": "screen"}


@dataclass(frozen=True)
class KeyMap:
    """All bindings, and the keys that were changed.

    Args:
        changed: Other keys, or `none`, by the ids of bindings.
    """

    changed: Mapping[str, str]

    @cached_property
    def bindings(self) -> Mapping[str, Bound]:
        """All bindings by their ids."""
        return {bound.id: bound for bound in every_binding()}

    def keys_of(self, bound: Bound) -> tuple[str, ...]:
        """Return the keys a binding has now."""
        return self._given(self.changed.get(bound.id), bound)

    def _given(self, keys: str | None, bound: Bound) -> tuple[str, ...]:
        if keys is None:
            return bound.keys
        return () if keys.strip().lower() == NO_KEY else split_keys(keys)

    def concerns(self, bound: Bound, keys: str | None) -> tuple[str, ...]:
        """Return what speaks against giving these keys to a binding, a sentence each.

        Args:
            bound: The binding.
            keys: Keys, `none`, or `None` for those it has by itself.
        """
        given = self._given(keys, bound)
        found: list[str] = []
        for key in given:
            found += self._clashes(bound, key)
            if key not in bound.keys:
                found += _terminal_concerns(key)
        return tuple(found)

    def _clashes(self, bound: Bound, key: str) -> list[str]:
        """Return who else has the key; those who were made to share it do so on purpose."""
        return [
            f"{label(key)} is also “{other.words}” ({other.place})."
            for other in self.bindings.values()
            if other.id != bound.id
            and key in self.keys_of(other)
            and not (key in bound.keys and key in other.keys)
            and other.acts_beside(bound)
        ]


def _terminal_concerns(key: str) -> list[str]:
    """Return what a terminal, or a text that is written, makes of a key."""
    name = label(key)
    found = []
    if key in _SENT_AS:
        found.append(f"Terminals do not send {name}: they send {_SENT_AS[key]}.")
    elif key.startswith("alt+"):
        found.append(f"Many terminals send something else for {name}.")
    if key in _PREFIXES:
        found.append(f"{_PREFIXES[key]} takes {name} for itself: press it twice there.")
    if key in text_keys():
        found.append(f"While you write, {name} is “{text_keys()[key]}”.")
    elif key_to_character(key) is not None:
        found.append(f"While you write, {name} is a letter: it acts in lists and texts you read.")
    return found
