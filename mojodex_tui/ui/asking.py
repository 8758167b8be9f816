"""Dialogs, one at a time."""

import asyncio
from typing import TypeVar

from textual.screen import Screen
from textual.widget import Widget

T = TypeVar("T")


async def ask(asking: Widget, dialog: Screen[T]) -> T | None:
    """Show a dialog over the screen that asks, and wait for its answer; call this in a worker.

    A key that is typed before the dialog of the key before is there may ask for another one. Two
    on top of each other would take each other's answers: who asks from behind gets none.

    Args:
        asking: The screen, or a widget of it.
        dialog: What is shown.

    Returns:
        What it was dismissed with; `None` where it was not shown.
    """
    if not asking.screen.is_active:
        return None
    # A worker that is stopped must not take the answer's place from the dialog, which stays.
    return await asyncio.shield(asking.app.push_screen(dialog, wait_for_dismiss=True))
