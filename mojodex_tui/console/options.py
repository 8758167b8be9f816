"""Answers that are given with a command, as `--topic "Cold brew" --sections 2`."""

from collections.abc import Sequence

from mojodex_tui.console.commands import Misused


def options_in(words: Sequence[str]) -> dict[str, str]:
    """Return the answers by field name.

    Raises:
        Misused: a word stands where none belongs, or an answer is missing.
    """
    answers: dict[str, str] = {}
    rest = list(words)
    while rest:
        name, found, value = rest.pop(0).partition("=")
        if not name.startswith("--") or name == "--":
            raise Misused(f"'{name}' says nothing here: answers are given as --name answer.")
        if not found:
            if not rest:
                raise Misused(f"{name} has no answer.")
            value = rest.pop(0)
        answers[name.removeprefix("--").replace("-", "_")] = value
    return answers
