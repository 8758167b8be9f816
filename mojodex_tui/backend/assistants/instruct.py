"""An instruct task on the engine: its next answer is a question, or the text it is for."""

import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mojodex_tui.backend.assistants.limits import AnsweringTask, limited
from mojodex_tui.backend.assistants.prompts import alternating, render
from mojodex_tui.backend.assistants.tags import Written, inner
from mojodex_tui.backend.assistants.tool_use import CallsSeen, Equipment
from mojodex_tui.backend.assistants.writing import Growth, OnToken, write
from mojodex_tui.backend.chat.ports import AbsentUser, ChatTurn, Emit, ToolSpec
from mojodex_tui.backend.domain.briefs import InstructBrief, Turn
from mojodex_tui.backend.domain.limits import Limits
from mojodex_tui.backend.engine.nodes import Call, Node, Reply, TaskConfig
from mojodex_tui.backend.engine.nodes import Usage as Spent
from mojodex_tui.backend.llm.errors import ModelSilent
from mojodex_tui.backend.llm.port import Ask, Llm, LlmSource, Usage
from mojodex_tui.backend.tools.consent import questions

MAX_TOKENS = 4000
"""Wire protocol §11.5."""
FORM = "⟨form⟩"
"""How the node of a filled form begins; what is in it reaches the model by the brief."""
_LEAVES = "task_pk"
"""The tag by which a task of a home chat says that a message is none of its business (§11.3)."""


@dataclass(frozen=True)
class Question:
    """The assistant said something: mostly a question, and no text was delivered."""

    text: str
    raw: str
    """The answer as the model gave it, tags included."""


@dataclass(frozen=True)
class Delivery:
    """The assistant delivered a text."""

    title: str | None
    """`None` when the model gave none and there was none before."""
    body: str
    raw: str
    """The answer as the model gave it, tags included."""


@dataclass(frozen=True)
class NotMine:
    """The message is not the task's business."""

    raw: str
    """The answer as the model gave it, tags included."""


@dataclass(frozen=True)
class ToolsWanted:
    """The assistant needs tools before it can answer."""

    calls: tuple[Call, ...]
    raw: str
    """What it said along with it."""


Said = Question | Delivery | NotMine | ToolsWanted
_NO_TOOLS = Equipment()
_LIMITS = Limits()


async def answer(
    llm: Llm, brief: InstructBrief, on_token: OnToken, equipment: Equipment = _NO_TOOLS
) -> tuple[Said, Usage]:
    """Ask for the next answer; tell `on_token` about it while it is written.

    Raises:
        LlmError: the model gave no answer, or not to its end. `ModelSilent` when it is empty.
    """
    offered = equipment.offered(brief.conversation)
    ask = Ask(brief, prompt(brief, equipment), MAX_TOKENS, tools=offered)
    written = await write(llm, ask, on_token)
    if written.calls and offered:
        return ToolsWanted(written.calls, written.raw), written.usage
    return _read(written.read, written.raw, brief), written.usage


def prompt(brief: InstructBrief, equipment: Equipment = _NO_TOOLS) -> tuple[Turn, ...]:
    """Return what a model is given for `brief` (wire protocol §11.5)."""
    turns = list(brief.conversation)
    if brief.inputs or not turns or turns[0].speaker != "user":
        turns.insert(0, Turn("user", render("form", brief=brief), pictures=brief.pictures))
    if turns[-1].speaker == "assistant" and not turns[-1].uses:
        turns.append(Turn("user", render("again", brief=brief)))
    if brief.draft is not None:
        last = max(place for place, turn in enumerate(turns) if turn.speaker == "user")
        said = render("current", draft=brief.draft, said=turns[last].text)
        turns[last] = replace(turns[last], text=said)
    system = render("instruct", brief=brief, box=equipment.box)
    return (Turn("system", system), *alternating(turns))


def form(brief: InstructBrief) -> str:
    """Return a filled form as the text of a node."""
    return f"{FORM}\n{render('form', brief=brief)}"


def _read(read: Written | str, raw: str, brief: InstructBrief) -> Said:
    if isinstance(read, Written):
        before = brief.draft.title if brief.draft is not None else None
        return Delivery(read.title or before or None, read.body, raw)
    if brief.in_home and inner(raw, _LEAVES) == "null":
        return NotMine(raw)
    if not read:
        raise ModelSilent("The model answered with nothing. Try again, or put it differently.")
    return Question(read, raw)


class InstructLlm:
    """Writes an instruct task's answers on the engine.

    Args:
        llm: answers with the model.
        brief: tells what is known of the task's execution now, but for what was said.
        equipment: the tools it may use.
    """

    def __init__(
        self,
        llm: LlmSource,
        brief: Callable[[], Awaitable[InstructBrief]],
        equipment: Equipment = _NO_TOOLS,
    ) -> None:
        self._llm, self._brief, self.equipment = llm, brief, equipment

    async def complete(
        self,
        thread: list[ChatTurn],
        *,
        tools: list[ToolSpec],  # noqa: ARG002 - which may be called is the equipment's to say
        emit: Emit,
        cancelled: Callable[[], bool],  # noqa: ARG002 - who stops an answer keeps nothing of it
    ) -> Reply:
        """Write the next answer as the mapping that `interpret` reads."""
        known = await self._brief()
        if known.not_meant:
            return reply_of({"not_mine": True}, "", Usage(""))
        brief = replace(known, conversation=tuple(conversation(thread)))
        llm = await self._llm()
        said, usage = await answer(llm, brief, Growth(emit), self.equipment)
        match said:
            case Question(text=text):
                data: dict[str, Any] = {"ask": text}
            case Delivery(title=title, body=body):
                data = {"title": title, "draft": body}
            case NotMine():
                data = {"not_mine": True}
            case ToolsWanted(calls=calls):
                data = {"calls": self.equipment.known(calls)}
        if brief.pictures or brief.left_out:
            data["unseen"] = _unseen(llm, brief)
        return reply_of(data, said.raw, usage)


