"""The home chat on the engine: it hands each message to a task, or answers it (§11.3)."""

import json
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from mojodex_tui.backend.assistants.instruct import CONVERSATION, reply_of, task_name
from mojodex_tui.backend.assistants.prompts import alternating, render
from mojodex_tui.backend.assistants.tags import Written
from mojodex_tui.backend.assistants.writing import Growth, write
from mojodex_tui.backend.chat.ports import AbsentUser, ChatTurn, Emit, ToolSpec
from mojodex_tui.backend.chat.task import ChatTask
from mojodex_tui.backend.domain.briefs import HomeBrief, Turn
from mojodex_tui.backend.engine.nodes import Reply
from mojodex_tui.backend.llm.errors import ModelSilent
from mojodex_tui.backend.llm.port import Ask, LlmSource, Usage

HOME = "home"
"""The name of the root task."""
MAX_TOKENS = 1000
_NOTHING = "The model answered with nothing. Try again, or put it differently."
_NO_TASK = "The model named a task that you do not have. Try again, or name the task yourself."
_ROUTE = re.compile(r"<task_pk>\s*(\d+)\s*</task_pk>")


class HomeLlm:
    """Routes messages, and answers those that are for no task.

    Args:
        llm: answers with the model.
        brief: tells what is known of the user and the tasks now, but for what was said.
    """

    def __init__(self, llm: LlmSource, brief: Callable[[], Awaitable[HomeBrief]]) -> None:
        self._llm, self._brief = llm, brief

    async def complete(
        self,
        thread: list[ChatTurn],
        *,
        tools: list[ToolSpec],  # noqa: ARG002 - structured answers call no tools
        emit: Emit,
        cancelled: Callable[[], bool],  # noqa: ARG002 - who stops an answer keeps nothing of it
    ) -> Reply:
        """Write until a task is recognised, or to the end of the answer.

        Raises:
            LlmError: the model gave no answer, or none that can be read.
        """
        known = await self._brief()
        if known.for_task is not None:
            return reply_of({"task_pk": known.for_task}, "", Usage(""))
        brief = replace(known, conversation=tuple(_conversation(thread)))
        offered = set() if brief.not_meant else {task.pk for task in brief.tasks}

        def routed(head: str) -> bool:
            return _route(head, offered) is not None

        ask = Ask(brief, prompt(brief), MAX_TOKENS)
        written = await write(await self._llm(), ask, Growth(emit), routed)
        task_pk = _route(written.raw, offered)
        if task_pk is not None:
            return reply_of({"task_pk": task_pk}, written.raw, written.usage)
        said = written.read.body if isinstance(written.read, Written) else written.read
        if not said:
            raise ModelSilent(_NO_TASK if _ROUTE.search(written.raw) else _NOTHING)
        return reply_of({"ask": said}, written.raw, written.usage)


def prompt(brief: HomeBrief) -> tuple[Turn, ...]:
    """Return what a model is given for `brief`."""
    return (Turn("system", render("home", brief=brief)), *alternating(brief.conversation))


def interpret(data: dict[str, Any]) -> Reply:
    """Return what an answer means: the message goes to a task, or something to the user."""
    if (task_pk := data.get("task_pk")) is not None:
        return Reply(signal="pass", to=task_name(task_pk))
    return Reply(text=data["ask"], to="user")


def home_task(llm: HomeLlm, tasks: Sequence[ChatTask[Any]]) -> ChatTask[Any]:
    """Return the root task of a home chat (task engine §3.9).

    A task it hands a message to talks to the user itself, until it hands a message back.
    """
    return ChatTask(
        HOME,
        llm=llm,
        user=AbsentUser(),
        sub_tasks=tasks,
        interpret=interpret,
        config=CONVERSATION,
    )


def _route(text: str, offered: set[int]) -> int | None:
    """Return the task a text names, if there is such a task."""
    found = _ROUTE.search(text)
    pk = int(found[1]) if found else None
    return pk if pk in offered else None


def _conversation(thread: Sequence[ChatTurn]) -> Iterator[Turn]:
    """Yield what was said in the home chat itself; a message handed back stands there once."""
    last = ""
    for turn in thread:
        text = turn.text
        if turn.role == "assistant":
            try:
                text = json.loads(text)["raw"]
            except (ValueError, TypeError, KeyError):
                continue  # the message a reply means
        if turn.role == "assistant" or text != last:
            yield Turn("assistant" if turn.role == "assistant" else "user", text)
        last = text
