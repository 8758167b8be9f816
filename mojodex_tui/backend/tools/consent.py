"""Asking the user before a tool has an effect.

The first call of such a tool does nothing but put a question to the user, which names the tool and
its arguments. The answer is an ordinary message of the run, so it outlives restarts and works with
every client. Calling again with the same arguments then executes the tool, if

* the last thing that anybody but the model and its tools said is a yes,
* it was said in answer to exactly this question, and
* the tool has not run since: a yes is good for one execution.

Everything is read from the thread the engine keeps, so a model can neither forget nor forge it.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel

from mojodex_tui.backend.chat.outcomes import Send
from mojodex_tui.backend.chat.ports import ChatTurn, Tool, Turn

A = TypeVar("A", bound=BaseModel)
_QUESTION = re.compile(r'May I use "[^"\n]*"\?\n\n(?:(?:- .*\n)+\n)?Answer "yes" to allow it\.')
_YES = frozenset(
    {"yes", "y", "yes please", "ok", "okay", "sure", "go ahead", "do it"}
    | {"oui", "o", "d accord", "ja", "j", "sí", "si", "sì", "sim"}
)


def asking_first(
    tool: Tool[A], unless: Callable[[A, Sequence[ChatTurn]], bool] = lambda *_: False
) -> Tool[A]:
    """Return the tool so that it runs only after the user's yes; it is never run twice for one.

    Args:
        tool: what is to be asked for.
        unless: whether the user's words allow a call already.
    """

    async def handle(args: A, turn: Turn) -> object:
        asked = question(tool.name, args)
        if not unless(args, turn.thread) and not granted(tool.name, asked, turn.thread):
            return Send("user", asked)
        return await tool.handler(args, turn)

    noted = f"{tool.description} The user is asked first; after a yes, call it again unchanged."
    return replace(tool, handler=handle, description=noted.strip())


def question(tool: str, args: BaseModel) -> str:
    """Return what the user is asked: the whole call, so that a yes means this call only."""
    given = args.model_dump(mode="json", exclude_unset=True)
    lines = [f"- {_visible(name)[1:-1]}: {_visible(given[name])}" for name in sorted(given)]
    # Blank lines, because clients show messages as Markdown.
    listed = "".join(f"{line}\n" for line in (*lines, "")) if lines else ""
    return f'May I use "{tool}"?\n\n{listed}Answer "yes" to allow it.'


def named_by_user(text: str, thread: Sequence[ChatTurn]) -> bool:
    """The text stands word for word in what the user said or handed over."""
    said = (turn.text for turn in thread if turn.role == "user")
    return any(text in words and not questions((words,)) for words in said)


def questions(texts: Sequence[str]) -> tuple[str, ...]:
    """Return those of some texts that put such a question."""
    return tuple(text for text in texts if _QUESTION.fullmatch(text))


def _visible(value: object) -> str:
    """Return the value as JSON; signs that hide or turn around others on a screen are spelled."""
    return "".join(
        sign if sign.isprintable() else json.dumps(sign)[1:-1]
        for sign in json.dumps(value, ensure_ascii=False)
    )


def granted(tool: str, asked: str, thread: Sequence[ChatTurn]) -> bool:
    """The user said yes to this question, and the tool has not run since."""
    said = [i for i, turn in enumerate(thread) if turn.role == "user"]
    if not said or said[-1] == 0 or not is_yes(thread[said[-1]].text):
        return False
    since = thread[said[-1] + 1 :]
    ran = any(result.name == tool for turn in since for result in turn.results)
    return not ran and _asks(thread[said[-1] - 1], tool, asked)


def _asks(turn: ChatTurn, tool: str, asked: str) -> bool:
    """The turn puts the question; one of several calls asks within the results of all."""
    if turn.results:
        return any(result.name == tool and result.text == asked for result in turn.results)
    return turn.role == "user" and turn.text == asked


def is_yes(text: str) -> bool:
    """The answer agrees without ifs and buts."""
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split()) in _YES
