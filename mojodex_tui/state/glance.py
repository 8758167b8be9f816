"""The catalog as it was last seen, as a plain document.

The first screen is painted from it, before the libraries that check what a server says are loaded;
so it holds what is drawn and nothing else, and is replaced as soon as the real answers are there.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from mojodex_tui.state.catalog import CatalogState, TaskEntry

if TYPE_CHECKING:
    from pydantic import JsonValue


def glance_of(catalog: CatalogState) -> JsonValue:
    """Return what the next start shows of `catalog` at once."""
    return {
        "tasks": [asdict(task) | {"steps": list(task.steps)} for task in catalog.tasks],
        "pins": list(catalog.pins),
        "recent": list(catalog.recent),
    }


def seen_at_a_glance(document: JsonValue) -> CatalogState:
    """Return a catalog that was kept; one that knows nothing if another version kept it."""
    match document:
        case {"tasks": [*tasks], "pins": [*pins], "recent": [*recent]}:
            try:
                entries = tuple(_entry(task) for task in tasks)
            except TypeError:  # its fields are not those of today
                return CatalogState()
            return CatalogState(
                tasks=entries,
                pins=tuple(pk for pk in pins if isinstance(pk, int)),
                recent=tuple(pk for pk in recent if isinstance(pk, int)),
                is_loading=not entries,
            )
        case _:
            return CatalogState()


def _entry(document: JsonValue) -> TaskEntry:
    """Return a task that was kept.

    Raises:
        TypeError: it is not one.
    """
    match document:
        case {"steps": [*steps], **fields}:
            return TaskEntry(**fields, steps=tuple(map(str, steps)))  # type: ignore[arg-type]
        case _:
            raise TypeError("a task was expected")
