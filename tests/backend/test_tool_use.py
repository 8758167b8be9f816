"""Tasks use tools: a real model's calls over HTTP, executed, asked for, refused and told of."""

import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from mojodex_tui.backend.asgi import Backend
from mojodex_tui.backend.assistants.tool_use import MOST_ROUNDS
from mojodex_tui.backend.catalog.files import SHIPPED_TASKS, parse_file
from mojodex_tui.backend.llm.endpoint import Endpoint
from mojodex_tui.backend.llm.openai_compatible import OpenAiCompatible, Patience
from mojodex_tui.backend.settings import BackendSettings
from mojodex_tui.backend.store.engines import sqlite_engines
from tests.backend.client import Api, Listener, Started, listening
from tests.backend.test_home_chat import home, say, task_pks, to
from tests.llm_server import LlmServer, Reply, Request, serving

HASTE = Patience(connect=20, first_token=60, between_tokens=60, attempts=2, pause=0)
DRAFT = "<execution><title>Kickoff</title><draft>See you Friday.</draft></execution>"
TODO = {"description": "Call Bob", "due": "2030-01-02"}
MCP_TASK = "Sums"


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with serving() as opened:
        yield opened


@pytest.fixture
def llm(server: LlmServer) -> OpenAiCompatible:
    return OpenAiCompatible(Endpoint(server.base_url, "scripted-1"), HASTE)


@pytest.fixture
def settings(settings: BackendSettings) -> BackendSettings:
    """With MCP servers, one of them dead, and a task that uses them."""
    data_dir = settings.data_dir
    program = {"command": sys.executable, "args": ["-m", "tests.tools.mcp_server"]}
    local = (f"{key} = {json.dumps(value)}" for key, value in program.items())
    lines = ["[mcp.servers.local]", *local]
    lines += ["[mcp.servers.dead]", 'command = "/no/such/program"']
    (data_dir / "settings.toml").write_text("\n".join(lines))
    recap = parse_file(SHIPPED_TASKS / "meeting_recap.yaml")
    assert isinstance(recap, dict)
    recap |= {"name_for_system": "sums", "tools": ["mcp:local/add", "mcp:dead"]}
    for shown in recap["task_displayed_data"]:
        shown["name_for_user"] = MCP_TASK
    settings.tasks_dir.mkdir(exist_ok=True)
    (settings.tasks_dir / "sums.json").write_text(json.dumps(recap))
    return settings


def call(name: str, /, **arguments: object) -> dict[str, Any]:
    return {"name": name, "arguments": arguments}


def asks(*calls: dict[str, Any], said: str = "") -> Reply:
    return Reply(said, purpose="instruct", calls=calls)


def draft() -> Reply:
    return Reply(DRAFT, purpose="instruct")


@asynccontextmanager
async def heard_in(url: str, started: Started) -> AsyncIterator[Listener]:
    async with listening(url, started.api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(started.session_id)
        yield heard


def results(request: Request) -> list[str]:
    """Return what a model was told of its calls."""
    return [each["content"] for each in request.messages if each["role"] == "tool"]


def assert_each_call_has_its_result(request: Request) -> None:
    called, told = [], []
    for message in request.messages:
        called += [each["id"] for each in message.get("tool_calls") or ()]
        told += [message["tool_call_id"]] if message["role"] == "tool" else []
    assert called == told


def names(request: Request) -> set[str]:
    return {tool["function"]["name"] for tool in request.body.get("tools") or ()}


async def rows(settings: BackendSettings, query: str) -> list[tuple[object, ...]]:
    engines = sqlite_engines(settings.data_dir / "backend.sqlite3")
    try:
        async with engines.reader.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]
    finally:
        await engines.close()


