"""The port every model stands behind."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from mojodex_tui.backend.chat.ports import ToolSpec
from mojodex_tui.backend.domain.briefs import Brief, Turn
from mojodex_tui.backend.domain.todos import ExtractionBrief, ReminderBrief, ReschedulingBrief
from mojodex_tui.backend.domain.workflows import StepCall
from mojodex_tui.backend.engine.nodes import Call


@dataclass(frozen=True)
class Usage:
    """What one call cost, in tokens as the provider counts them."""

    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    """In the currency of the settings' prices; nothing where there are none."""
    estimated: bool = False
    """True when the provider did not count and the numbers are a guess from the texts' length."""


AnyBrief = Brief | ExtractionBrief | ReschedulingBrief | ReminderBrief | StepCall
"""What a model may be asked to do."""


@dataclass(frozen=True)
class Ask:
    """One question to a model: the brief, and the prompt rendered from it."""

    brief: AnyBrief
    prompt: tuple[Turn, ...]
    max_tokens: int = 4000
    temperature: float = 0.0
    tools: tuple[ToolSpec, ...] = ()
    """What it may call instead of answering."""


Piece = str | Call | Usage
"""What an answer comes in: its text, the tools it calls, and last what it cost."""


class Llm(Protocol):
    """Writes answers, piece by piece."""

    @property
    def label(self) -> str:
        """The name shown to the user, such as `llama3.1 at localhost:11434`."""
        ...

    @property
    def is_model(self) -> bool:
        """False for the offline assistant, whose texts no model wrote."""
        ...

    @property
    def takes_pictures(self) -> bool:
        """Whether it looks at the images of a prompt, as far as is known yet."""
        ...

    def stream(self, ask: Ask) -> AsyncGenerator[Piece]:
        """Yield the answer's text in pieces, the tools it calls if it may and, last, its cost.

        Closing the iterator cancels the call. Use it under `contextlib.aclosing`.

        Raises:
            LlmError: the answer could not be had, or not to its end.
        """
        ...


LlmSource = Callable[[], Awaitable[Llm]]
"""Answers with the model; the first call may take its time."""
