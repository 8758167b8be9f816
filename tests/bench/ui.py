"""What the screens cost, beside two small programs that are run in turns with ours.

The real program runs in a real terminal of 120x40 cells, with its own backend and a model on
loopback that streams 500 tokens a second. `hello` is the smallest Textual program one can type
into, `stream` one that shows the same text with Textual's own Markdown stream.
"""

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench._history import seed
from tests.bench._model import Model, model
from tests.bench._opening import Opened, opened
from tests.bench._scrolling import scrolled
from tests.bench._streaming import Streamed, streamed_by_ours, streamed_by_reference
from tests.bench._watch import percentile_95
from tests.bench.start import first_words, starts

_SHORT = 2_000
_FEW, _MANY = 10, 10_000


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    starts: int
    streams: int
    typings: int
    openings: int
    typing_tokens: int
    long_tokens: int


FULL = Effort(starts=5, streams=3, typings=2, openings=5, typing_tokens=12_000, long_tokens=50_000)
QUICK = Effort(starts=1, streams=1, typings=1, openings=1, typing_tokens=3_000, long_tokens=10_000)


def main(arguments: Sequence[str]) -> dict[str, float]:
    """Measure, and return the figures by their names in the report."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench ui", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="measure once, and shorter texts")
    effort = QUICK if parser.parse_args(arguments).quick else FULL
    with model() as server:
        numbers = starts(effort.starts) | first_words(server, effort.starts)
        numbers |= _streaming(server, effort) | _typing(server, effort)
    numbers |= _opening(effort)
    return {name: round(number, 3) for name, number in numbers.items()}


def _streaming(server: Model, effort: Effort) -> dict[str, float]:
    """Return what a text costs that is written while one looks."""
    ours: list[Streamed] = []
    reference: list[Streamed] = []
    for _ in range(effort.streams):
        reference.append(streamed_by_reference(server, _SHORT))
        ours.append(streamed_by_ours(server, _SHORT))
    long = streamed_by_ours(server, effort.long_tokens)
    cpu = statistics.median(one.cpu_of_1000 for one in ours)
    reference_cpu = statistics.median(one.cpu_of_1000 for one in reference)
    backend_cpu = statistics.median(one.backend_cpu_of_1000 for one in ours)
    return {
        "cpu_token_s": cpu,
        "cpu_token_stream_s": reference_cpu,
        "cpu_token_ratio": cpu / reference_cpu,
        "cpu_flat_ratio": long.cpu_of_1000 / cpu,
        "backend_cpu_token_s": backend_cpu,
        "backend_cpu_flat_ratio": long.backend_cpu_of_1000 / backend_cpu,
        "lag_ms": statistics.median(one.lag for one in ours) * 1000,
        "lag_long_ms": long.lag * 1000,
        "lag_stream_ms": statistics.median(one.lag for one in reference) * 1000,
        "rss_growth_mb": long.growth,
    }


def _typing(server: Model, effort: Effort) -> dict[str, float]:
    """Return how long keys take while a text is written."""
    ours: list[float] = []
    reference: list[float] = []
    for _ in range(effort.typings):
        count = effort.typing_tokens
        reference.append(percentile_95(streamed_by_reference(server, count, typing=True).keys))
        ours.append(percentile_95(streamed_by_ours(server, count, typing=True).keys))
    key, reference_key = statistics.median(ours), statistics.median(reference)
    return {
        "key_busy_ms": key * 1000,
        "key_busy_stream_ms": reference_key * 1000,
        "key_busy_ratio": key / reference_key,
    }


def _opening(effort: Effort) -> dict[str, float]:
    """Return what the length of a conversation costs."""
    runs: dict[int, list[Opened]] = {_FEW: [], _MANY: []}
    with tempfile.TemporaryDirectory() as folder:
        for count in runs:
            seed(Path(folder, str(count)), count)
        for _ in range(effort.openings):
            for count, known in runs.items():
                known.append(opened(Path(folder, str(count))))
        read = scrolled(Path(folder, str(_MANY)))
    few, many = (_median(known) for known in runs.values())
    return {
        "open_ms": many.seconds * 1000,
        "open_ratio": many.seconds / few.seconds,
        "open_from_start_ratio": many.seconds_from_start / few.seconds_from_start,
        "resize_ms": many.resize * 1000,
        "resize_ratio": many.resize / few.resize,
        "resize_cpu_ratio": many.resize_cpu / few.resize_cpu,
        "scroll_growth_mb": read.growth,
        "scroll_cpu_ms": read.cpu * 1000,
    }


def _median(runs: Sequence[Opened]) -> Opened:
    """Return the median of everything."""
    return Opened(
        statistics.median(run.seconds for run in runs),
        statistics.median(run.seconds_from_start for run in runs),
        statistics.median(run.resize for run in runs),
        statistics.median(run.resize_cpu for run in runs),
    )
