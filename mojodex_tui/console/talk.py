"""How the console speaks: lines out, answers in, on a terminal or in a panel."""

from collections.abc import Callable
from typing import Protocol

from mojodex_tui.state.runs import Run


class Interrupted(Exception):
    """The user pressed ^C at a question."""


class Ended(Exception):
    """There is nobody to answer any more: the input ended."""


Check = Callable[[str], str | None]
"""Returns what is wrong with an answer, as a sentence; `None` if nothing is."""


class Talk(Protocol):
    """Where lines are printed and questions answered."""

    def say(self, line: str = "") -> None:
        """Print a line, or several."""
        ...

    def is_about(self, run: Run) -> None:
        """Note which run is talked about from now on."""
        ...

    async def ask(self, prompt: str, *, secret: bool = False, careful: bool = False) -> str:
        """Return what is answered, without its line end.

        Args:
            prompt: What stands before the answer, with the blank after it.
            secret: The answer is not shown, and not remembered.
            careful: An Enter alone counts only once the question could be read.

        Raises:
            Interrupted: ^C.
            Ended: there is no more input.
        """
        ...


async def ask_until(talk: Talk, prompt: str, check: Check, *, secret: bool = False) -> str:
    """Ask until the answer is right, saying each time what is wrong."""
    while True:
        answer = await talk.ask(prompt, secret=secret)
        problem = check(answer)
        if problem is None:
            return answer
        talk.say(problem)


async def ask_lines(talk: Talk, prompt: str) -> str:
    """Ask for a text of several lines, which ends with a line `.`; a first line alone may do."""
    talk.say(f"{prompt.rstrip()} (several lines; a line with only . ends it)")
    lines: list[str] = []
    while (line := await talk.ask("> ")) != ".":
        lines.append(line)
    return "\n".join(lines).strip()


async def ask_yes(talk: Talk, question: str) -> bool:
    """Ask `question (Y/n)?`; Enter alone is a yes."""
    while True:
        answer = (await talk.ask(f"{question} (Y/n)? ", careful=True)).strip().casefold()
        if answer in {"", "y", "yes"}:
            return True
        if answer in {"n", "no"}:
            return False
        talk.say("Y goes on, n does not.")
