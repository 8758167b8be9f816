"""Asks for files that are to go with the next message."""

from __future__ import annotations

from mojodex_tui.ui.screens.file_prompt import FilePrompt


class AttachPrompt(FilePrompt):
    """Says what the files go with."""

    TITLE = "Attach a file to your message"
