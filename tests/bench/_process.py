"""What processes cost: processor time and memory, as Linux counts them."""

import contextlib
import time
from pathlib import Path


def cpu_seconds(pid: int) -> float:
    """Return the processor time a process has used, in all its threads."""
    # The number of another process's clock, as `clock_getcpuclockid(3)` makes it; the ticks in
    # /proc would be too coarse.
    return time.clock_gettime((~pid << 3) | 2)


def memory_mb(pid: int) -> float:
    """Return the memory a process holds."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(f"process {pid} has no memory any more")


def children(pid: int) -> list[int]:
    """Return the processes that a process has started and that run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended while we were looking
            # The name, in parentheses, may hold anything.
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid:
                found.append(int(stat.parent.name))
    return found
