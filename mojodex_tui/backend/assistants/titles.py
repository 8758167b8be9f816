"""The title and the summary by which a task execution is found again."""

import re
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import asdict, dataclass

from mojodex_tui.backend.assistants.instruct import reply_of
from mojodex_tui.backend.assistants.prompts import render
from mojodex_tui.backend.assistants.tags import TagReader, inner
from mojodex_tui.backend.chat.ports import ChatTurn, Emit, ToolSpec
from mojodex_tui.backend.chat.task import ChatTask
from mojodex_tui.backend.domain.briefs import TitleBrief, Turn
from mojodex_tui.backend.engine.nodes import Reply, TaskConfig
from mojodex_tui.backend.llm.errors import ModelSilent
from mojodex_tui.backend.llm.port import Ask, Llm, LlmSource, Usage

MAX_TOKENS = 2000
"""The wire protocol's §11.5 says 500; models that think aloud first would be cut off by it."""
MAX_WORDS = 10
MAX_SENTENCES = 3
"""Both: wire protocol §11.5."""

_TASK = "title:"
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_LABEL = re.compile(r"^(?:[#*\s]*)(?:title|titre|titel|título|titolo)\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True)
class TitleSummary:
    """At most ten words, and at most three sentences (or none)."""

    title: str
    summary: str


async def title_and_summary(llm: Llm, brief: TitleBrief) -> tuple[TitleSummary, Usage]:
    """Have the model name a task execution.

    Raises:
        LlmError: the model gave no answer. `ModelSilent` when there is no title in it.
    """
    raw: list[str] = []
    usage = Usage(llm.label)
    async with aclosing(llm.stream(Ask(brief, prompt(brief), MAX_TOKENS))) as pieces:
        async for piece in pieces:
            if isinstance(piece, Usage):
                usage = piece
            elif isinstance(piece, str):
                raw.append(piece)
    return read("".join(raw)), usage


class TitleLlm:
    """Names a task execution on the engine.

    Args:
        llm: answers with the model.
        brief: what is named.
    """

    def __init__(self, llm: LlmSource, brief: TitleBrief) -> None:
        self._llm, self._brief = llm, brief

    async def complete(
        self,
        thread: list[ChatTurn],  # noqa: ARG002 - the brief holds what was said
        *,
        tools: list[ToolSpec],  # noqa: ARG002 - structured answers call no tools
        emit: Emit,  # noqa: ARG002 - nobody watches a title grow
        cancelled: Callable[[], bool],  # noqa: ARG002 - it is short
    ) -> Reply:
        """Write the title and the summary as a mapping."""
        named, usage = await title_and_summary(await self._llm(), self._brief)
        return reply_of(asdict(named), "", usage)


def title_task(execution_pk: int, llm: TitleLlm) -> ChatTask[TitleSummary]:
    """Return the task that names an execution (task engine §3.9); one error ends it."""
    config = TaskConfig(interactive=False, tool_mode="structured", max_errors=1)
    return ChatTask(f"{_TASK}{execution_pk}", llm=llm, result_type=TitleSummary, config=config)


def named_by(task: str) -> int | None:
    """Return the execution that a task of this name names, if it names one."""
    return int(task.removeprefix(_TASK)) if task.startswith(_TASK) else None


def prompt(brief: TitleBrief) -> tuple[Turn, ...]:
    """Return what a model is given for `brief` (wire protocol §11.5)."""
    spoken = tuple(Turn(turn.speaker, _plain(turn.text)) for turn in brief.instruct.conversation)
    return (Turn("user", render("title", brief=brief.instruct, spoken=spoken)),)


def read(raw: str) -> TitleSummary:
    """Read a model's answer, also one without tags: then its first line is the title.

    Raises:
        ModelSilent: there is nothing that could be a title.
    """
    without_thoughts = re.sub(r"<think>.*?(?:</think>|\Z)", "", raw, flags=re.DOTALL)
    title = inner(without_thoughts, "title")
    summary = inner(without_thoughts.partition("</title>")[2] or without_thoughts, "summary")
    if not title:
        before = without_thoughts.partition("<summary>")[0].strip()
        title = _LABEL.sub("", before.partition("\n")[0])
    words = re.sub(r"</?\w+>", " ", title).strip(" \"'“”«»#*.").split()
    if not words:
        raise ModelSilent("The model gave no title.")
    sentences = _SENTENCE_END.split(" ".join(summary.split()))
    return TitleSummary(" ".join(words[:MAX_WORDS]), " ".join(sentences[:MAX_SENTENCES]))


def _plain(text: str) -> str:
    reader = TagReader()
    reader.feed(text)
    read = reader.finish()
    return read if isinstance(read, str) else f"{read.title or ''}\n{read.body}".strip()
