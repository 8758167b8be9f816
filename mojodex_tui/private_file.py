"""Files that nobody but their owner may read."""

import os
import secrets
import stat
from pathlib import Path


class TooOpen(Exception):
    """Others can read the file, so what it holds is no secret; the text says what to do."""


def read_private(path: Path) -> bytes:
    """Read a file, unless others could have done so.

    Raises:
        TooOpen: its mode is wider than 0600, or it belongs to somebody else.
        OSError: it cannot be read, or is a link: what it points to is not ours to choose.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(handle)
        if stat.S_IMODE(state.st_mode) & 0o077 or state.st_uid != os.getuid():
            raise TooOpen(f"others can read {path}. Sign in again, and delete it or `chmod 600` it")
        return file.read()


def write_private(path: Path, content: bytes) -> None:
    """Replace a file, in one move, by one that only its owner can read.

    Raises:
        OSError: it cannot be written; the old file is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
