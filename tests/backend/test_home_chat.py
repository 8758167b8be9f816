"""The home chat: a message finds its task by talking (wire protocol §9, §11.3)."""

import uuid
from dataclasses import replace
from typing import Any

import httpx
import pytest

from mojodex_tui.backend.asgi import Backend
from mojodex_tui.backend.domain.briefs import Draft, HomeBrief, InstructBrief, Turn
from mojodex_tui.backend.llm.errors import ModelBusy
from mojodex_tui.backend.llm.offline.assistant import answer
from mojodex_tui.backend.llm.scripted import Line, ScriptedLlm
from mojodex_tui.wire.home_chat import NOT_THIS_TASK
from tests.backend.client import Api, listening

DRAFT = "<execution><title>Kickoff</title><draft>See you Friday.</draft></execution>"
QUESTION = "<ask_user_primary_info>Who was there?</ask_user_primary_info>"
NOT_MINE = "<task_pk>null</task_pk>"
TALK = "<task_pk>null</task_pk><message_to_user>What shall we write?</message_to_user>"


async def home(api: Api) -> str:
    shown = (await api.get("/home_chat", platform="webapp")).json()
    session_id: str = shown["session_id"]
    return session_id


async def say(
    api: Api, session_id: str, text: str, message_id: str | None = None
) -> httpx.Response:
    return await api.form(
        "PUT",
        "/user_message",
        {
            "session_id": session_id,
            "message_id": message_id or uuid.uuid4().hex,
            "message_date": "2026-11-20T10:00:00",
            "text": text,
            "origin": "home_chat",
        },
    )


async def task_pks(api: Api, backend: Backend) -> dict[str, int]:
    """Return the keys of the tasks a home chat can begin, by name."""
    tasks = (await api.get("/user_task")).json()["user_tasks"]
    return {task["task_name"]: task["task_pk"] for task in tasks}


def to(pk: int) -> str:
    return f"<task_pk>{pk}</task_pk>"


async def texts(api: Api, session_id: str) -> list[str]:
    page = (await api.get("/message", session_id=session_id)).json()["messages"]
    return [row["message"]["text"] for row in reversed(page)]


async def test_there_is_one_a_week_with_a_greeting_that_says_something(api: Api) -> None:
    first = (await api.get("/home_chat", platform="webapp")).json()
    assert first == (await api.get("/home_chat", platform="webapp")).json()
    assert first["message"]["header"].startswith("Hello")
    assert first["message"]["body"]
    assert first["message"]["text"] == f"{first['message']['header']}\n{first['message']['body']}"
    assert await texts(api, first["session_id"]) == [first["message"]["text"]]
    assert (await api.post("/home_chat")).json() == {}


