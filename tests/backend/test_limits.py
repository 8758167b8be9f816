"""Limits of a task: each ends the run and is told in words, and the talk goes on after it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from mojodex_tui.backend.asgi import Backend
from mojodex_tui.backend.catalog.files import SHIPPED_TASKS, parse_file
from mojodex_tui.backend.domain.limits import Limits
from mojodex_tui.backend.engine import task as engine_task
from mojodex_tui.backend.llm.endpoint import Endpoint, Prices
from mojodex_tui.backend.llm.openai_compatible import OpenAiCompatible
from mojodex_tui.backend.settings import BackendSettings
from tests.backend.client import Api, Started
from tests.backend.test_home_chat import home, say, task_pks, to
from tests.backend.test_tool_use import DRAFT, HASTE, asks, call, draft, heard_in, rows
from tests.llm_server import LlmServer, Reply, serving

QUESTION = "<ask_user_primary_info>Which meeting?</ask_user_primary_info>"
NOTES = {"meeting_notes": "We met on Monday."}


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with serving() as opened:
        yield opened


@pytest.fixture
def llm(server: LlmServer) -> OpenAiCompatible:
    return OpenAiCompatible(Endpoint(server.base_url, "scripted-1", prices=Prices(1, 2)), HASTE)


@pytest.fixture
def settings(settings: BackendSettings) -> BackendSettings:
    """With a task for each limit."""
    settings.tasks_dir.mkdir(exist_ok=True)
    for name, limits in {
        "one turn": {"turns": 1},
        "two turns": {"turns": 2},
        "few tokens": {"tokens": 10},
        "little money": {"cost": 0.0001},
        "few errors": {"errors": 2},
        "little time": {"seconds": 0.1},
    }.items():
        recap = parse_file(SHIPPED_TASKS / "meeting_recap.yaml")
        assert isinstance(recap, dict)
        system = name.replace(" ", "_")
        recap |= {"name_for_system": system, "tools": ["dates"], "limits": limits}
        for shown in recap["task_displayed_data"]:
            shown["name_for_user"] = name
        (settings.tasks_dir / f"{system}.json").write_text(json.dumps(recap))
    return settings


@pytest.fixture(autouse=True)
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_task, "GRACE", 0)


def question() -> Reply:
    return Reply(QUESTION, purpose="instruct")


async def statuses(settings: BackendSettings) -> list[str]:
    """Return how the runs of tasks ended, in order."""
    ends = await rows(
        settings,
        "SELECT data FROM engine_event WHERE type = 'end' AND task LIKE 'task:%' ORDER BY seq",
    )
    return [json.loads(str(data))["status"] for (data,) in ends]


async def runs(started: Started) -> int:
    chain = (await started.api.get("/chain", session_id=started.session_id)).json()
    return len(chain["runs"])


@pytest.mark.parametrize(
    ("task", "status", "limit"),
    [
        ("one turn", "FIXED_TURNS", "1 turn"),
        ("few tokens", "MAX_TOKENS", "10 tokens"),
        ("little money", "MAX_COST", "a cost of 0.0001"),
    ],
)
async def test_after_an_answer_it_is_told_and_the_next_message_goes_on(
    api: Api,
    url: str,
    server: LlmServer,
    settings: BackendSettings,
    task: str,
    status: str,
    limit: str,
) -> None:
    started = await api.created(task)
    server.queue(question(), draft())
    async with heard_in(url, started) as heard:
        await started.run(NOTES)
        await heard.until("mojo_message", times=2)
        answer, told = [said["text"] for said in heard.all("mojo_message")]
        assert answer == "Which meeting?"
        assert told == (
            f"This task has reached its limit of {limit}. Nothing is lost: your next message goes "
            "on, and all is counted anew."
        )
        assert await statuses(settings) == [status]
        await started.say("The kickoff")
        made = await heard.until("draft_message")
        assert heard.all("error") == []
    assert made["produced_text"] == "See you Friday."
    assert await runs(started) == 2
    last = [each["content"] for each in server.of("instruct")[-1].messages[-2:]]
    assert last == [QUESTION, "The kickoff"], "the whole talk, but not what was told of the limit"
    shown = [row["message"].get("text") for row in await started.messages()]
    assert told in shown, "it stands in the history"


async def test_before_an_answer_it_is_told_and_the_same_message_is_answered_when_sent_again(
    api: Api, url: str, server: LlmServer, settings: BackendSettings
) -> None:
    started = await api.created("two turns")
    server.queue(asks(call("today")), draft())
    async with heard_in(url, started) as heard:
        await started.say("What day is it?", message_id="m1")
        failed = await heard.until("error")
        assert failed["error"].endswith(
            "This task has reached its limit of 2 turns. There is no answer yet, but nothing is "
            "lost: send it again to go on; all is counted anew."
        )
        assert await statuses(settings) == ["FIXED_TURNS"]
        await started.say("What day is it?", message_id="m1")
        await heard.until("draft_message")
    assert (await started.read())["produced_text_version_index"] == 1


async def test_a_failing_model_is_asked_again_up_to_the_limit(
    api: Api, url: str, server: LlmServer, settings: BackendSettings
) -> None:
    started = await api.created("few errors")
    refused = Reply("no", purpose="instruct", fail="403")
    server.queue(refused, draft(), refused)
    async with heard_in(url, started) as heard:
        await started.run(NOTES)
        await heard.until("draft_message")
        assert heard.all("error") == [], "one failure is none"
        await started.say("Shorter")
        failed = await heard.until("error")
    assert "asks for a key" in failed["error"], "why, as ever"
    assert "This task has reached its limit of 2 errors." in failed["error"]
    assert await statuses(settings) == ["ERROR"]
    first, second, _ = server.of("instruct")
    assert first.messages == second.messages, "a failure is nothing the user said"


async def test_an_answer_that_takes_too_long_is_given_up(
    api: Api, url: str, server: LlmServer, settings: BackendSettings
) -> None:
    started = await api.created("little time")
    server.queue(Reply(purpose="instruct", fail="mute"))
    async with heard_in(url, started) as heard:
        await started.run(NOTES)
        failed = await heard.until("error")
    assert "This task has reached its limit of 0.1 seconds of work." in failed["error"]
    assert await statuses(settings) == ["TIMEOUT"]
    assert len(server.of("instruct")) <= 1, "it is not asked again behind the user's back"


@pytest.mark.parametrize(
    ("task", "first", "sentence"),
    [
        ("few tokens", asks(call("today")), "its limit of 10 tokens. There is no answer yet"),
        ("little time", Reply(purpose="instruct", fail="mute"), "its limit of 0.1 seconds of work"),
    ],
)
async def test_in_a_home_chat_too_what_was_cut_off_is_no_answer(
    api: Api,
    backend: Backend,
    url: str,
    server: LlmServer,
    task: str,
    first: Reply,
    sentence: str,
) -> None:
    pk = (await task_pks(api, backend))[task]
    session_id = await home(api)
    server.queue(Reply(to(pk), purpose="other"), first)
    async with heard_in(url, Started(api, 0, session_id, 0)) as heard:
        await say(api, session_id, "Note what day it is")
        failed = await heard.until("error")
        assert sentence in failed["error"]
        assert len(server.of("other")) == 1, "the home chat takes nothing of it for a message"


async def test_a_home_chat_goes_on_after_a_task_that_answered_reached_its_limit(
    api: Api, backend: Backend, url: str, server: LlmServer
) -> None:
    pk = (await task_pks(api, backend))["one turn"]
    session_id = await home(api)
    route = Reply(to(pk), purpose="other")
    server.queue(route, question(), route, draft())
    async with heard_in(url, Started(api, 0, session_id, 0)) as heard:
        await say(api, session_id, "A recap")
        told = await heard.until("mojo_message", times=2)
        assert "its limit of 1 turn" in told["text"]
        await say(api, session_id, "The kickoff")
        made = await heard.until("draft_message")
        assert heard.all("error") == []
    assert made["produced_text"] in DRAFT


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"turns": 1, "seconds": 90}, "1 turn, 1,000,000 tokens, 90 seconds of work"),
        ({"tokens": None, "cost": 0.5, "errors": 3}, "a cost of 0.5, 3 errors, 1 hour of work"),
        ({"seconds": 7200, "tokens": 1}, "1 token, 2 hours of work"),
        ({"seconds": 60}, "1,000,000 tokens, 1 minute of work"),
    ],
)
def test_limits_in_words(limits: dict[str, Any], words: str) -> None:
    assert str(Limits(**limits)) == words
