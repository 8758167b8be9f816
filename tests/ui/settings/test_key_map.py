"""Which keys can be given to which bindings."""

import pytest
from textual.binding import Binding

from mojodex_tui.ui.bindings import every_binding, our_classes
from mojodex_tui.ui.key_map import KeyMap


def test_every_binding_has_an_id_and_words() -> None:
    assert {bound.id for bound in every_binding()} >= {"app.palette", "draft.copy", "catalog.pin"}
    assert [bound.id for bound in every_binding() if not bound.words] == []
    without = [
        (owner.__name__, binding.key)
        for owner in our_classes()
        for binding in Binding.make_bindings(owner.__dict__.get("BINDINGS", ()))
        if not binding.id
    ]
    assert without == []


def test_nothing_speaks_against_the_keys_as_they_are_shipped() -> None:
    keys = KeyMap({})
    told = {bound.id: keys.concerns(bound, None) for bound in every_binding()}
    assert {name: said for name, said in told.items() if said} == {}


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("ctrl+o", "^O is also “Go to the runs of the past” (anywhere)."),
        ("x", "x is also “Delete it"),
        ("x", "While you write, x is a letter"),
        ("?", "? is also “Show every key that acts here” (anywhere)."),
        ("ctrl+w", "While you write, ^W is “delete"),
        ("ctrl+b", "tmux takes ^B for itself"),
        ("ctrl+a", "screen takes ^A for itself"),
        ("ctrl+i", "Terminals do not send ^I: they send Tab."),
        ("alt+1", "Many terminals send something else"),
    ],
)
def test_what_speaks_against_a_key(keys: str, said: str) -> None:
    key_map = KeyMap({})
    concerns = key_map.concerns(key_map.bindings["app.redraw"], keys)
    assert any(one.startswith(said) for one in concerns)


def test_keys_of_places_that_are_never_together_do_not_clash() -> None:
    key_map = KeyMap({})
    pin = key_map.bindings["catalog.pin"]
    assert not any("Rename" in one for one in key_map.concerns(pin, "f2"))


def test_a_key_that_was_given_away_clashes_no_longer() -> None:
    changed = {"catalog.pin": "f8"}
    redraw = KeyMap(changed).bindings["app.redraw"]
    assert KeyMap(changed).concerns(redraw, "f8") == (
        "F8 is also “Keep the task at the top, or not” (catalog).",
    )
    assert KeyMap({**changed, "catalog.pin": "none"}).concerns(redraw, "f8") == ()
