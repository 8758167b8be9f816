"""Have a model fill in a type: what does not fit is told to it, and it is asked again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from mojodex_tui.backend.assistants.prompts import alternating
from mojodex_tui.backend.chat.ports import ChatTurn, Emit, ToolSpec
from mojodex_tui.backend.chat.task import ChatTask
from mojodex_tui.backend.domain.briefs import Turn
from mojodex_tui.backend.engine.engine import Engine
from mojodex_tui.backend.engine.nodes import Reply, TaskConfig
from mojodex_tui.backend.engine.nodes import Usage as Spent
from mojodex_tui.backend.llm.errors import LlmError, ModelUnreadable
from mojodex_tui.backend.llm.port import AnyBrief, Ask, Llm, Usage

FilledT = TypeVar("FilledT", bound=BaseModel)
MOST_ERRORS = 4
"""Three more tries, as an original server has (task engine §3.9)."""
_MAX_TOKENS = 2000


@dataclass(frozen=True)
class Blank:
    """What is to be filled in, and from what.

    Attributes:
        name: of the task, in the engine's log.
        brief: all that is known, for an assistant that reads no prompt.
        instructions: what to do.
        material: what to do it with.
    """

    name: str
    brief: AnyBrief
    instructions: str
    material: str


async def fill(
    engine: Engine, llm: Llm, blank: Blank, kind: type[FilledT]
) -> tuple[FilledT, Usage]:
    """Run a background task until its answer is of a type (task engine §3.9).

    Raises:
        LlmError: the model failed; `ModelUnreadable` if it gave nothing that can be read.
    """
    asked = _TypedLlm(llm, blank)
    task = ChatTask(
        blank.name,
        llm=asked,
        result_type=kind,
        config=TaskConfig(
            interactive=False,
            tool_mode="structured",
            string_signals=False,
            max_errors=MOST_ERRORS,
            system_message=blank.instructions,
        ),
    )
    result = await engine.run(task, blank.material)
    if asked.failure is not None:
        raise asked.failure
    if not isinstance(result.value, kind):
        why = result.node.text if result.node is not None else result.status
        raise ModelUnreadable(f"The model gave no answer that can be read. {why}")
    return result.value, asked.usage


class _TypedLlm:
    """Asks a model for data; a model that failed is not asked again."""

    def __init__(self, llm: Llm, blank: Blank) -> None:
        self._llm, self._blank = llm, blank
        self.usage = Usage(llm.label)
        self.failure: LlmError | None = None

    async def complete(
        self,
        thread: list[ChatTurn],
        *,
        tools: list[ToolSpec],  # noqa: ARG002 - there are none
        emit: Emit,  # noqa: ARG002 - nobody watches
        cancelled: Callable[[], bool],
    ) -> Reply:
        """Write the next try."""
        if self.failure is not None:
            raise self.failure
        raw: list[str] = []
        spent = Usage(self._llm.label)
        ask = Ask(self._blank.brief, _prompt(thread), _MAX_TOKENS)
        try:
            async for piece in self._llm.stream(ask):
                if isinstance(piece, Usage):
                    spent = piece
                elif isinstance(piece, str):
                    raw.append(piece)
        except LlmError as error:
            self.failure = error
            raise
        self.usage = Usage(
            spent.model,
            self.usage.input_tokens + spent.input_tokens,
            self.usage.output_tokens + spent.output_tokens,
        )
        tokens = spent.input_tokens + spent.output_tokens
        return Reply(
            text="".join(raw), usage=Spent(tokens=tokens, cost=spent.cost), partial=cancelled()
        )


def _prompt(thread: list[ChatTurn]) -> tuple[Turn, ...]:
    """Return the thread for a model: one system turn, then speakers taking turns."""
    systems = [turn.text for turn in thread if turn.role == "system"]
    said = [
        Turn("assistant" if turn.role == "assistant" else "user", turn.text)
        for turn in thread
        if turn.role != "system"
    ]
    return (Turn("system", "\n\n".join(systems)), *alternating(said))
