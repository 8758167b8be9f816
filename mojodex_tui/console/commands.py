"""What may be typed at the prompt: found by its words, listed by `help`, completed by Tab."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

Arguments = tuple[str, ...]
"""What stands behind a command's words."""


class Misused(Exception):
    """A command cannot be done as it was typed; the text says why, and how it can."""


@dataclass(frozen=True)
class Command:
    """Something the prompt can do.

    Attributes:
        words: What calls it, as in `("task", "run")`.
        takes: What follows, for `help`: `N`, `N WHEN`.
        tells: What it does, in one line.
        do: Does it.
    """

    words: tuple[str, ...]
    takes: str
    tells: str
    do: Callable[[Arguments], Awaitable[None]]

    @property
    def name(self) -> str:
        """Its words, as typed."""
        return " ".join(self.words)

    @property
    def usage(self) -> str:
        """How it is typed."""
        return f"{self.name} {self.takes}".rstrip()


class CommandTable:
    """All commands of a prompt.

    Args:
        commands: In the order `help` lists them.
    """

    def __init__(self, commands: Sequence[Command]) -> None:
        self.commands = tuple(commands)

    def find(self, words: Sequence[str]) -> tuple[Command, Arguments]:
        """Return the command that `words` begin with, and what follows.

        Raises:
            Misused: there is none; the nearest one is named.
        """
        for command in sorted(self.commands, key=lambda each: -len(each.words)):
            length = len(command.words)
            if tuple(words[:length]) == command.words:
                return command, tuple(words[length:])
        raise Misused(self._unknown(words))

    def complete(self, typed: str) -> tuple[str, ...]:
        """Return the commands that what was typed can become."""
        begun = " ".join(typed.split())
        return tuple(each.name for each in self.commands if each.name.startswith(begun))

    def help(self) -> str:
        """Return every command, a line each."""
        width = max(len(each.usage) for each in self.commands)
        return "\n".join(f"{each.usage:<{width}}  {each.tells}" for each in self.commands)

    def _unknown(self, words: Sequence[str]) -> str:
        typed = " ".join(words[:2])
        names = [each.name for each in self.commands]
        of_noun = [name for name in names if name.startswith(f"{words[0]} ")]
        cutoff = 0.4 if len(words) > 1 or not of_noun else 1  # a noun alone means its first
        near = get_close_matches(typed, of_noun or names, n=1, cutoff=cutoff) or of_noun[:1]
        hint = f"Did you mean '{near[0]}'?" if near else "'help' lists every command."
        return f"There is no command '{typed}'. {hint}"
