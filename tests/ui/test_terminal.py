"""A terminal that goes away."""

import os
import pty
from contextlib import suppress

from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread

from mojodex_tui.ui.terminal import EnduringOutput


def test_who_draws_on_a_terminal_that_is_gone_does_not_wait_for_it() -> None:
    ours, theirs = pty.openpty()
    # What could not be written is not written at the end either.
    with suppress(OSError), os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        writer = WriterThread(EnduringOutput(terminal))  # type: ignore[arg-type]  # all it uses
        writer.start()
        os.close(ours)
        for _ in range(2 * MAX_QUEUED_WRITES):
            writer.write("a row\n")
        writer.stop()
    assert not writer.is_alive()
