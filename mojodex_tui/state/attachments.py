"""The files of the next message, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mojodex_tui.wire.session_files import DOCUMENTS, MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from mojodex_tui.wire.session_files import SessionFile

RECORDINGS = frozenset({"mp3", "m4a", "wav", "ogg", "webm"})
"""The endings of sound that servers transcribe."""

_MOST_SOUND = 25_000_000
"""Bytes a recording may have."""

_NAMED = 2
"""Files that are named; the others are counted."""


def attached_line(files: Sequence[SessionFile]) -> str:
    """Return the line over the message box; empty without files."""
    if not files:
        return ""
    named = [f"{file.name} ({told_size(file.size)})" for file in files[-_NAMED:]]
    others = len(files) - len(named)
    more = [f"{others} more"] if others > 0 else []
    return f"attached: {', '.join([*named, *more])}   Esc x removes"


def told_size(size: int) -> str:
    """Return a number of bytes as people say it."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} KB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def recording_problem(path: Path, size: int) -> str | None:
    """Return why a recording cannot be sent, as a sentence; `None` if it can."""
    if size == 0:
        return f"{path.name} is empty."
    if size > _MOST_SOUND:
        limit = told_size(_MOST_SOUND)
        return f"{path.name} is {told_size(size)}; the limit is {limit}. Choose a shorter one."
    return None


def attachment_problem(path: Path, size: int, beginning: bytes) -> str | None:
    """Return why a file cannot go with a message, as a sentence; `None` if it can.

    Args:
        path: Where it is.
        size: Its bytes.
        beginning: The first of them.
    """
    if size == 0:
        return f"{path.name} is empty."
    if size > MOST_BYTES:
        limit = told_size(MOST_BYTES)
        return f"{path.name} is {told_size(size)}; the limit is {limit}. Choose a smaller one."
    if b"\0" in beginning and path.suffix.lower() not in DOCUMENTS and not _is_marked(beginning):
        kinds = ", ".join(sorted(DOCUMENTS))
        return f"{path.name} is not text, and of no kind that can be read ({kinds})."
    return None


def _is_marked(beginning: bytes) -> bool:
    """Whether a byte order mark says that this is text, zeros and all."""
    return beginning.startswith((b"\xff\xfe", b"\xfe\xff"))
