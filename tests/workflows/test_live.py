"""What a client hears of a run (wire protocol §6.4 to §6.6), and the chat about a result."""

from typing import Any

import pytest

from mojodex_tui.backend.asgi import Backend
from mojodex_tui.backend.domain.briefs import ReviewBrief
from mojodex_tui.backend.domain.workflows import StepFailed
from mojodex_tui.backend.llm.errors import ModelBusy
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from tests.backend.client import Listener, listening
from tests.workflows.conftest import Flow
from tests.workflows.flows import Gate, ScriptedSteps, fails, fans, items

ASK = "<ask_for_clarification>What should change?</ask_for_clarification>"
NO_GO = "<no_go_explanation>The plan stays.</no_go_explanation>"
INSTRUCT = "<user_instruction>Two lines, with a rhyme.</user_instruction>"
STEPS = (
    "workflow_step_execution_started",
    "workflow_step_execution_ended",
    "workflow_step_execution_invalidated",
    "workflow_execution_produced_text",
)


def told(listener: Listener) -> list[tuple[str, Any]]:
    """Return what was said of steps, the events' names shortened."""
    return [
        (name.removeprefix("workflow_").removeprefix("step_execution_"), said)
        for name, said in listener.heard
        if name in STEPS
    ]


def names(listener: Listener) -> list[str]:
    return [name for name, _ in told(listener)]


async def joined(flow: Flow, listener: Listener) -> None:
    listener.acknowledge_all()
    await listener.join(flow.started.session_id)


async def test_each_step_is_told_from_its_start_to_the_text(
    quick: Flow, backend: Backend, url: str
) -> None:
    assert quick.started.api.token is not None
    async with listening(url, quick.started.api.token) as listener:
        await joined(quick, listener)
        await quick.begin()
        produced = await listener.until("workflow_execution_produced_text")
    assert names(listener) == ["started", "ended"] * 3 + ["execution_produced_text"]
    started, ended = told(listener)[0][1], told(listener)[1][1]
    assert (started["result"], started["parameter"]) == (None, {"topic": "rain"})
    assert ended["result"] == items("a", "b")
    assert (ended["step_name"], ended["session_id"]) == ("plan", quick.started.session_id)
    assert (produced["produced_text"], produced["produced_text_title"]) == ("a!\n\nb!", "")
    assert listener.all("user_task_execution_title") != []


async def test_a_failure_is_told_with_its_step(quick: Flow, steps: ScriptedSteps, url: str) -> None:
    steps.scripts["plan"] = fails(StepFailed("No topics in that."))
    assert quick.started.api.token is not None
    async with listening(url, quick.started.api.token) as listener:
        await joined(quick, listener)
        await quick.begin()
        ended = await listener.until("workflow_step_execution_ended")
    assert (ended["result"], ended["error_status"]["error"]) == (None, "No topics in that.")


async def test_a_run_that_cannot_go_on_is_told_as_an_error(
    quick: Flow, steps: ScriptedSteps, url: str
) -> None:
    steps.scripts["plan"] = fans()
    assert quick.started.api.token is not None
    async with listening(url, quick.started.api.token) as listener:
        await joined(quick, listener)
        await quick.begin()
        error = await listener.until("error")
    assert error["error"].startswith("Error during workflow run: The step “Plan” gave nothing")
    assert error["user_task_execution_pk"] == quick.started.pk


async def test_what_is_stopped_is_told(quick: Flow, steps: ScriptedSteps, url: str) -> None:
    gate = Gate(items("x"))
    steps.scripts["plan"] = gate
    assert quick.started.api.token is not None
    async with listening(url, quick.started.api.token) as listener:
        await joined(quick, listener)
        await quick.started.run({"topic": "x"})
        await gate.reached.wait()
        await quick.tell("/workflow_stop")
        error = await listener.until("error")
        await listener.until("workflow_step_execution_invalidated")
    assert error["kind"] == "stopped"


async def test_a_chat_ends_with_an_instruction_and_the_step_runs_again(
    poem: Flow, llm: ScriptedLlm, steps: ScriptedSteps, url: str
) -> None:
    """Its three outcomes in turn (§6.6); the last one is streamed, and no message follows it."""
    await poem.begin()
    await poem.judge()
    llm.add(ASK, NO_GO, INSTRUCT)
    assert poem.started.api.token is not None
    async with listening(url, poem.started.api.token) as listener:
        await joined(poem, listener)
        assert await poem.judge(validated=False) == "Step validated"
        assert await poem.state() == "waiting"
        for said, answer in (
            ("I do not like it.", "What should change?"),
            ("Change the plan.", "The plan stays."),
        ):
            await poem.started.say(said)
            await poem.idle()
            message = await listener.until("mojo_message", len(listener.all("mojo_message")) or 1)
            assert message["text"] == answer
            assert message["user_task_execution_pk"] == poem.started.pk
        assert names(listener) == []
        await poem.started.say("Two lines, with a rhyme.")
        await poem.idle()
        await listener.until("workflow_step_execution_ended")
    assert names(listener) == ["invalidated", "started", "ended"]
    assert told(listener)[0][1]["validated"] is False
    assert len(listener.all("mojo_message")) == 2
    assert listener.all("mojo_token")[-1]["text"] == "Two lines, with a rhyme."
    again = steps.calls[-1]
    assert again.parameter == {"text": "a"}
    assert [(each.result, each.instruction) for each in again.learned] == [
        (({"text": "a!"},), "Two lines, with a rhyme.")
    ]
    first, second = (await poem.run())["step_executions"][-2:]
    assert first["learned_instruction"] == "Two lines, with a rhyme."
    assert (second["try_number"], second["item_index"], second["item_count"]) == (2, 0, 2)


