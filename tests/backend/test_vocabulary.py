"""A spelling is put right in all a session shows, and remembered."""

from mojodex_tui.backend.asgi import Backend
from mojodex_tui.backend.assistants.instruct import prompt
from mojodex_tui.backend.domain.briefs import InstructBrief
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from tests.backend.client import Api, Started

DRAFT = "<execution><title>Call with Jon</title><draft>Jon will ask Jonas.</draft></execution>"
TITLE = "<title>Jon, and the launch</title><summary>What Jon said.</summary>"


async def _written(backend: Backend, api: Api, llm: ScriptedLlm) -> Started:
    llm.add(DRAFT, DRAFT)
    started = await api.created()
    await started.say("Jon called; Jonathan did not.")
    await backend.background.idle()
    await api.post("/user_task_execution_title", user_task_execution_pk=started.pk, title="Jon's")
    return started


async def _corrected(api: Api, started: Started, wrong: str, right: str) -> tuple[int, object]:
    answer = await api.put(
        "/vocabulary",
        session_id=started.session_id,
        initial_spelling=wrong,
        corrected_spelling=right,
    )
    return answer.status_code, answer.json()


async def test_whole_words_change_everywhere(backend: Backend, api: Api, llm: ScriptedLlm) -> None:
    started = await _written(backend, api, llm)
    saved = await api.post(
        "/produced_text",
        produced_text_pk=(await started.read())["produced_text_pk"],
        production="Jon (not Jonas) decides.",
        title="Jon",
    )
    assert saved.status_code == 200
    assert await _corrected(api, started, "Jon", "John") == (200, {})
    shown = await started.read()
    assert shown["title"] == "John's"
    assert shown["produced_text_title"] == "John"
    assert shown["produced_text_production"] == "John (not Jonas) decides."
    said = [row["message"] for row in await started.messages()]
    assert [one["text"] for one in said][-1] == "John called; Jonathan did not."
    assert said[0]["produced_text"] == "John will ask Jonas."
    assert said[0]["produced_text_title"] == "Call with John"
    first = await api.get(
        "/user_task_execution_produced_text",
        user_task_execution_pk=started.pk,
        produced_text_version_index=1,
    )
    assert first.json()["produced_text_production"] == "Jon will ask Jonas."


async def test_the_model_is_told(backend: Backend, api: Api, llm: ScriptedLlm) -> None:
    started = await _written(backend, api, llm)
    for wrong, right in (("Jon", "John"), ("Acme", "ACME"), ("Jon", "John")):
        assert await _corrected(api, started, wrong, right) == (200, {})
    llm.add(DRAFT)
    await started.say("Shorter, please")
    await backend.background.idle()
    briefs = [ask.brief for ask in llm.asked if isinstance(ask.brief, InstructBrief)]
    assert briefs[0].spellings == ()
    assert briefs[-1].spellings == ("John", "ACME")
    assert "Spell these exactly so: John, ACME." in prompt(briefs[-1])[0].text


async def test_what_is_no_spelling_is_refused(backend: Backend, api: Api, llm: ScriptedLlm) -> None:
    started = await _written(backend, api, llm)
    for wrong, right in ((" ", "x"), ("x", ""), ("x", "y" * 101)):
        status, told = await _corrected(api, started, wrong, right)
        assert status == 400
        assert isinstance(told, dict)
        assert "spell" in str(told["error"]).lower()
