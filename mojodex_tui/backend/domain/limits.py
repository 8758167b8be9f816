"""How much a task may do before its user is asked, and how it is told that it did."""

from dataclasses import dataclass

_GO_ON = "Nothing is lost: your next message goes on, and all is counted anew."
_AGAIN = "There is no answer yet, but nothing is lost: send it again to go on; all is counted anew."


@dataclass(frozen=True)
class Limits:
    """What one run of a task may take; `None` is no limit.

    A run begins with the first question, waits between its user's messages, and lasts until a
    limit or a failure ends it. The next message begins another one at the same place.
    """

    turns: int | None = None
    """Answers, messages after the first, and rounds of tools."""
    tokens: int | None = 1_000_000
    """Read and written by models."""
    cost: float | None = None
    """In the currency of the prices in the settings."""
    errors: int = 1
    """Failures of the model; after each but the last it is asked again."""
    seconds: float | None = 3600
    """Of work: waiting for the user does not count."""

    def __str__(self) -> str:
        """Return the limits in words."""
        return ", ".join(filter(None, self._words.values()))

    def reached(self, status: str, *, answered: bool) -> str | None:
        """Return the sentence about a run that a limit ended; `None` if none did.

        Args:
            status: how the engine says that it ended.
            answered: whether the last question got its answer.
        """
        limit = self._words.get(status)
        if not limit:
            return None
        return f"This task has reached its limit of {limit}. {_GO_ON if answered else _AGAIN}"

    @property
    def _words(self) -> dict[str, str]:
        """The limits in words, by the status of the run they end."""
        return {
            "FIXED_TURNS": _number(self.turns, "turn") if self.turns else "",
            "MAX_TOKENS": _number(self.tokens, "token") if self.tokens else "",
            "MAX_COST": f"a cost of {self.cost:g}" if self.cost else "",
            # one failure alone says enough
            "ERROR": _number(self.errors, "error") if self.errors > 1 else "",
            "TIMEOUT": f"{_duration(self.seconds)} of work" if self.seconds else "",
        }


def _duration(seconds: float) -> str:
    """Return a length of time in the largest unit that says it in whole numbers."""
    for unit, name in ((3600, "hour"), (60, "minute")):
        if seconds % unit == 0:
            return _number(seconds // unit, name)
    return _number(seconds, "second")


def _number(number: float, what: str) -> str:
    whole = int(number) if number == int(number) else number
    return f"{whole:,} {what}{'' if number == 1 else 's'}"
