"""From a message or a form to its answer, over a real socket."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mojodex_tui.backend.asgi import Backend, open_backend
from mojodex_tui.backend.domain.briefs import InstructBrief
from mojodex_tui.backend.llm.errors import ModelBusy
from mojodex_tui.backend.llm.scripted import Line, ScriptedLlm
from mojodex_tui.backend.settings import BackendSettings
from tests.backend.client import Api, listening

DRAFT = (
    "<user_language>en</user_language><execution><title>Kickoff</title>"
    "<draft>Hello Ana,\n\nsee you **Friday**.</draft></execution>"
)
QUESTION = "<ask_user_primary_info>Who was there?</ask_user_primary_info>"


def briefs(llm: ScriptedLlm) -> list[InstructBrief]:
    return [ask.brief for ask in llm.asked if isinstance(ask.brief, InstructBrief)]


async def test_a_form_becomes_a_draft(api: Api, url: str, llm: ScriptedLlm) -> None:
    llm.add(DRAFT)
    started = await api.created()
    async with listening(url, api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(started.session_id)
        assert (await started.run({"meeting_notes": "Kickoff with Ana"})).json() == {
            "success": "ok"
        }
        draft = await heard.until("draft_message")
        await heard.until("user_task_execution_title")

    tokens = heard.all("draft_token")
    last = tokens[-1]
    assert last["produced_text_title"] == "Kickoff"
    assert last["produced_text"] == "Hello Ana,\n\nsee you **Friday**."
    assert last["text"] == "Kickoff\nHello Ana,\n\nsee you **Friday**."
    assert last["session_id"] == started.session_id
    assert all(last["produced_text"].startswith(token["produced_text"]) for token in tokens)
    assert draft["text"] == last["text"]
    assert draft["text_with_tags"] == DRAFT
    assert draft["text_type"] == "meeting_minutes"
    assert draft["user_task_execution_pk"] == started.pk
    assert draft["audio"] is False

    shown = await started.read()
    assert shown["produced_text_production"] == "Hello Ana,\n\nsee you **Friday**."
    assert shown["produced_text_version_index"] == 1
    assert shown["title"] == "A scripted title"
    assert shown["summary"] == "The script wrote this."
    assert shown["end_date"] is not None
    assert "failure" not in shown
    values = {item["input_name"]: item["value"] for item in shown["json_inputs_values"]}
    assert values["meeting_notes"] == "Kickoff with Ana"
    [message] = await started.messages()
    assert message["message"] == draft


async def test_a_chat_asks_delivers_and_edits(api: Api, url: str, llm: ScriptedLlm) -> None:
    llm.add(QUESTION, DRAFT, DRAFT.replace("Friday", "Monday"), "You are welcome!")
    started = await api.created()
    async with listening(url, api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(started.session_id)
        first = (await started.say("Write the recap", "m1")).json()
        assert first == {
            "text": "Write the recap",
            "message_pk": first["message_pk"],
            "message_id": "m1",
            "user_task_execution_pk": started.pk,
        }
        await heard.until("user_message_reception")
        beginning = await heard.until("user_task_execution_start")
        assert beginning["user_task_execution_pk"] == started.pk
        asked = await heard.until("mojo_message")
        assert asked["text"] == "Who was there?"
        assert heard.all("mojo_token")[-1]["text"] == "Who was there?"
        await started.say("Ana")
        await heard.until("draft_message")
        await started.say("Make it Monday")
        second = await heard.until("draft_message", times=2)
        await started.say("Thanks")
        thanks = await heard.until("mojo_message", times=2)
    assert second["produced_text"].endswith("**Monday**.")
    assert thanks["text"] == "You are welcome!"
    assert len(heard.all("user_task_execution_start")) == 1
    assert len(heard.all("user_task_execution_title")) == 1
    assert (await started.read())["produced_text_version_index"] == 2
    senders = [row["sender"] for row in await started.messages()]
    assert senders == ["mojo", "user"] * 4
    said = [turn.text for turn in briefs(llm)[1].conversation]
    assert said == ["Write the recap", QUESTION, "Ana"]


async def test_the_model_sees_the_users_own_edit(api: Api, url: str, llm: ScriptedLlm) -> None:
    llm.add(DRAFT, DRAFT)
    started = await api.created()
    async with listening(url, api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(started.session_id)
        await started.say("Write")
        draft = await heard.until("draft_message")
        saved = await api.post(
            "/produced_text",
            produced_text_pk=draft["produced_text_pk"],
            production="My own words.",
            title="Mine",
        )
        assert saved.status_code == 200
        await started.say("Add a greeting")
        await heard.until("draft_message", times=2)
    seen = briefs(llm)[1].draft
    assert seen is not None
    assert (seen.title, seen.body) == ("Mine", "My own words.")
    assert (await started.read())["produced_text_version_index"] == 3


async def test_a_failure_is_told_kept_and_can_be_tried_again(
    api: Api, url: str, llm: ScriptedLlm
) -> None:
    llm.add(ModelBusy("Too many requests. Wait a minute."), DRAFT)
    started = await api.created()
    async with listening(url, api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(started.session_id)
        pk = (await started.say("Write", "m1")).json()["message_pk"]
        error = await heard.until("error")
        sentence = "Too many requests. Wait a minute."
        assert error == {
            "error": f"Error during assistant process_chat_message: {sentence}",
            "session_id": started.session_id,
            "user_message_pk": pk,
            "user_task_execution_pk": started.pk,
            "kind": "failed",
        }
        [row] = await started.messages()
        assert row["in_error_state"] is True
        assert (await started.read())["failure"] == sentence
        again = await started.say("Write", "m1")
        assert again.json()["message_pk"] == pk
        await heard.until("draft_message")
    rows = await started.messages()
    assert [row["in_error_state"] for row in rows] == [False, False]
    assert "failure" not in await started.read()


async def test_a_failed_form_is_told_too(api: Api, url: str, llm: ScriptedLlm) -> None:
    llm.add(ModelBusy("Busy."), DRAFT)
    started = await api.created()
    async with listening(url, api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(started.session_id)
        await started.run({"meeting_notes": "x"})
        assert "user_message_pk" not in await heard.until("error")
        assert (await started.read())["failure"] == "Busy."
        await started.run({"meeting_notes": "x"})
        await heard.until("draft_message")


async def test_stopping_ends_the_call_and_keeps_nothing(
    api: Api, other: Api, url: str, llm: ScriptedLlm
) -> None:
    never = asyncio.Event()
    llm.add(Line(DRAFT[:-40], gate=never), QUESTION)
    started = await api.created()
    async with listening(url, api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(started.session_id)
        await started.say("Write", "m1")
        await heard.until("draft_token")
        foreign = await other.delete("/generation", session_id=started.session_id)
        assert foreign.json() == {"stopped": False}
        stopped = await api.delete("/generation", session_id=started.session_id)
        assert stopped.json() == {"stopped": True}
        error = await heard.until("error")
        assert (error["error"], error["kind"]) == ("Stopped.", "stopped")
        shown = await started.read()
        assert shown["failure"] == "Stopped."
        assert shown["produced_text_pk"] is None
        assert (await api.delete("/generation", session_id=started.session_id)).json() == {
            "stopped": False
        }
        await started.say("Write", "m1")
        await heard.until("mojo_message")


async def test_one_answer_at_a_time_in_a_session(
    api: Api, backend: Backend, url: str, llm: ScriptedLlm
) -> None:
    gate = asyncio.Event()
    llm.add(Line(QUESTION, gate=gate), "Second answer.")
    started = await api.created()
    async with listening(url, api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(started.session_id)
        await started.say("One")
        await heard.until("mojo_token")
        await started.say("Two")
        assert len(briefs(llm)) == 1
        gate.set()
        await heard.until("mojo_message", times=2)
    texts = [turn.text for turn in briefs(llm)[1].conversation]
    assert texts == ["One", QUESTION, "Two"]


async def test_a_double_click_is_one_answer(
    api: Api, backend: Backend, url: str, llm: ScriptedLlm
) -> None:
    gate = asyncio.Event()
    llm.add(Line(DRAFT, gate=gate))
    started = await api.created()
    for _ in range(2):
        await started.run({"meeting_notes": "x"})
    gate.set()
    await backend.background.idle()
    assert (await started.read())["produced_text_version_index"] == 1
    assert len(briefs(llm)) == 1


async def test_the_same_message_is_taken_once(api: Api, backend: Backend, llm: ScriptedLlm) -> None:
    llm.add(QUESTION)
    started = await api.created()
    answers = [(await started.say(text, "same")).json() for text in ("One", "One", "Other")]
    await backend.background.idle()
    assert answers[0] == answers[1] == answers[2]
    assert [row["sender"] for row in await started.messages()] == ["mojo", "user"]


async def test_an_answer_a_crash_cut_off_is_written_at_the_next_start(
    settings: BackendSettings,
) -> None:
    first, second = ScriptedLlm(Line(DRAFT, gate=asyncio.Event())), ScriptedLlm(DRAFT)

    async def open_with(llm: ScriptedLlm) -> ScriptedLlm:
        return llm

    import httpx
    from pydantic import SecretStr

    secret = SecretStr("s")
    async with open_backend(settings, secret=secret, llm=lambda: open_with(first)) as backend:
        transport = httpx.ASGITransport(backend.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
            token = (await Api(http, "s").post("/local_session")).json()["token"]
            started = await Api(http, token).created()
            await started.say("Write")
    async with open_backend(settings, secret=secret, llm=lambda: open_with(second)) as backend:
        await backend.background.idle()
        transport = httpx.ASGITransport(backend.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
            api = Api(http, token)
            page = (await api.get("/message", session_id=started.session_id)).json()
    assert [row["sender"] for row in page["messages"]] == ["mojo", "user"]


async def test_files_of_a_form_are_kept_under_our_own_names(
    api: Api, other: Api, backend: Backend, settings: BackendSettings, llm: ScriptedLlm
) -> None:
    llm.add(QUESTION)
    started = await api.created()
    await started.run(
        {"meeting_notes": "x", "recording": "../../evil.MP3"},
        {"recording": ("../../evil.MP3", b"sound"), "stray": ("x.txt", b"never asked for")},
    )
    await backend.background.idle()
    values = {v["input_name"]: v["value"] for v in (await started.read())["json_inputs_values"]}
    name: Any = values["recording"]
    kept = [path for path in settings.files_dir.rglob("*") if path.is_file()]
    assert kept == [settings.files_dir / started.session_id / name]
    assert kept[0].suffix == ".mp3"
    assert kept[0].read_bytes() == b"sound"
    query = {"session_id": started.session_id, "filename": name}
    assert (await api.get("/image", **query)).content == b"sound"
    assert (await other.get("/image", **query)).status_code == 400
    outside = await api.get(
        "/image", session_id=started.session_id, filename="../../backend.sqlite3"
    )
    assert outside.status_code == 400


async def test_usage_is_kept(api: Api, backend: Backend, llm: ScriptedLlm) -> None:
    from sqlalchemy import select
    from sqlalchemy.ext.asyncio import create_async_engine

    from mojodex_tui.backend.store.tables.runtime import LlmCall

    llm.add(QUESTION)
    started = await api.created()
    await started.say("Hello")
    await backend.background.idle()
    file: Path = backend.uses.files.folder.parent / "backend.sqlite3"
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}")
    async with engine.connect() as connection:
        rows = (await connection.execute(select(LlmCall.purpose, LlmCall.model))).all()
    await engine.dispose()
    assert sorted(map(tuple, rows)) == [("answer", "scripted"), ("title", "scripted")]


async def test_a_title_given_by_hand_stays(
    api: Api, backend: Backend, url: str, llm: ScriptedLlm
) -> None:
    gate = asyncio.Event()
    llm.add(QUESTION)
    llm._titles.append(Line("<title>Theirs</title><summary>S.</summary>", gate=gate))
    started = await api.created()
    async with listening(url, api.token or "") as heard:
        await heard.join(started.session_id)
        await started.say("Hello")
        await heard.until("mojo_message")
        answer = await api.post(
            "/user_task_execution_title", user_task_execution_pk=started.pk, title="Mine"
        )
        assert answer.json() == {"success": True}
        gate.set()
        await backend.background.idle()
        assert heard.all("user_task_execution_title") == []
    assert (await started.read())["title"] == "Mine"


async def test_the_users_clock_is_the_models_clock(
    api: Api, backend: Backend, llm: ScriptedLlm
) -> None:
    await api.post("/timezone", timezone_offset=-60)
    llm.add(QUESTION)
    started = await api.created()
    await started.say("Hello")
    await backend.background.idle()
    [brief] = briefs(llm)
    assert brief.now.utcoffset() == timedelta(hours=1)
    async with backend.store.read() as work:
        [asked, _] = await work.messages.conversation(started.session_id)
    assert asked.text == "Hello"


async def test_history_comes_in_pages_from_either_end(
    api: Api, backend: Backend, llm: ScriptedLlm
) -> None:
    started = await api.created()
    for number in range(3):
        llm.add(f"Answer {number}")
        await started.say(f"Question {number}")
        await backend.background.idle()

    async def texts(**query: str | int) -> list[str]:
        page = await api.get("/message", session_id=started.session_id, **query)
        return [row["message"]["text"] for row in page.json()["messages"]]

    assert await texts(n_messages=2) == ["Answer 2", "Question 2"]
    assert await texts(n_messages=2, offset=2) == ["Answer 1", "Question 1"]
    assert await texts(n_messages=2, offset_direction="newer") == ["Answer 0", "Question 0"]
    assert await texts(n_messages=3, offset=2, offset_direction="newer") == [
        "Question 2",
        "Answer 1",
        "Question 1",
    ]
    assert await texts(user_task_execution_pk=started.pk + 1) == []
    assert len(await texts(user_task_execution_pk=started.pk)) == 6


async def test_a_session_lists_only_chats_that_were_used(api: Api) -> None:
    made = (await api.put("/session", platform="webapp")).json()
    assert made["intro_done"] is False
    assert (await api.get("/session")).json() == {"sessions": []}
    refused = await api.form(
        "PUT",
        "/user_message",
        {
            "session_id": made["session_id"],
            "message_id": "m",
            "message_date": "2026-11-20T10:00:00",
            "text": "hello",
        },
    )
    assert refused.status_code == 400
    gone = await api.delete("/session", session_id=made["session_id"])
    assert gone.json() == {"session_id": made["session_id"]}
    again = await api.delete("/session", session_id=made["session_id"])
    assert (again.status_code, again.json()) == (404, {"error": "Session not found for this user"})


async def test_a_poisoned_question_is_given_up(
    api: Api, backend: Backend, llm: ScriptedLlm
) -> None:
    started = await api.created()
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    async with backend.store.write() as work:
        await work.answers.add(started.session_id, started.pk, None)
        for _ in range(5):
            await work.answers.claim(started.session_id, "dead", long_ago, long_ago)
    await backend.uses.conversations.resume()
    await backend.background.idle()
    assert (await started.read())["failure"] == "No answer after 5 attempts."
    assert briefs(llm) == []
