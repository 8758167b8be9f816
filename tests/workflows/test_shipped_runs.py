"""The shipped workflows from form to text, with and without a model."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from mojodex_tui.backend.asgi import Backend, open_backend
from mojodex_tui.backend.llm.factory import LlmSettings
from mojodex_tui.backend.settings import BackendSettings
from tests.backend.client import Api, Started
from tests.llm_server import LlmServer, Reply, serving
from tests.workflows.conftest import SECRET, Flow

NOTES = """# Kick-off

We met on Monday. Ana said the budget is 20 000 euros. We decided to start in May.

# Next steps

Luc will write the plan by Friday. Ana will call the printer. The launch is in September.
"""


@asynccontextmanager
async def opened(folder: Path, base_url: str) -> AsyncIterator[tuple[Backend, Api]]:
    """Open a backend that uses a model, or none."""
    settings = BackendSettings(
        data_dir=folder,
        jwt_secret=SecretStr("x" * 48),
        jobs=False,
        llm=LlmSettings(base_url=base_url, model="m", api_key=SecretStr("k")),
    )
    async with open_backend(settings, secret=SecretStr(SECRET)) as backend:
        transport = httpx.ASGITransport(backend.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
            token = (await Api(http, SECRET).post("/local_session")).json()["token"]
            yield backend, Api(http, token)


async def workflows(api: Api) -> list[str]:
    tasks = (await api.get("/user_task")).json()["user_tasks"]
    return [each["task_name"] for each in tasks if each["task_type"] == "workflow"]


def filled(field: dict[str, Any]) -> str:
    """Return what a user may give for a field."""
    if field.get("possible_values"):
        return str(field["possible_values"][0]["value"])
    return "2" if field["input_name"].startswith("n_") else NOTES


async def form_of(started: Started) -> dict[str, str]:
    fields = (
        await started.api.put(
            "/user_task_execution", user_task_pk=started.user_task_pk, platform="webapp"
        )
    ).json()["json_input"]
    return {field["input_name"]: filled(field) for field in fields}


async def test_every_shipped_workflow_comes_to_its_text_without_a_model(tmp_path: Path) -> None:
    async with opened(tmp_path, "offline") as (backend, api):
        names = await workflows(api)
        assert len(names) >= 4
        for name in names:
            flow = Flow(backend, await api.created(name))
            await flow.started.run(await form_of(flow.started))
            await flow.idle()
            for _ in range(100):
                if await flow.state() != "waiting":
                    break
                await flow.judge()
            assert await flow.state() == "done", (name, await flow.last())
            shown = await flow.started.read()
            assert len(shown["produced_text_production"]) > 20, name


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with serving() as listening:
        yield listening


async def test_a_poem_with_a_model_that_fails_once_and_is_told_to_write_again(
    tmp_path: Path, server: LlmServer
) -> None:
    def says(text: str) -> Reply:
        return Reply(text, purpose="other")

    async with opened(tmp_path, server.base_url) as (backend, api):
        flow = Flow(backend, await api.created("Write poem"))
        server.queue(says('{"items": [{"stanza_topic": "the storm"}]}'))
        await flow.started.run({"poem_topic": "the sea", "n_stanzas": "1"})
        await flow.idle()
        assert (await flow.last())["result"] == [{"stanza_topic": "the storm"}]

        server.queue(Reply("refused", purpose="other", fail="400"))
        await flow.judge()
        assert await flow.state() == "failed"
        server.queue(says('{"items": [{"stanza": "The wind has teeth."}]}'))
        await flow.relaunch()
        assert (await flow.last())["result"] == [{"stanza": "The wind has teeth."}]

        server.queue(
            says("<user_instruction>Two lines, with a rhyme.</user_instruction>"),
            says('{"items": [{"stanza": "The wind has teeth,\\nthe waves beneath."}]}'),
        )
        await flow.judge(validated=False)
        await flow.started.say("Make it rhyme.")
        await flow.idle()
        again = await flow.last()
        assert again["result"] == [{"stanza": "The wind has teeth,\nthe waves beneath."}]
        asked = server.of("other")[-1].messages[0]["content"]
        assert "Two lines, with a rhyme." in asked
        assert "The wind has teeth." in asked
        await flow.judge()
        shown = await flow.started.read()
        assert shown["produced_text_production"] == "The wind has teeth,\nthe waves beneath."