async def test_the_assistant_is_told_what_was_rejected_and_what_was_said(
    poem: Flow, llm: ScriptedLlm
) -> None:
    await poem.begin()
    await poem.judge()
    llm.add(ASK, ASK)
    await poem.started.say("Hm.")
    await poem.idle()
    await poem.started.say("Shorter.")
    await poem.idle()
    brief = next(ask.brief for ask in reversed(llm.asked) if isinstance(ask.brief, ReviewBrief))
    assert (brief.current.label, brief.current.parameter) == ("Write", '{"text": "a"}')
    assert [step.label for step in brief.achieved] == ["Plan"]
    assert [turn.text for turn in brief.conversation] == ["Hm.", ASK, "Shorter."]
    assert "question" in [
        each["kind"] for each in (await poem.started.api.get("/workflow_inbox")).json()["waiting"]
    ]


async def test_a_decision_ends_the_chat_about_a_result(
    poem: Flow, llm: ScriptedLlm, steps: ScriptedSteps
) -> None:
    await poem.begin()
    llm.add(ASK)
    await poem.started.say("Hm.")
    await poem.idle()
    asked = len(llm.asked)
    await poem.judge()
    assert (await poem.last())["parameter"] == {"text": "a"}
    llm.add(INSTRUCT)
    await poem.started.say("Two lines, with a rhyme.")
    await poem.idle()
    assert len(llm.asked) == asked + 1
    brief = llm.asked[-1].brief
    assert isinstance(brief, ReviewBrief)
    assert [turn.text for turn in brief.conversation] == ["Hm.", ASK, "Two lines, with a rhyme."]
    assert [call.step.name for call in steps.calls] == ["plan", "write", "write"]


async def test_an_instruction_takes_a_stopped_run_up_again(
    poem: Flow, llm: ScriptedLlm, steps: ScriptedSteps
) -> None:
    await poem.begin()
    await poem.tell("/workflow_stop")
    llm.add(INSTRUCT)
    await poem.started.say("Two lines, with a rhyme.")
    await poem.idle()
    assert await poem.state() == "waiting"
    assert steps.calls[-1].learned[0].instruction == "Two lines, with a rhyme."


async def test_a_chat_that_fails_says_so_and_the_result_still_waits(
    poem: Flow, llm: ScriptedLlm, url: str
) -> None:
    await poem.begin()
    llm.add(ModelBusy("The model is busy. Try again."), INSTRUCT)
    assert poem.started.api.token is not None
    async with listening(url, poem.started.api.token) as listener:
        await joined(poem, listener)
        await poem.started.say("Shorter.")
        error = await listener.until("error")
    assert error["error"].endswith("The model is busy. Try again.")
    assert error["user_message_pk"] is not None
    assert await poem.state() == "waiting"
    await poem.started.say("Shorter, please.")
    await poem.idle()
    assert (await poem.last())["try_number"] == 2


@pytest.mark.parametrize("word", ["bye", "quit", "DONE"])
async def test_no_word_of_the_user_ends_a_run(poem: Flow, llm: ScriptedLlm, word: str) -> None:
    await poem.begin()
    llm.add(ASK, ASK)
    await poem.started.say("Hm.")
    await poem.idle()
    await poem.started.say(word)
    await poem.idle()
    assert [row["sender"] for row in await poem.started.messages()] == ["mojo", "user"] * 2
    assert await poem.judge() == "Step validated"
    assert (await poem.last())["step_name"] == "write"


async def test_a_message_before_the_form_says_what_to_do(poem: Flow, llm: ScriptedLlm) -> None:
    await poem.started.say("Hello?")
    await poem.idle()
    assert "form" in (await poem.started.messages())[0]["message"]["text"]
    await poem.begin()
    assert await poem.state() == "waiting"


async def test_after_the_end_the_text_is_talked_about(
    quick: Flow, llm: ScriptedLlm, url: str
) -> None:
    await quick.begin()
    llm.add("<execution><title>Rain</title><draft>a! b!</draft></execution>")
    assert quick.started.api.token is not None
    async with listening(url, quick.started.api.token) as listener:
        await joined(quick, listener)
        await quick.started.say("Make it shorter.")
        draft = await listener.until("draft_message")
        await quick.idle()
    assert (draft["produced_text"], draft["text_type"]) == ("a! b!", "poem")
    shown = await quick.started.read()
    assert shown["produced_text_version_index"] == 2
    assert await quick.state() == "done"


async def test_where_the_text_is_not_talked_about_the_user_is_told_so(
    deep: Flow, llm: ScriptedLlm
) -> None:
    await deep.begin()
    for _ in range(2):
        await deep.started.say("Make it shorter.")
        await deep.idle()
        assert "by hand" in (await deep.started.messages())[0]["message"]["text"]
    assert (await deep.started.read())["produced_text_version_index"] == 1
    assert await deep.state() == "done"
