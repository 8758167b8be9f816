"""How keys are written on the screen, and those that every screen with fields has."""

from textual.binding import Binding, BindingType
from textual.dom import DOMNode

FIELD_KEYS: list[BindingType] = [
    Binding("tab", "app.focus_next", "next field", id="fields.next", show=False, priority=True),
    Binding(
        "shift+tab",
        "app.focus_previous",
        "previous field",
        id="fields.previous",
        show=False,
        priority=True,
    ),
]
"""Tab, ahead of what is typed after it: letters go to the field that has the focus when they come.

Without priority a Tab travels through the field it leaves, and what was typed right behind it
lands there too.
"""

NO_KEY_PREFIX = "no key for "
"""Begins the name of the key nobody can press, which a binding without one has."""

_NAMES = {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "left": "Left",
    "right": "Right",
    "delete": "Del",
    "backspace": "Backspace",
    "up": "Up",
    "down": "Down",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "slash": "/",
    "question_mark": "?",
    "colon": ":",
    "exclamation_mark": "!",
    "at": "@",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "equals_sign": "=",
    "plus": "+",
    "minus": "-",
}


def label(key: str) -> str:
    """Return a Textual key as hints and help write it: `^S`, `F1`, `Esc`, `/`."""
    if key.startswith(NO_KEY_PREFIX):
        return "none"
    if key in _NAMES:
        return _NAMES[key]
    if key.startswith("ctrl+"):
        return f"^{key.removeprefix('ctrl+').upper()}"
    if key.startswith("f") and key[1:].isdigit():
        return key.upper()
    return key


def binding_of(root: DOMNode, id: str) -> tuple[DOMNode, Binding] | None:
    """Return a binding by its id, and where it acts: on what is shown, or the application.

    Args:
        root: A screen.
        id: Of the binding, such as `draft.copy`.
    """
    for node in (*root.walk_children(with_self=True), root.app):
        # Textual tells the bindings that act now; this asks for those that may act in a moment.
        for binding in node._bindings.key_to_bindings.values():  # noqa: SLF001 - see above
            for one in binding:
                if one.id == id:
                    return node, one
    return None