def _unseen(llm: Llm, brief: InstructBrief) -> str | None:
    """Return which images were not looked at, as a sentence; `None` if all were."""
    if brief.pictures and not llm.takes_pictures:
        return f"Not looked at: {llm.label} takes no images, so it is told their names."
    if brief.left_out:
        names = ", ".join(brief.left_out)
        return f"Not looked at: {names}. Only PNG, JPEG, GIF and WebP are, up to 20 MB in all."
    return None


def reply_of(data: dict[str, Any], raw: str, usage: Usage) -> Reply:
    """Return a structured reply: what was understood, what was written, and what it cost."""
    cost = {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens}
    fields = {**data, "raw": raw, "model": usage.model, **cost}
    spent = Spent(tokens=usage.input_tokens + usage.output_tokens, cost=usage.cost)
    return Reply(text=json.dumps(fields, ensure_ascii=False), usage=spent)


@dataclass(frozen=True)
class Heard:
    """What a reply of `reply_of` was understood as, read from its node."""

    data: dict[str, Any]

    @classmethod
    def of(cls, nodes: Sequence[Node]) -> "Heard | None":
        """Return it from the nodes a reply became; `None` if it was no such reply."""
        found = next((node.data for node in nodes if node.data is not None), None)
        return cls(found) if found is not None else None

    @property
    def said(self) -> Said:
        """The answer."""
        raw = self.data["raw"]
        if (body := self.data.get("draft")) is not None:
            return Delivery(self.data["title"], body, raw)
        if (calls := self.data.get("calls")) is not None:
            return ToolsWanted(tuple(map(Call.model_validate, calls)), raw)
        return NotMine(raw) if "not_mine" in self.data else Question(self.data["ask"], raw)

    @property
    def usage(self) -> Usage:
        """What it cost."""
        data = self.data
        return Usage(data["model"], data["input_tokens"], data["output_tokens"])


def interpret(data: dict[str, Any]) -> Reply:
    """Return what an answer means: a message to the user, with the draft as its value if any."""
    match Heard(data).said:
        case Delivery(title=title, body=body):
            text = body if title is None else f"{title}\n{body}"
            return Reply(text=text, to="user", value={"title": title, "body": body})
        case Question(text=text):
            return Reply(text=text, to="user")
        case NotMine():
            return Reply(signal="done_pass")
        case ToolsWanted(calls=calls, raw=raw):
            return Reply(text=raw, calls=calls)


def conversation(thread: Sequence[ChatTurn]) -> Iterator[Turn]:
    """Yield what was said, the assistant's answers as they were given, tags included.

    Each answer stands on the thread twice: as the structured reply, and as the message or the
    calls it means. Filled forms are left out, because the brief holds what is in them; failures of
    the model too, because it can learn nothing from them.
    """
    seen = CallsSeen()
    for turn in thread:
        if turn.role == "assistant":
            try:
                data = json.loads(turn.text)
                raw, calls = data["raw"], data.get("calls")
            except (ValueError, TypeError, KeyError):
                continue  # what it means
            yield from seen.rest()
            if calls is None:
                yield Turn("assistant", raw)
            else:
                seen.call(raw, calls)
            continue
        yield from seen.take(turn)
        if turn.failed or turn.results or questions((turn.text,)) or turn.text.startswith(FORM):
            continue
        yield Turn("user", turn.text)
    yield from seen.rest()


def instruct_task(task_pk: int, llm: InstructLlm, limits: Limits = _LIMITS) -> AnsweringTask[Any]:
    """Return the task that runs an instruct task of the catalog (task engine §3.9).

    Unless its limits say otherwise, one error ends the turn: who asked is told at once, and the
    model is not asked in a loop.
    """
    return AnsweringTask(
        task_name(task_pk),
        llm=llm,
        user=AbsentUser(),
        tools=llm.equipment.tools,
        interpret=interpret,
        config=limited(CONVERSATION.model_copy(update={"addressed_only": True}), limits),
    )


def task_name(task_pk: int) -> str:
    """Return the name on the engine of a task of the catalog."""
    return f"task:{task_pk}"


CONVERSATION = TaskConfig(
    interactive=False,
    tool_mode="structured",
    # What users and models write is theirs: no word in it ends or hands on a conversation.
    string_signals=False,
    # People repeat themselves in long conversations; nothing loops without them.
    inf_loop_cycle_len=0,
    max_errors=1,
    max_stalled_steps=1,
)
"""A conversation in which each answer waits for the user."""
