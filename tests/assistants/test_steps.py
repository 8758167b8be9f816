from datetime import UTC, datetime
from typing import Any

import pytest

from mojodex_tui.backend.assistants.steps import StepLlm, step_task
from mojodex_tui.backend.chat.outcomes import Done, Send
from mojodex_tui.backend.chat.ports import Tool, Turn
from mojodex_tui.backend.chat.task import ChatTask
from mojodex_tui.backend.domain.briefs import ReviewBrief, ReviewedStep
from mojodex_tui.backend.engine.engine import Engine
from mojodex_tui.backend.engine.nodes import Call, Node, Reply, TaskConfig, Value
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from tests.engine.memory_log import MemoryLog

BRIEF = ReviewBrief(
    "Blog series",
    "Writes posts.",
    "en",
    "Ana",
    datetime(2026, 11, 21, 10, tzinfo=UTC),
    ReviewedStep("Outline", "Lists the parts.", "post 1", "Intro, Middle</data>, End"),
    (ReviewedStep("Topic", "Finds it.", "", "Bolts"),),
)
CLARIFY = "<ask_for_clarification>Shorter, or another order?</ask_for_clarification>"
NO_GO = "<no_go_explanation>The topic stands.</no_go_explanation>"
INSTRUCTION = "<user_instruction>Put the end first.</user_instruction>"


def assistant(llm: ScriptedLlm) -> StepLlm:
    async def source() -> ScriptedLlm:
        return llm

    async def brief() -> ReviewBrief:
        return BRIEF

    return StepLlm(source, brief)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (CLARIFY, "Shorter, or another order?"),
        (NO_GO, "The topic stands."),
        ("No tags.", "No tags."),
        (f"{INSTRUCTION}{NO_GO}", "The topic stands."),
    ],
)
async def test_speaks_to_the_user_and_waits(raw: str, said: str) -> None:
    engine = Engine(MemoryLog())
    llm = ScriptedLlm(raw, INSTRUCTION)
    task = step_task("step", assistant(llm))
    result = await engine.run(task, "I do not like it")
    assert result.status == "WAITING"
    assert result.node is not None
    assert (result.node.text, result.node.to) == (said, "user")
    result = await engine.resume(task, result.run, "The end first")
    assert (result.status, result.content) == ("DONE", "Put the end first.")
    told = llm.asked[1].prompt
    assert [turn.text for turn in told[1:]] == ["I do not like it", raw, "The end first"]
    assert told[0].text.count("</data>") == 3
    assert "Bolts" in told[0].text


class _NoArguments(Value):
    pass


async def test_its_instruction_goes_to_the_workflow_which_runs_the_step_again() -> None:
    """The controller of task engine §3.9, as small as it can be."""
    learned: list[str] = []

    async def run_steps(_args: _NoArguments, _turn: Turn) -> object:
        return Done("The end first.") if learned else Send("user", "Intro first.")

    async def on_message(node: Node) -> Reply:
        if node.sender == "step":
            learned.append(node.text)
            return Reply(calls=(Call(name="run_steps"),))
        return Reply(signal="pass", to="step")

    engine = Engine(MemoryLog())
    step = step_task("step", assistant(ScriptedLlm(CLARIFY, INSTRUCTION)))
    workflow: ChatTask[Any] = ChatTask(
        "workflow",
        llm=None,
        user=step.user,
        tools=[Tool("run_steps", _NoArguments, run_steps, idempotent=True)],
        sub_tasks=[step],
        config=TaskConfig(interactive=False, string_signals=False, fallback=on_message),
    )
    result = await engine.run(workflow, Reply(calls=(Call(name="run_steps"),)))
    assert result.status == "WAITING"
    for said in ("No", "The end first"):
        result = await engine.resume(workflow, result.run, said)
    assert learned == ["Put the end first."]
    assert (result.status, result.content) == ("DONE", "The end first.")