async def test_a_call_is_executed_told_of_and_answered(
    api: Api, url: str, server: LlmServer, settings: BackendSettings
) -> None:
    started = await api.created()
    server.queue(asks(call("add_to_date", day="2026-11-30", days=3), said="Let me count."), draft())
    async with heard_in(url, started) as heard:
        await started.run({"meeting_notes": "Monday the 30th, and three days."})
        assert (await heard.until("draft_message"))["produced_text"] == "See you Friday."
        assert heard.all("assistant_activity") == [
            {"text": "working out dates", "session_id": started.session_id}
        ]
    first, second = server.of("instruct")
    assert names(first) == {"today", "add_to_date", "next_weekday", "working_days", "read_date"}
    assert results(second) == ["2026-12-03, thursday, week 49"]
    assert_each_call_has_its_result(second)
    assert "Let me count." in str(second.messages)
    chain = (await api.get("/chain", session_id=started.session_id)).json()
    assert [node["kind"] for node in chain["nodes"] if node["task"].startswith("task:")] == [
        "message", "structured", "tool_call", "tool_result", "structured", "message",
    ]  # fmt: skip
    assert [row["sender"] for row in await started.messages()] == ["mojo"]
    costs = await rows(settings, "SELECT count(*) FROM md_llm_call WHERE purpose = 'answer'")
    assert costs == [(2,)]


async def test_a_model_that_takes_no_tools_calls_them_in_its_text(
    api: Api, url: str, server: LlmServer
) -> None:
    started = await api.created()
    wanted = json.dumps(call("read_date", day="2026-12-24"))
    server.queue(
        Reply("scripted-1 does not support tools", purpose="instruct", fail="400"),
        Reply(f"\n<use_tool>{wanted}</use_tool>", purpose="instruct", chunk="char"),
        draft(),
    )
    async with heard_in(url, started) as heard:
        await started.run({"meeting_notes": "On Christmas Eve."})
        await heard.until("draft_message")
        assert all("use_tool" not in said["text"] for said in heard.all("mojo_token"))
    refused, second, third = server.of("instruct")
    assert names(refused)
    assert not names(second)
    assert "<use_tool>" in second.messages[0]["content"]
    assert "- read_date:" in second.messages[0]["content"]
    assert "2026-12-24, thursday" in third.messages[-1]["content"]
    assert [each["role"] for each in third.messages] == ["system", "user", "assistant", "user"]


async def test_a_tool_with_an_effect_waits_for_the_user_s_yes(
    api: Api, url: str, server: LlmServer
) -> None:
    started = await api.created("Action plan")
    server.queue(asks(call("add_todo", **TODO)), asks(call("add_todo", **TODO)), draft())
    async with heard_in(url, started) as heard:
        await started.run({"goal": "Bob must be called."})
        asked = await heard.until("mojo_message")
        assert asked["text"].startswith('May I use "add_todo"?\n\n- description: "Call Bob"')
        assert (await api.get("/todo_view")).json()["todos"] == []
        await started.say("yes")
        await heard.until("draft_message")
    (todo,) = (await api.get("/todo_view")).json()["todos"]
    assert (todo["description"], todo["user_task_execution_fk"]) == ("Call Bob", started.pk)
    for request in server.of("instruct"):
        assert_each_call_has_its_result(request)
    _, second, third = server.of("instruct")
    assert results(second)[0].startswith("The user was asked")
    assert second.messages[-1]["content"] == "yes"
    assert results(third)[-1] == "Added for 2030-01-02: Call Bob"


async def test_a_no_is_told_to_the_model_and_nothing_is_done(
    api: Api, url: str, server: LlmServer
) -> None:
    started = await api.created("Action plan")
    server.queue(asks(call("today"), call("add_todo", **TODO)), draft())
    async with heard_in(url, started) as heard:
        await started.run({"goal": "Bob must be called."})
        asked = await heard.until("mojo_message")
        assert asked["text"].startswith('May I use "add_todo"?'), "only the question is shown"
        await started.say("no, thanks")
        await heard.until("draft_message")
    assert (await api.get("/todo_view")).json()["todos"] == []
    last = server.of("instruct")[-1]
    assert_each_call_has_its_result(last)
    assert last.messages[-1]["content"] == "no, thanks"


