"""A model that says what a script wrote, for tests and demonstrations."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass

from mojodex_tui.backend.domain.briefs import HomeBrief, InstructBrief, ReviewBrief
from mojodex_tui.backend.llm.errors import LlmError, ModelSilent
from mojodex_tui.backend.llm.port import Ask, Usage

TITLE = "<title>A scripted title</title><summary>The script wrote this.</summary>"


@dataclass(frozen=True)
class Line:
    """One answer."""

    text: str = ""
    chunk: int = 4
    """Characters in a piece."""
    error: LlmError | None = None
    """Raised after the text, instead of an end."""
    gate: asyncio.Event | None = None
    """Awaited after the text, before the end; a test holds an answer open with it."""


class ScriptedLlm:
    """Gives its lines in order, one a call; a bare string or error is a line too.

    Calls for titles have a script of their own: `titles` in order, and then always `TITLE`; so
    have those of a home chat: `routes`. When the lines are used up, a call for an answer fails with
    `ModelSilent`. `asked` keeps all calls.
    """

    label = "scripted"
    is_model = True
    takes_pictures = True

    def __init__(
        self,
        *lines: Line | str | LlmError,
        titles: Iterable[Line | str | LlmError] = (),
        routes: Iterable[Line | str | LlmError] = (),
    ) -> None:
        self._lines = deque(map(_line, lines))
        self._titles = deque(map(_line, titles))
        self._routes = deque(map(_line, routes))
        self.asked: list[Ask] = []

    def add(self, *lines: Line | str | LlmError) -> None:
        """Append answers to the script."""
        self._lines.extend(map(_line, lines))

    def route(self, *lines: Line | str | LlmError) -> None:
        """Append answers to the script of the home chat."""
        self._routes.extend(map(_line, lines))

    async def stream(self, ask: Ask) -> AsyncGenerator[str | Usage]:
        """Yield the next line in pieces."""
        self.asked.append(ask)
        line = self._next(ask)
        pieces = [line.text[i : i + line.chunk] for i in range(0, len(line.text), line.chunk)]
        for piece in pieces:
            await asyncio.sleep(0)  # a real stream gives way too
            yield piece
        if line.gate is not None:
            await line.gate.wait()
        if line.error is not None:
            raise line.error
        yield Usage(self.label, sum(len(turn.text) for turn in ask.prompt), len(pieces))

    def _next(self, ask: Ask) -> Line:
        if isinstance(ask.brief, InstructBrief | HomeBrief | ReviewBrief):
            script = self._routes if isinstance(ask.brief, HomeBrief) else self._lines
            if not script:
                raise ModelSilent("The script has no more answers.")
            return script.popleft()
        return self._titles.popleft() if self._titles else Line(TITLE)


def _line(said: Line | str | LlmError) -> Line:
    match said:
        case Line():
            return said
        case str():
            return Line(said)
        case LlmError():
            return Line(error=said)
