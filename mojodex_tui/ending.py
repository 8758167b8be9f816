"""The end of a process, whatever hangs in it."""

import os
import threading


def end_within(seconds: float, code: int) -> None:
    """End this process with `code` by then, if it has not ended by itself.

    Python waits at its end for every thread, and whoever writes to a terminal that takes nothing
    more waits for ever. What is worth keeping has been written down as it was typed.
    """
    last_resort = threading.Timer(seconds, os._exit, [code])
    last_resort.daemon = True
    last_resort.start()
