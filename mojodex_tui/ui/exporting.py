"""Writing a draft to a file the user names."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from mojodex_tui.export import CannotExport, write
from mojodex_tui.ui.screens.save_file import SaveFileScreen, file_name

if TYPE_CHECKING:
    from textual.app import App


async def write_file(app: App[object], title: str, text: str) -> str | None:
    """Ask for a file name, and write in the format its ending names.

    Args:
        app: The application that asks.
        title: What the draft is called.
        text: The draft, as Markdown.

    Returns:
        Why nothing was written; `None` if all is well.
    """
    path = await app.push_screen_wait(SaveFileScreen(Path.cwd() / file_name(title)))
    if path is None:
        return None
    try:
        await asyncio.to_thread(write, path, title, text)
    except CannotExport as error:
        return str(error)
    app.notify(f"Wrote {path} ({len(text.split())} words).", timeout=4)
    return None
