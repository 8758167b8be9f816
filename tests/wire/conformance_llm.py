"""The model behind a recording: it says again what it said then."""

import asyncio
import re
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass, field

from mojodex_tui.backend.domain.briefs import TitleBrief
from mojodex_tui.backend.domain.workflows import StepCall, StepFailed
from mojodex_tui.backend.llm.errors import (
    LlmError,
    ModelBusy,
    ModelFailed,
    ModelRefused,
    ModelSilent,
)
from mojodex_tui.backend.llm.port import Ask, Usage
from mojodex_tui.wire.base import JsonObject

_ERRORS: dict[int, LlmError] = {
    400: ModelRefused("The scripted model refused."),
    429: ModelBusy("The scripted model is busy."),
    500: ModelFailed("The scripted model failed."),
}
_CHUNK = re.compile(r"\S+\s*|\s+")
"""One word, as the recorded server's model streamed."""


@dataclass(frozen=True)
class Reply:
    """What the model said, and where the recording has it."""

    seq: int
    text: str
    error: LlmError | None = None
    gate: asyncio.Event | None = None
    """Set when the answer may end."""

    @classmethod
    def recorded(cls, line: JsonObject, *, cut: str | None, gate: asyncio.Event | None) -> "Reply":
        """Return the reply of a line."""
        text = str(line.get("reply") or "")
        error = _ERRORS.get(int(str(line.get("status", 200))))
        if cut is not None:
            text = text[: text.index(cut) + len(cut)]
            error = ModelFailed("The scripted model broke off.")
        return cls(int(str(line["seq"])), text, error, gate)


@dataclass
class RecordedLlm:
    """Says the recorded replies in order, of each kind apart."""

    label = "recorded"
    is_model = True
    takes_pictures = True
    held: asyncio.Event = field(default_factory=asyncio.Event)
    """Whether an answer waits for leave to end."""
    _replies: dict[str, deque[Reply]] = field(default_factory=dict)

    def load(self, kind: str, replies: Iterable[Reply]) -> None:
        """Have these replies said from now on, and no earlier ones."""
        self._replies[kind] = deque(replies)

    def take(self, kind: str) -> Reply:
        """Return the next reply of a kind.

        Raises:
            ModelSilent: there is none.
        """
        replies = self._replies.get(kind)
        if not replies:
            raise ModelSilent("The recording has no more answers.")
        return replies.popleft()

    def forget_before(self, seq: int) -> None:
        """Drop what was not asked for in its time, so that the next answers are the right ones."""
        for replies in self._replies.values():
            while replies and replies[0].seq < seq:
                replies.popleft()

    async def stream(self, ask: Ask) -> AsyncGenerator[str | Usage]:
        """Yield the next reply word by word."""
        reply = self.take("title_summary" if isinstance(ask.brief, TitleBrief) else "instruct_task")
        for piece in _CHUNK.findall(reply.text):
            await asyncio.sleep(0)  # a real stream gives way too
            yield piece
        if reply.gate is not None:
            self.held.set()
            await reply.gate.wait()
            self.held.clear()
        if reply.error is not None:
            raise reply.error
        yield Usage(self.label)


@dataclass(frozen=True)
class RecordedOutcome:
    """What a step gave."""

    items: tuple[JsonObject, ...]
    usage: Usage = Usage("recorded")  # noqa: RUF009 - a frozen value


@dataclass(frozen=True)
class RecordedSteps:
    """Performs the steps of the recorded workflows as the original ones did.

    Args:
        llm: says what was recorded.
    """

    llm: RecordedLlm

    async def run(
        self, call: StepCall, progress: Callable[[str], None] | None = None
    ) -> RecordedOutcome:
        """Return the lines of a plan, or a stanza.

        Raises:
            StepFailed: the model failed then.
        """
        is_plan = call.step.name == "stanza_divider"
        reply = self.llm.take("poem_topics" if is_plan else "poem_stanza")
        if reply.gate is not None:
            self.llm.held.set()
            try:
                await reply.gate.wait()
            finally:
                self.llm.held.clear()
        if reply.error is not None:
            raise StepFailed(str(reply.error))
        if is_plan:
            return RecordedOutcome(tuple({"stanza_topic": line} for line in reply.text.split("\n")))
        return RecordedOutcome(({"stanza": reply.text},))
