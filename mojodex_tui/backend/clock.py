"""The clock of a backend: this computer's, or one that a file sets for trying things out."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from mojodex_tui.settings.sections import BadSettings

_LOG = structlog.get_logger(__name__)


def utc_now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


class FileClock:
    """Shows the moment that stands in a file, and goes on from there; setting the file sets it.

    Args:
        file: Holds an ISO date and time; without an offset it is this computer's local time.

    Raises:
        BadSettings: the file cannot be read, or holds no moment.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._set = 0
        self._ahead = timedelta()
        try:
            self._read()
        except (OSError, ValueError) as error:
            raise BadSettings(
                f"The clock {file} cannot be read: {error}. It holds a moment: 2026-11-20T00:55."
            ) from error

    def __call__(self) -> datetime:
        """Return the moment it shows."""
        try:
            self._read()
        except (OSError, ValueError) as error:
            # Whoever sets it may be in the middle of it: it goes on as before.
            _LOG.warning("clock not set", reason=str(error))
        return utc_now() + self._ahead

    def _read(self) -> None:
        changed = self._file.stat().st_mtime_ns
        if changed != self._set:
            told = datetime.fromisoformat(self._file.read_text("utf-8").strip())
            self._ahead = told.astimezone(UTC) - utc_now()
            self._set = changed
