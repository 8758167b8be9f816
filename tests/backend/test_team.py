"""Several processes on one PostgreSQL database."""

import asyncio
import gc
import warnings
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from mojodex_tui.backend.asgi import Backend, open_backend
from mojodex_tui.backend.domain.briefs import InstructBrief
from mojodex_tui.backend.llm.scripted import Line, ScriptedLlm
from mojodex_tui.backend.settings import BackendSettings
from tests.backend.client import PATIENCE, Api, Started, listening, on_loopback
from tests.backend.databases import postgresql, redis_url

DRAFT = "<execution><title>T</title><draft>D</draft></execution>"


async def _open(stack: AsyncExitStack, settings: BackendSettings, llm: ScriptedLlm) -> Backend:
    async def source() -> ScriptedLlm:
        return llm

    return await stack.enter_async_context(open_backend(settings, llm=source))


async def _api(stack: AsyncExitStack, backend: Backend) -> Api:
    transport = httpx.ASGITransport(backend.app)
    client = httpx.AsyncClient(transport=transport, base_url="http://x")
    return Api(await stack.enter_async_context(client))


async def test_two_processes_answer_once_and_stop_each_other(tmp_path: Path) -> None:
    async with postgresql() as url, AsyncExitStack() as stack:
        settings = BackendSettings(
            data_dir=tmp_path, local=False, database_url=url, jwt_secret=SecretStr("x" * 48)
        )
        llm = ScriptedLlm(DRAFT, Line(DRAFT, gate=asyncio.Event()))
        first, second = await asyncio.gather(
            _open(stack, settings, llm), _open(stack, settings, llm)
        )
        made = await (await _api(stack, first)).put(
            "/user", email="a@example.com", name="A", password="p"
        )
        here = (await _api(stack, first)).of(made.json()["token"])
        there = (await _api(stack, second)).of(made.json()["token"])
        await there.put("/terms_and_conditions")

        started = await here.created()
        await started.run({"meeting_notes": "x"})
        second.uses.conversations.attend(started.session_id)
        await asyncio.gather(first.background.idle(), second.background.idle())
        elsewhere = Started(there, started.pk, started.session_id, started.user_task_pk)
        assert (await elsewhere.read())["produced_text_version_index"] == 1
        assert len([ask for ask in llm.asked if isinstance(ask.brief, InstructBrief)]) == 1

        await started.say("Again", "m1")
        stopped = await there.delete("/generation", session_id=started.session_id)
        assert stopped.json() == {"stopped": True}
        assert (await started.read())["failure"] == "Stopped."
        await first.uses.conversations._renew_claims()
        async with asyncio.timeout(PATIENCE):
            await first.background.idle()


async def test_an_email_is_taken_once_also_at_the_same_moment(tmp_path: Path) -> None:
    async with postgresql() as url, AsyncExitStack() as stack:
        settings = BackendSettings(
            data_dir=tmp_path, local=False, database_url=url, jwt_secret=SecretStr("x" * 48)
        )
        api = await _api(stack, await _open(stack, settings, ScriptedLlm()))
        who = {"email": "a@example.com", "name": "A", "password": "p"}
        answers = await asyncio.gather(*(api.put("/user", **who) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, *[400] * 5]
    refused = [answer.json() for answer in answers if answer.status_code == 400]
    assert refused == [{"error": "Email already exists."}] * 5


@pytest.fixture
def _swept() -> Iterator[None]:
    """Collect the connections to Redis that Socket.IO never closes, before the next test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.mark.usefixtures("_swept")
async def test_events_reach_who_is_connected_to_another_process(tmp_path: Path) -> None:
    shared = await redis_url()
    async with postgresql() as url, AsyncExitStack() as stack:
        settings = BackendSettings(
            data_dir=tmp_path,
            local=False,
            database_url=url,
            redis_url=shared,
            resend_seconds=2.0,
            jwt_secret=SecretStr("x" * 48),
        )
        llm = ScriptedLlm(DRAFT)
        first, second = await _open(stack, settings, llm), await _open(stack, settings, llm)
        here = await _api(stack, first)
        made = await here.put("/user", email="a@example.com", name="A", password="p")
        here = here.of(made.json()["token"])
        await here.put("/terms_and_conditions")
        started = await here.created()

        there = await stack.enter_async_context(on_loopback(second))
        heard = await stack.enter_async_context(listening(there, made.json()["token"]))
        heard.acknowledge_all()
        await heard.join(started.session_id)
        async with asyncio.timeout(PATIENCE):
            # What is told before the other process listens is lost; nobody says when it does.
            while not heard.all("probe"):
                await first.live.emit("probe", {}, room=started.session_id)
                await asyncio.sleep(0.05)
        await started.run({"meeting_notes": "x"})
        draft = await heard.until("draft_message")
        assert (draft["session_id"], draft["produced_text"]) == (started.session_id, "D")
        await heard.until("draft_token")
        async with asyncio.timeout(PATIENCE):
            # The acknowledgement goes back to the process that sent.
            while await _is_on_its_way(first, started.session_id):  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.05)


async def _is_on_its_way(backend: Backend, session_id: str) -> bool:
    async with backend.store.read() as work:
        return await work.deliveries.next_copy({session_id}) is not None
