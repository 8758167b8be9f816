"""Writing a draft to a file the user names."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from mojodex_tui.export import CannotExport, Format, write
from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.screens.save_file import SaveFileScreen, file_name

if TYPE_CHECKING:
    from textual.widget import Widget


async def write_file(asking: Widget, title: str, text: str) -> str | None:
    """Ask for a file name, and write in the format its ending names.

    Args:
        asking: The screen, or a widget of it.
        title: What the draft is called.
        text: The draft, as Markdown.

    Returns:
        Why nothing was written; `None` if all is well.
    """
    path = await ask(asking, SaveFileScreen(Path.cwd() / file_name(title), tuple(Format)))
    if path is None:
        return None
    try:
        await asyncio.to_thread(write, path, title, text)
    except CannotExport as error:
        return str(error)
    asking.app.notify(f"Wrote {path} ({len(text.split())} words).", timeout=4)
    return None
