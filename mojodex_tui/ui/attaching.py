"""The files that go with a session's next message."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mojodex_tui.client.errors import NotSupportedByServer
from mojodex_tui.files import FileUnreadable, attachment, read_text

if TYPE_CHECKING:
    from pathlib import Path

    from mojodex_tui.client.port import Attachments
    from mojodex_tui.wire.session_files import SessionFile


class Attaching:
    """Keeps what the backend has for the next message.

    Args:
        api: The backend.
        session_id: Whose message it is.
    """

    def __init__(self, api: Attachments, session_id: str) -> None:
        self._api = api
        self._session_id = session_id
        self.files: tuple[SessionFile, ...] = ()

    async def fetch(self) -> None:
        """Ask what goes with the next message.

        Raises:
            ApiError: it could not be asked.
        """
        self.files = await self._api.attached(self._session_id)

    async def attach(self, path: Path) -> str | None:
        """Let a file go with the next message.

        Returns:
            The text of the file, to be inserted instead, if this server takes no files.

        Raises:
            ApiError: the server will not have it, or was not reached.
            FileUnreadable: it cannot be read, or only as a file, which this server does not take.
        """
        part = await asyncio.to_thread(attachment, path)
        try:
            kept = await self._api.attach(self._session_id, part)
        except NotSupportedByServer:
            return await asyncio.to_thread(_text_instead, path)
        self.files = (*self.files, kept)
        return None

    async def detach_last(self) -> None:
        """Do not let the last file go with the message.

        Raises:
            ApiError: it still does.
        """
        *left, last = self.files
        await self._api.detach(self._session_id, last.file_id)
        self.files = tuple(left)


def _text_instead(path: Path) -> str:
    try:
        return read_text(path)
    except FileUnreadable as error:
        raise FileUnreadable(
            f"This server takes no files with a message, only text: {error}"
        ) from error
