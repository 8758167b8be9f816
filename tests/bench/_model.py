"""The scripted model as a process of its own, and the texts it streams."""

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

RATE = 500
"""Tokens a second."""

END = "\N{GREEK CAPITAL LETTER OMEGA}"
"""Ends a text; nothing else on the screen holds it."""

_CHAPTER = """\
## What the team agreed on

Ana and Luc met on **Tuesday** to prepare the launch. They went through the offer line by line,
and agreed that the price stays as it is until the *end of the quarter*, see [the quote](quote.md).

- Luc sends the quote to the customer on Friday
- Ana checks the contract, and asks `legal` about clause four
- Both of them read the draft again before it leaves the house

| who | what | when |
|---|---|---|
| Luc | the quote | Friday |
| Ana | the contract | Monday |

```python
def total(lines: list[Line]) -> Money:
    return sum((line.price * line.count for line in lines), Money(0))
```

> Nothing is signed before the numbers are right.

1. The draft goes to the board
2. The board answers within a week

"""


def tokens(count: int) -> list[str]:
    """Return a Markdown text of `count` tokens, with every kind of block in it."""
    return list(islice(cycle(re.findall(r"\s*\S+", "\n\n" + _CHAPTER.rstrip())), count))


@dataclass(frozen=True)
class Model:
    """A running server."""

    url: str

    @property
    def environment(self) -> dict[str, str]:
        """What makes the program use it."""
        return {
            "MOJODEX_LLM_BASE_URL": f"{self.url}/v1",
            "MOJODEX_LLM_MODEL": "scripted",
            "MOJODEX_LLM_API_KEY": "k",
        }

    def say(self, pieces: Sequence[str], *, rate: float = RATE, delay: float = 0.0) -> None:
        """Answer the next call for a draft with `pieces`."""
        reply = {
            "text": "".join(pieces),
            "chunk": list(pieces),
            "rate": rate,
            "delay": delay,
            "purpose": "instruct",
        }
        request = urllib.request.Request(  # noqa: S310  # our own server
            f"{self.url}/script", json.dumps(reply).encode(), {"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request, timeout=5).close()  # noqa: S310  # our own server

    def drafts(self) -> list[dict[str, Any]]:
        """Return the calls for drafts, as they went."""
        with urllib.request.urlopen(f"{self.url}/requests", timeout=5) as answer:  # noqa: S310  # our own server
            requests: list[dict[str, Any]] = json.load(answer)["requests"]
        return [one for one in requests if one["purpose"] == "instruct"]


@contextmanager
def model() -> Iterator[Model]:
    """Run a server."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.llm_server", "--port", "0", "--until-stdin-ends"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        if process.stdout is None:
            raise RuntimeError("the model's server has no output")
        yield Model(str(json.loads(process.stdout.readline())["base_url"]).removesuffix("/v1"))
    finally:
        process.kill()
        process.communicate()
