"""Write down where our server differs from an original one, for people."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from tests.wire.conformance_differences import INTENDED, REPLAY, Intended, Reason
from tests.wire.conformance_routes import RouteFact, route_facts

DOCUMENT = Path(__file__).parents[2] / "docs" / "compatibility.md"

_HEAD = """# Compatibility with original Mojodex servers

Written by `uv run python -m tests.wire.conformance --write`; a test holds it true. What an original
server was recorded to say is played again to ours, exchange by exchange and event by event: status,
keys, kinds of values, texts and order must be the same, but for what stands here. Ids such as S4 or
C38 name the defects of original servers that are not copied.

In the tables, `*` stands for anything. A key with `+` before it is ours alone, one with `-` is only
in the recording, and a plain one holds another value; `[]` means each row of a list. Events can be
missing, or ours alone. The last column names the recording and what it says of the exchange.
"""


def document() -> str:
    """Return the document."""
    return "\n".join((_HEAD, *_reasons(), *_routes())) + "\n"


def _reasons() -> Iterator[str]:
    yield "## Intended differences\n"
    entries: dict[Reason, list[Intended]] = defaultdict(list)
    for entry in INTENDED:
        entries[entry.reason].append(entry)
    for reason, meant in sorted(entries.items(), key=lambda item: item[0] is REPLAY):
        yield f"### {reason.key}\n\n{reason.sentence}\n"
        yield "| where | what | recorded in |\n|---|---|---|"
        yield from dict.fromkeys(map(_row, meant))
        yield ""


def _row(entry: Intended) -> str:
    where = entry.scenario if entry.label == "*" else f"{entry.scenario}: {entry.label}"
    cells = (entry.exchange, entry.what, where)
    return "| " + " | ".join(f"`{cell}`" if cell != "*" else "all" for cell in cells) + " |"


def _routes() -> Iterator[str]:
    yield "## Routes\n"
    yield "| route | verbs | here | |\n|---|---|---|---|"
    for (path, service, word), facts in groupby(route_facts(), _kind):
        verbs = ", ".join(fact.verb for fact in facts)
        yield f"| `{path}` | {verbs} | {service} | {word} |"


def _kind(fact: RouteFact) -> tuple[str, str, str]:
    return fact.path, fact.service, fact.word
