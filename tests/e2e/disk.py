"""What the program leaves in its data folder, seen from outside."""

import fcntl
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path


def files(folder: Path) -> Iterator[Path]:
    """Yield every file under a folder."""
    return (path for path in folder.rglob("*") if path.is_file())


def holders(folder: Path, text: str) -> list[Path]:
    """Return the files in which `text` stands."""
    wanted = text.encode()
    return [path for path in files(folder) if wanted in path.read_bytes()]


def is_typed_text_kept(data: Path, text: str) -> bool:
    """Whether what is being typed is on disk."""
    return any(path.name.startswith("client.sqlite3") for path in holders(data, text))


def is_served(data: Path) -> bool:
    """Whether a backend process lives on this folder: its lock dies with it."""
    with (data / "backend.lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def backend_pid(data: Path) -> int:
    """Return the process that serves this folder."""
    pid = json.loads((data / "backend.json").read_text())["pid"]
    assert isinstance(pid, int)
    return pid


def versions(data: Path) -> list[str]:
    """Return the bodies of all stored drafts, the oldest first."""
    with closing(sqlite3.connect(f"file:{data / 'backend.sqlite3'}?mode=ro", uri=True)) as store:
        rows = store.execute(
            "select production from md_produced_text_version order by produced_text_version_pk"
        )
        return [body for (body,) in rows]
