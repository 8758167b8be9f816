"""The three jobs with a model behind HTTP: what it says, says badly, and when it is away."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from mojodex_tui.backend.asgi import Backend
from mojodex_tui.backend.llm.endpoint import Endpoint
from mojodex_tui.backend.llm.openai_compatible import OpenAiCompatible, Patience
from tests.backend.client import Api, Started
from tests.llm_server import LlmServer, Reply, serving
from tests.todos.conftest import FakeClock
from tests.todos.test_jobs import Postbox

HASTE = Patience(connect=20, first_token=60, between_tokens=60, attempts=1)
TODO = {"todo_definition": "Pay the rent", "mentioned_as_todo": "yes", "due_date": "2030-01-02"}


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with serving() as opened:
        yield opened


@pytest.fixture
def llm(server: LlmServer) -> OpenAiCompatible:
    return OpenAiCompatible(Endpoint(server.base_url, "scripted-1"), HASTE)


@pytest.fixture
async def recap(api: Api, backend: Backend, clock: FakeClock) -> Started:
    """A recap that was left alone for long enough."""
    started = await api.created()
    await started.run({"meeting_notes": "I pay the rent in January."})
    await backend.background.idle()
    clock.advance(minutes=11)
    return started


def _answer(data: object) -> Reply:
    return Reply(json.dumps(data), purpose="other")


async def _todos(api: Api) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await api.get("/todo_view")).json()["todos"]
    return rows


async def _failures(api: Api, name: str) -> list[dict[str, Any]]:
    jobs = (await api.get("/jobs")).json()["jobs"]
    failures: list[dict[str, Any]] = next(j for j in jobs if j["name"] == name)["failures"]
    return failures


async def test_the_model_finds_what_rules_would_not(
    api: Api, backend: Backend, server: LlmServer, recap: Started
) -> None:
    server.queue(_answer({"todo": "?"}), _answer({"todos": [TODO]}))
    await backend.uses.jobs.do_all_due()
    (todo,) = await _todos(api)
    assert (todo["description"], todo["scheduled_date"]) == ("Pay the rent", "2030-01-02")
    first, second = server.of("other")
    assert "I pay the rent in January." in first.messages[-1]["content"]
    assert "todos: Field required" in second.messages[-1]["content"]


async def test_a_model_that_is_away_loses_nothing(
    api: Api, backend: Backend, server: LlmServer, recap: Started, clock: FakeClock
) -> None:
    server.queue(Reply(purpose="other", fail="500"))
    await backend.uses.jobs.do_all_due()
    assert await _todos(api) == []
    (failure,) = await _failures(api, "todo_extraction")
    assert failure["attempts"] == 1
    assert failure["next_try"] is not None
    assert "failed. Try again" in failure["reason"]
    server.queue(_answer({"todos": [TODO]}))
    clock.advance(hours=1)
    await backend.uses.jobs.do_all_due()
    assert [todo["description"] for todo in await _todos(api)] == ["Pay the rent"]
    assert await _failures(api, "todo_extraction") == []


async def test_what_can_never_be_read_fails_after_four_tries(
    api: Api, backend: Backend, server: LlmServer, recap: Started
) -> None:
    server.queue(Reply("I found nothing.", purpose="other", times=0))
    await backend.uses.jobs.do_all_due()
    assert len(server.of("other")) == 4
    (failure,) = await _failures(api, "todo_extraction")
    assert "no answer that can be read" in failure["reason"]


async def test_the_model_finds_a_day_and_writes_in_the_morning(
    api: Api, backend: Backend, server: LlmServer, clock: FakeClock
) -> None:
    clock.moment = _next_wednesday(clock.moment)
    today, moved_to = clock.moment.date(), clock.moment.date() + timedelta(days=2)
    await api.post("/timezone", timezone_offset=0)
    await api.put("/todos", description="Pay the rent", scheduled_date=str(today))
    clock.advance(hours=15)  # one o'clock in the night
    server.queue(_answer({"reschedule_date": str(moved_to), "argument": "Fridays are free."}))
    await backend.uses.jobs.do_all_due()
    (todo,) = await _todos(api)
    assert (todo["scheduled_date"], todo["n_moves"]) == (str(moved_to), 1)

    postbox = Postbox()
    jobs = backend.uses.jobs
    posting = replace(jobs, reminders=replace(jobs.reminders, mailer=postbox))
    clock.advance(hours=7)
    server.queue(_answer({"subject": "Rent", "body": "<p>Pay the rent on Friday.</p>"}))
    await posting.do_all_due()
    (letter,) = postbox.letters
    assert letter.subject == "Rent"
    assert letter.text.startswith("Pay the rent on Friday.\n")
    assert "scripted-1" in letter.html
    asked = server.of("other")[-1].messages
    assert f"Thursday, {today + timedelta(days=1)}" in asked[0]["content"]
    assert "Fridays are free." in asked[-1]["content"]


def _next_wednesday(moment: datetime) -> datetime:
    """Return ten o'clock of the next Wednesday, after midnight too a working day."""
    days = (2 - moment.weekday()) % 7 or 7
    return (moment + timedelta(days=days)).replace(hour=10, minute=5)