async def test_what_a_model_gets_wrong_is_told_to_it(api: Api, url: str, server: LlmServer) -> None:
    started = await api.created()
    unreadable = {"name": "today", "arguments": "{never closed"}
    server.queue(asks(call("rocket"), call("read_date", when="now")), asks(unreadable), draft())
    async with heard_in(url, started) as heard:
        await started.run({"meeting_notes": "x y z"})
        await heard.until("draft_message")
        assert heard.all("error") == []
    _, second, third = server.of("instruct")
    unknown, wrong = results(second)
    assert unknown.startswith('Failed: there is no tool "rocket"')
    assert wrong.startswith("Failed, wrong arguments: day: Field required")
    assert "cannot be read" in results(third)[-1]


async def test_a_model_cannot_call_tools_for_ever(api: Api, url: str, server: LlmServer) -> None:
    started = await api.created()
    server.rule = lambda request: asks(call("today")) if names(request) else None
    async with heard_in(url, started) as heard:
        await started.run({"meeting_notes": "x y z"})
        await heard.until("draft_message")
    assert len(server.of("instruct")) == MOST_ROUNDS + 1
    assert len(results(server.of("instruct")[-1])) == MOST_ROUNDS


async def test_a_question_asked_again_after_a_failure_stands_there_once(
    api: Api, url: str, server: LlmServer
) -> None:
    started = await api.created()
    server.queue(asks(call("today")), Reply(purpose="instruct", fail="403"), draft())
    async with heard_in(url, started) as heard:
        await started.say("What day is it?", message_id="m1")
        await heard.until("error")
        await started.say("What day is it?", message_id="m1")
        await heard.until("draft_message")
    last = server.of("instruct")[-1]
    assert str(last.messages).count("What day is it?") == 1
    assert results(last) == []


async def test_servers_of_others_give_tools_and_a_dead_one_a_sentence(
    api: Api, url: str, server: LlmServer
) -> None:
    started = await api.created(MCP_TASK)
    server.queue(asks(call("local__add", a=2, b=40)), draft())
    async with heard_in(url, started) as heard:
        await started.run({"meeting_notes": "Add 2 and 40."})
        await heard.until("draft_message")
        assert heard.all("assistant_activity")[0]["text"] == "using add of local"
    first, second = server.of("instruct")
    assert names(first) == {"local__add"}
    assert "The MCP server dead cannot be used: No such file" in first.messages[0]["content"]
    assert results(second) == ["42"]


async def test_in_a_home_chat_tools_work_on_what_was_just_begun(
    api: Api, backend: Backend, url: str, server: LlmServer
) -> None:
    pk = (await task_pks(api, backend))["Action plan"]
    session_id = await home(api)
    server.queue(
        Reply(to(pk), purpose="other"),
        asks(call("add_todo", **TODO)),
        asks(call("add_todo", **TODO)),
        draft(),
    )
    async with listening(url, api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(session_id)
        await say(api, session_id, "Plan the call")
        await heard.until("mojo_message")
        await say(api, session_id, "yes")
        made = await heard.until("draft_message")
    (todo,) = (await api.get("/todo_view")).json()["todos"]
    assert todo["user_task_execution_fk"] == made["user_task_execution_pk"]


async def test_files_are_offered_where_there_are_some(
    api: Api, url: str, server: LlmServer, tmp_path: Path
) -> None:
    started = await api.created()
    attached = await api.form(
        "PUT", "/session_file", {"session_id": started.session_id},
        {"file": ("notes.txt", b"The budget is 12 euros. " * 4000)},
    )  # fmt: skip
    assert attached.status_code == 200, attached.text
    server.queue(asks(call("search_files", query="budget", name="notes.txt")), draft())
    async with heard_in(url, started) as heard:
        await started.say("What is in the file?")
        await heard.until("draft_message")
    first, second = server.of("instruct")
    assert {"read_file", "search_files"} <= names(first)
    assert "notes.txt, character 4" in results(second)[0]
