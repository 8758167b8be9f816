"""Uploads: kept under names of our own, so that no client names a file here (wire protocol S3)."""

import asyncio
import os
import re
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

from mojodex_tui.wire.base import FilePart

_SESSION = re.compile(r"[0-9a-f]{32}")
_STORED = re.compile(r"[0-9a-f]{32}(\.[a-z0-9]{1,8})?")
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")


@dataclass(frozen=True)
class Files:
    """The uploads of all sessions.

    Args:
        folder: where they are.
    """

    folder: Path

    async def keep(self, session_id: str, part: FilePart) -> str:
        """Write a file down and return the name it can be had by."""
        ending = Path(part.filename).suffix.lower()
        name = uuid.uuid4().hex + (ending if _ENDING.fullmatch(ending) else "")
        await asyncio.to_thread(self._write, session_id, name, part.content)
        return name

    def _write(self, session_id: str, name: str, content: bytes) -> None:
        folder = self.folder / session_id
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    async def share(self, session_id: str, name: str, other_session_id: str) -> None:
        """Let another session have a file under the same name; one that is gone is not shared."""
        path = self.find(session_id, name)
        if path is not None:
            await asyncio.to_thread(_link, path, self.folder / other_session_id)

    async def drop(self, session_id: str, name: str) -> None:
        """Take a file away that nothing points at."""
        await asyncio.to_thread((self.folder / session_id / name).unlink, missing_ok=True)

    def find(self, session_id: str, name: str) -> Path | None:
        """Return where a file is; `None` if there is none, or if that is no name of ours."""
        if not _SESSION.fullmatch(session_id) or not _STORED.fullmatch(name):
            return None
        path = self.folder / session_id / name
        return path if path.is_file() else None


def _link(path: Path, folder: Path) -> None:
    """Put a file into another folder too; what was kept never changes, so it need not be copied."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, folder / path.name)
    except OSError:
        # Not every file system has links.
        shutil.copyfile(path, folder / path.name)
