"""The commands of the message box: words for what keys do elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COMMAND = re.compile(r"/([a-z]*)")


@dataclass(frozen=True, slots=True)
class Command:
    """A word after a slash."""

    name: str
    words: str
    """What it does."""
    binding: str
    """The id of the key that does the same."""


COMMANDS = (
    Command("copy", "copy the draft", "draft.copy"),
    Command("export", "write the draft to a file", "draft.file"),
    Command("title", "rename this run", "run.rename"),
    Command("versions", "list the versions of the draft", "draft.versions"),
    Command("diff", "compare two versions", "draft.compare"),
    Command("restore", "make the version shown the newest", "draft.restore"),
    Command("actions", "quick changes of the draft", "run.quick_change"),
    Command("next", "give the draft to the next task", "run.next_task"),
    Command("todos", "the To-Dos of this run", "session.todos"),
    Command("find", "find words in the chat", "chat.find"),
    Command("task", "begin another task", "app.catalog"),
    Command("stop", "stop the answer", "session.stop"),
    Command("help", "every key that acts here", "app.help"),
)


def beginning_with(typed: str) -> tuple[Command, ...]:
    """Return the commands that `typed` may become; none if it is no command so far."""
    begun = _COMMAND.fullmatch(typed)
    if begun is None:
        return ()
    return tuple(one for one in COMMANDS if one.name.startswith(begun[1]))


def command_of(text: str) -> Command | None:
    """Return the command that `text` is; its first letters are enough if they fit one only."""
    fitting = beginning_with(text)
    exact = [one for one in fitting if text == f"/{one.name}"]
    return (exact or [*fitting])[0] if exact or len(fitting) == 1 else None


def is_like_a_command(text: str) -> bool:
    """Whether `text` is one word after a slash: it was hardly meant for the assistant."""
    return _COMMAND.fullmatch(text) is not None
