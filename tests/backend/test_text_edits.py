"""Rewritings of produced texts (wire protocol §5.4)."""

import httpx

from mojodex_tui.backend.asgi import Backend
from mojodex_tui.backend.catalog.text_edits import shipped_text_edits
from mojodex_tui.backend.domain.briefs import Draft, InstructBrief
from mojodex_tui.backend.llm.errors import ModelFailed
from mojodex_tui.backend.llm.offline.assistant import OfflineAssistant
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from tests.backend.client import Api, Started, listening


def draft(title: str, body: str) -> str:
    return f"<execution><title>{title}</title><draft>{body}</draft></execution>"


async def drafted(api: Api, backend: Backend, llm: ScriptedLlm, *bodies: str) -> Started:
    """Return an execution with a version for each body."""
    started = await api.created()
    for body in bodies:
        llm.add(draft("Recap", body))
        await started.say(f"Write {body}")
        await backend.background.idle()
    return started


async def edit(api: Api, version_pk: object, action: int = 1, **more: object) -> httpx.Response:
    return await api.post(
        "/text_edit_action",
        platform="webapp",
        produced_text_version_pk=version_pk,
        text_edit_action_pk=action,
        **more,
    )


async def test_is_offered_in_the_language_of_the_user(api: Api) -> None:
    await api.post("/language", language_code="fr")
    started = await api.created("Compte rendu de réunion")
    offered = (await started.read())["text_edit_actions"]
    assert [each["text_edit_action_pk"] for each in offered] == [
        each.pk for each in shipped_text_edits()
    ]
    assert offered[0]["name"] == "Plus court"


async def test_becomes_the_next_version_by_the_draft_stream(
    api: Api, backend: Backend, llm: ScriptedLlm, url: str
) -> None:
    started = await drafted(api, backend, llm, "A long text.")
    version_pk = (await started.read())["produced_text_version_pk"]
    llm.add(draft("Recap", "Short."))
    assert api.token is not None
    async with listening(url, api.token) as listener:
        listener.acknowledge_all()
        await listener.join(started.session_id)
        answer = await edit(api, version_pk)
        said = await listener.until("draft_message", 2)
        assert listener.all("draft_token")
    assert answer.json()["success"] == f"produced_text_version_pk : {version_pk}"
    assert said["produced_text"] == "Short."
    assert said["user_task_execution_pk"] == started.pk
    shown = await started.read()
    assert (shown["produced_text_production"], shown["produced_text_version_index"]) == (
        "Short.",
        2,
    )
    asked = next(row for row in await started.messages() if row["sender"] == "user")
    assert asked["message"]["text"] == "Shorter"


async def test_rewrites_the_version_it_was_asked_for(
    api: Api, backend: Backend, llm: ScriptedLlm
) -> None:
    started = await drafted(api, backend, llm, "The first.", "The second.")
    first = await api.get(
        "/user_task_execution_produced_text",
        user_task_execution_pk=started.pk,
        produced_text_version_index=1,
    )
    llm.add(draft("Recap", "Short."))
    await edit(api, first.json()["produced_text_version_pk"])
    await backend.background.idle()
    brief = llm.asked[-1].brief
    assert isinstance(brief, InstructBrief)
    assert brief.draft == Draft("Recap", "The first.")
    assert brief.conversation[-1].text == shipped_text_edits()[0].instruction


async def test_a_failure_is_told_and_can_be_tried_again(
    api: Api, backend: Backend, llm: ScriptedLlm, url: str
) -> None:
    started = await drafted(api, backend, llm, "A long text.")
    version_pk = (await started.read())["produced_text_version_pk"]
    llm.add(ModelFailed("It broke."))
    assert api.token is not None
    async with listening(url, api.token) as listener:
        await listener.join(started.session_id)
        asked = (await edit(api, version_pk)).json()["message_pk"]
        failed = await listener.until("error")
    assert failed["error"] == "Error running text edit action: It broke."
    assert failed["user_message_pk"] == asked
    llm.add(draft("Recap", "Short."))
    again = await edit(api, version_pk, message_pk=asked)
    await backend.background.idle()
    assert again.json()["message_pk"] == asked
    assert (await started.read())["produced_text_production"] == "Short."


async def test_refuses_what_there_is_not(api: Api, backend: Backend, llm: ScriptedLlm) -> None:
    started = await drafted(api, backend, llm, "A long text.")
    version_pk = (await started.read())["produced_text_version_pk"]
    said = (await started.messages())[0]["message_pk"]
    for answer, sentence in (
        (await edit(api, version_pk, 99), "text_edit_action_pk: 99 not found"),
        (await edit(api, 99), "produced_text_version_pk 99 not found"),
        (await edit(api, version_pk, message_pk=said), f"message_pk: {said} not found"),
    ):
        assert answer.status_code == 400
        assert sentence in answer.json()["error"]


async def test_the_offline_assistant_understands_its_instruction(
    api: Api, backend: Backend, llm: ScriptedLlm
) -> None:
    """All but translations, which it refuses with a sentence."""
    body = "Hello Ana,\n\nwe met. We chose June. I send the plan. You read it.\n\nBest"
    for each in shipped_text_edits()[:4]:
        started = await drafted(api, backend, llm, body)
        version_pk = (await started.read())["produced_text_version_pk"]
        llm.add(draft("x", "x"))
        await edit(api, version_pk, each.pk)
        await backend.background.idle()
        said = [piece async for piece in OfflineAssistant(pace=0).stream(llm.asked[-1])]
        assert "<draft>" in "".join(piece for piece in said if isinstance(piece, str)), each.pk
