"""The chat about a step of a workflow that the user rejected (wire protocol §6.6)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from mojodex_tui.backend.assistants.instruct import CONVERSATION, conversation, reply_of
from mojodex_tui.backend.assistants.prompts import alternating, render
from mojodex_tui.backend.assistants.tags import Written, inner
from mojodex_tui.backend.assistants.writing import DraftToken, Growth, MessageToken, write
from mojodex_tui.backend.chat.ports import LLM, AbsentUser, ChatTurn, Emit, ToolSpec
from mojodex_tui.backend.chat.task import ChatTask
from mojodex_tui.backend.domain.briefs import ReviewBrief, Turn
from mojodex_tui.backend.engine.nodes import Reply
from mojodex_tui.backend.llm.errors import ModelSilent
from mojodex_tui.backend.llm.port import Ask, LlmSource

MAX_TOKENS = 2000
_TO_USER = ("no_go_explanation", "ask_for_clarification")
_INSTRUCTION = "user_instruction"
_NOTHING = "None"


class StepLlm:
    """Talks about a rejected step.

    Args:
        llm: answers with the model.
        brief: tells what is known of the step now, but for what was said.
    """

    def __init__(self, llm: LlmSource, brief: Callable[[], Awaitable[ReviewBrief]]) -> None:
        self._llm, self._brief = llm, brief

    async def complete(
        self,
        thread: list[ChatTurn],
        *,
        tools: list[ToolSpec],  # noqa: ARG002 - structured answers call no tools
        emit: Emit,
        cancelled: Callable[[], bool],  # noqa: ARG002 - who stops an answer keeps nothing of it
    ) -> Reply:
        """Write the next answer; the first of the tags there is counts (§6.6)."""
        brief = replace(await self._brief(), conversation=tuple(conversation(thread)))
        ask = Ask(brief, prompt(brief), MAX_TOKENS)
        growth = Growth(emit)

        async def grow(token: MessageToken | DraftToken) -> None:
            # Models fill the tags they do not mean with this word (§11).
            if not isinstance(token, MessageToken) or not _NOTHING.startswith(token.text.strip()):
                await growth(token)

        written = await write(await self._llm(), ask, grow)
        for tag in (*_TO_USER, _INSTRUCTION):
            if (said := inner(written.raw, tag)) and said != _NOTHING:
                key = "instruction" if tag == _INSTRUCTION else "ask"
                return reply_of({key: said}, written.raw, written.usage)
        said = written.read.body if isinstance(written.read, Written) else written.read
        if not said:
            raise ModelSilent("The model answered with nothing. Try again, or put it differently.")
        return reply_of({"ask": said}, written.raw, written.usage)


def prompt(brief: ReviewBrief) -> tuple[Turn, ...]:
    """Return what a model is given for `brief`."""
    return (Turn("system", render("review", brief=brief)), *alternating(brief.conversation))


def interpret(data: dict[str, Any]) -> Reply:
    """Return what an answer means: something to the user, or the instruction that ends the task."""
    if (instruction := data.get("instruction")) is not None:
        return Reply(text=instruction, signal="done")
    return Reply(text=data["ask"], to="user")


def step_task(name: str, llm: LLM) -> ChatTask[Any]:
    """Return the sub-task of a workflow that talks about its steps (task engine §3.9).

    It waits for the user after each answer, and is done with the instruction for the next try.
    """
    return ChatTask(
        name,
        llm=llm,
        user=AbsentUser(),
        interpret=interpret,
        config=CONVERSATION.model_copy(update={"addressed_only": True}),
    )
