"""Imports that cost less than they would."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*modules: str) -> Iterator[None]:
    """Import as if `modules` were not installed: libraries that can use them do without.

    They can be imported as ever afterwards, by whoever really needs them.

    Args:
        modules: What takes time and memory and is of no use to what is imported within.
    """
    hidden = [name for name in modules if name not in sys.modules]
    # Python's own way to say that a module cannot be imported.
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # typeshed knows no `None`
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


@contextmanager
def for_good() -> Iterator[None]:
    """Import what stays until the program ends.

    Modules are made of hundreds of thousands of objects, none of them garbage: looking for some
    among them takes a tenth of the time of a start, and would be done again as the program runs.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
