"""Asks for files that are to go with the next message."""

from __future__ import annotations

from typing import ClassVar

from mojodex_tui.files import check_attachment, named_files
from mojodex_tui.ui.screens.file_prompt import FilePrompt


class AttachPrompt(FilePrompt):
    """Answers the path or paths as they were typed, once there is something good at each."""

    TITLE = "Attach a file to your message"
    PLACEHOLDER: ClassVar[str] = "path of a PDF, DOCX or text file, or @ for the sign"

    def answer_to(self, typed: str) -> str:
        """Return what was typed.

        Raises:
            FileUnreadable: a file cannot go with a message.
        """
        for path in named_files(typed):
            check_attachment(path)
        return typed
