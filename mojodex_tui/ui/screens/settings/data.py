"""Settings, Data: where things are, and which program this is."""

from __future__ import annotations

from textual.app import ComposeResult

import mojodex_tui
from mojodex_tui.ui.screens.settings.page import Page, aside, fact, row


class DataPage(Page):
    """Folders, files, and the version."""

    def compose(self) -> ComposeResult:
        """Lay out where things are."""
        file = self.shell.preferences.file.path
        if file is not None:
            folder = file.parent
            yield row("Folder", fact("folder", str(folder)))
            yield row("Settings", fact("settings", file.name))
            yield row("Tasks", fact("tasks", "tasks, your own ones"))
            yield row("Logs", fact("logs", "logs"))
        yield row("Version", fact("version", f"mojodex-tui {mojodex_tui.__version__}"))
        yield aside(
            "Everything is in this one folder; --data-dir DIR names another at the next start. "
            "The settings file may be changed in any editor: it holds at once."
        )