async def test_a_message_without_task_gets_an_answer(api: Api, url: str, llm: ScriptedLlm) -> None:
    session_id = await home(api)
    llm.route(TALK, "No tags at all.")
    async with listening(url, api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(session_id)
        await say(api, session_id, "Hello")
        said = await heard.until("mojo_message")
        assert said["text"] == "What shall we write?"
        assert "user_task_execution_pk" not in said
        assert heard.all("mojo_token")[-1]["text"] == "What shall we write?"
        await say(api, session_id, "Hm")
        assert (await heard.until("mojo_message", times=2))["text"] == "No tags at all."


async def test_a_message_finds_its_task_and_the_chat_stays_with_it(
    api: Api, backend: Backend, url: str, llm: ScriptedLlm
) -> None:
    pk = (await task_pks(api, backend))["Meeting recap"]
    session_id = await home(api)
    llm.route(Line(f"{to(pk)} and much more that nobody waits for", chunk=3))
    llm.add(QUESTION, DRAFT)
    async with listening(url, api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(session_id)
        await say(api, session_id, "Write the recap of the kickoff")
        asked = await heard.until("mojo_message")
        begun = await heard.until("user_task_execution_start")
        assert asked["text"] == "Who was there?"
        assert asked["user_task_execution_pk"] == begun["user_task_execution_pk"]
        sent = (await say(api, session_id, "Ana")).json()
        assert sent["user_task_execution_pk"] == begun["user_task_execution_pk"]
        draft = await heard.until("draft_message")
        await heard.until("user_task_execution_title")
        assert heard.all("mojo_token")[-1]["text"] == "Who was there?"
    assert len([name for name, _ in heard.heard if name == "user_task_execution_start"]) == 1
    assert draft["produced_text"] == "See you Friday."
    assert draft["text_type"] == "meeting_minutes"
    shown = (
        await api.get(
            "/user_task_execution", user_task_execution_pk=begun["user_task_execution_pk"]
        )
    ).json()
    assert shown["produced_text_production"] == "See you Friday."
    assert shown["session_id"] == session_id
    last = [ask.brief for ask in llm.asked if isinstance(ask.brief, InstructBrief)][-1]
    assert [turn.text for turn in last.conversation] == [
        "Write the recap of the kickoff",
        QUESTION,
        "Ana",
    ]
    assert len([ask for ask in llm.asked if isinstance(ask.brief, HomeBrief)]) == 1


async def test_a_task_hands_a_message_back_and_another_one_takes_it(
    api: Api, backend: Backend, url: str, llm: ScriptedLlm
) -> None:
    pks = await task_pks(api, backend)
    session_id = await home(api)
    llm.route(to(pks["Meeting recap"]), to(pks["Action plan"]), TALK)
    llm.add(QUESTION, NOT_MINE, DRAFT, NOT_MINE)
    async with listening(url, api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(session_id)
        await say(api, session_id, "Write the recap")
        await heard.until("mojo_message")
        await say(api, session_id, "Rather a plan")
        draft = await heard.until("draft_message")
        assert len(heard.all("user_task_execution_start")) == 2
        assert len(heard.all("mojo_message")) == 1
        await say(api, session_id, "How are you?")
        said = await heard.until("mojo_message", times=2)
    assert said["text"] == "What shall we write?"
    started = heard.all("user_task_execution_start")
    assert draft["user_task_execution_pk"] == started[1]["user_task_execution_pk"]
    rows = (await api.get("/user_task_execution")).json()["user_task_executions"]
    assert {row["session_id"] for row in rows} == {session_id}
    homes = [ask.brief for ask in llm.asked if isinstance(ask.brief, HomeBrief)]
    assert [turn.text for turn in homes[1].conversation][-1] == "Rather a plan"
    assert homes[1].running == "Meeting recap"


@pytest.mark.parametrize("where", ["home", "task"])
async def test_a_failure_is_told_once_and_can_be_tried_again(
    api: Api, backend: Backend, url: str, llm: ScriptedLlm, where: str
) -> None:
    pk = (await task_pks(api, backend))["Meeting recap"]
    session_id = await home(api)
    busy = ModelBusy("Busy.")
    llm.route(*([busy] if where == "home" else [to(pk)]), to(pk))
    llm.add(*([busy] if where == "task" else []), QUESTION)
    async with listening(url, api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(session_id)
        sent = (await say(api, session_id, "Write the recap", "m1")).json()
        error = await heard.until("error")
        assert error["error"] == "Error during assistant process_chat_message: Busy."
        assert error["user_message_pk"] == sent["message_pk"]
        assert len(llm.asked) - _titles(llm) == (1 if where == "home" else 2)
        await say(api, session_id, "Write the recap", "m1")
        assert (await heard.until("mojo_message"))["text"] == "Who was there?"
    assert len(heard.all("error")) == 1
    assert (await texts(api, session_id))[1:] == ["Write the recap", "Who was there?"]
    rows = (await api.get("/user_task_execution")).json()["user_task_executions"]
    assert len(rows) == 1


async def test_a_quick_change_goes_to_the_task_of_its_text_after_the_task_handed_back(
    api: Api, backend: Backend, url: str, llm: ScriptedLlm
) -> None:
    pks = await task_pks(api, backend)
    session_id = await home(api)
    llm.route(to(pks["Meeting recap"]), TALK)
    llm.add(DRAFT, NOT_MINE, DRAFT.replace("See you Friday.", "Friday."))
    async with listening(url, api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(session_id)
        await say(api, session_id, "Write the recap")
        draft = await heard.until("draft_message")
        await say(api, session_id, "How are you?")
        await heard.until("mojo_message")
        asked = [ask for ask in llm.asked if isinstance(ask.brief, HomeBrief)]
        version_pk = draft["produced_text_version_pk"]
        await api.post(
            "/text_edit_action",
            platform="webapp",
            produced_text_version_pk=version_pk,
            text_edit_action_pk=1,
        )
        shorter = await heard.until("draft_message", times=2)
    assert shorter["produced_text"] == "Friday."
    assert shorter["user_task_execution_pk"] == draft["user_task_execution_pk"]
    assert len(heard.all("user_task_execution_start")) == 1
    assert [ask for ask in llm.asked if isinstance(ask.brief, HomeBrief)] == asked
    brief = [ask.brief for ask in llm.asked if isinstance(ask.brief, InstructBrief)][-1]
    assert brief.draft is not None
    assert brief.draft.body == "See you Friday."
    assert not brief.in_home


async def test_a_task_that_was_not_meant_gives_way_to_a_question(
    api: Api, backend: Backend, url: str, llm: ScriptedLlm
) -> None:
    pks = await task_pks(api, backend)
    session_id = await home(api)
    llm.route(to(pks["Meeting recap"]), TALK, to(pks["Action plan"]))
    llm.add(QUESTION, DRAFT)
    async with listening(url, api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(session_id)
        await say(api, session_id, "Write what we do about the meeting")
        await heard.until("mojo_message")
        await say(api, session_id, NOT_THIS_TASK)
        assert (await heard.until("mojo_message", times=2))["text"] == "What shall we write?"
        await say(api, session_id, "The plan")
        draft = await heard.until("draft_message")
    tasks = [ask.brief for ask in llm.asked if isinstance(ask.brief, InstructBrief)]
    assert [brief.task.name for brief in tasks] == ["meeting_recap", "action_plan"]
    assert draft["user_task_execution_pk"] != heard.all("mojo_message")[0]["user_task_execution_pk"]
    homes = [ask for ask in llm.asked if isinstance(ask.brief, HomeBrief)]
    assert "choose none now" in homes[1].prompt[0].text
    assert "choose none now" not in homes[2].prompt[0].text


async def test_a_task_nobody_has_is_told(api: Api, url: str, llm: ScriptedLlm) -> None:
    session_id = await home(api)
    llm.route(to(9999))
    async with listening(url, api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(session_id)
        await say(api, session_id, "Write a song")
        assert "named a task that you do not have" in (await heard.until("error"))["error"]


def _titles(llm: ScriptedLlm) -> int:
    return sum(not isinstance(ask.brief, InstructBrief | HomeBrief) for ask in llm.asked)


async def test_others_cannot_talk_in_it(api: Api, other: Api) -> None:
    session_id = await home(api)
    assert (await say(other, session_id, "Hello")).status_code == 400
    assert await home(other) != session_id


async def test_without_a_model_names_find_tasks(
    api: Api, backend: Backend, llm: ScriptedLlm
) -> None:
    pks = await task_pks(api, backend)
    session_id = await home(api)
    llm.route(TALK)
    await say(api, session_id, "Write a recap of the meeting, please")
    await backend.background.idle()
    brief: Any = next(ask.brief for ask in llm.asked if isinstance(ask.brief, HomeBrief))
    assert answer(brief) == to(pks["Meeting recap"])
    lost = HomeBrief("fr", "Ana", brief.now, brief.tasks)
    assert "<message_to_user>Sans modèle" in answer(lost)


async def test_without_a_model_a_task_keeps_what_it_understands_and_cannot_do(
    api: Api, backend: Backend, llm: ScriptedLlm
) -> None:
    pks = await task_pks(api, backend)
    session_id = await home(api)
    llm.route(to(pks["Meeting recap"]))
    llm.add(DRAFT)
    await say(api, session_id, "Write a recap")
    await backend.background.idle()
    known = next(ask.brief for ask in llm.asked if isinstance(ask.brief, InstructBrief))
    brief = replace(known, draft=Draft("Kickoff", "See you Friday."))

    def asked(words: str) -> str:
        return answer(replace(brief, conversation=(Turn("user", words),)))

    assert brief.in_home
    assert "I cannot shorten it further" in asked("Make it shorter")
    assert asked("How is the weather?") == NOT_MINE


async def test_without_a_model_a_message_without_a_name_goes_to_the_last_task_once(
    api: Api, backend: Backend, llm: ScriptedLlm
) -> None:
    pks = await task_pks(api, backend)
    session_id = await home(api)
    llm.route(TALK)
    await say(api, session_id, "Make it shorter")
    await backend.background.idle()
    brief = next(ask.brief for ask in llm.asked if isinstance(ask.brief, HomeBrief))
    after = replace(brief, running="Meeting recap")
    assert answer(after) == to(pks["Meeting recap"])
    assert "<message_to_user>" in answer(replace(after, handed_back=True))
    assert "<message_to_user>" in answer(replace(after, not_meant=True))
