"""A run from its form to its text, over HTTP (wire protocol §6.3 to §6.5)."""

from tests.workflows.conftest import Flow
from tests.workflows.flows import ScriptedSteps


async def test_a_run_waits_after_each_result_and_ends_with_a_text(poem: Flow) -> None:
    await poem.begin()
    first = await poem.last()
    assert (await poem.state(), first["result"]) == ("waiting", [{"text": "a"}, {"text": "b"}])
    assert first["parameter"] == {"topic": "rain"}
    assert await poem.judge() == "Step validated"
    assert (await poem.last())["parameter"] == {"text": "a"}
    await poem.judge()
    assert (await poem.last())["parameter"] == {"text": "b"}
    await poem.judge()
    shown = await poem.started.read()
    assert await poem.state() == "done"
    assert shown["produced_text_production"] == "a!\n\nb!"
    assert shown["end_date"] is not None


async def test_steps_nobody_decides_about_run_by_themselves(
    quick: Flow, steps: ScriptedSteps
) -> None:
    await quick.begin()
    assert [call.step.name for call in steps.calls] == ["plan", "write", "write"]
    assert (await quick.started.read())["produced_text_production"] == "a!\n\nb!"


async def test_two_levels_of_repetition_lose_nothing(deep: Flow, steps: ScriptedSteps) -> None:
    await deep.begin()
    assert [call.parameter for call in steps.calls if call.step.name == "write"] == [
        {"text": "a1"},
        {"text": "a2"},
        {"text": "b1"},
        {"text": "b2"},
    ]
    assert (await deep.started.read())["produced_text_production"] == "a1!\n\na2!\n\nb1!\n\nb2!"
