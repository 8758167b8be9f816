"""A clock that is set by a file."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mojodex_tui.backend.clock import FileClock
from mojodex_tui.settings.sections import BadSettings

LONG = timedelta(minutes=10)
"""More than a test takes."""


def test_shows_what_the_file_says_and_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("2030-03-01T00:55:00+00:00\n")
    clock = FileClock(file)
    begin = datetime(2030, 3, 1, 0, 55, tzinfo=UTC)
    first = clock()
    assert begin <= first < begin + LONG
    assert first <= clock() < begin + LONG

    file.write_text("2030-03-01T08:00:00+00:00")
    os.utime(file, ns=(1, 1))  # changed, however coarse the file system's clock is
    assert datetime(2030, 3, 1, 8, tzinfo=UTC) <= clock() < datetime(2030, 3, 1, 9, tzinfo=UTC)


def test_half_a_file_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("2030-03-01T00:55:00+00:00")
    clock = FileClock(file)
    file.write_text("2030-")
    os.utime(file, ns=(1, 1))
    assert clock().year == 2030
    file.unlink()
    assert clock().year == 2030


@pytest.mark.parametrize("content", [None, "", "tomorrow"])
def test_a_file_without_moment_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "clock"
    if content is not None:
        file.write_text(content)
    with pytest.raises(BadSettings, match="clock"):
        FileClock(file)
