"""Several processes on one PostgreSQL database."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
from pydantic import SecretStr

from mojodex_tui.backend.asgi import Backend, open_backend
from mojodex_tui.backend.domain.briefs import InstructBrief
from mojodex_tui.backend.llm.scripted import Line, ScriptedLlm
from mojodex_tui.backend.settings import BackendSettings
from tests.backend.client import PATIENCE, Api, Started
from tests.backend.databases import postgresql

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
