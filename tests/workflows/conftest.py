"""A backend with workflows to test."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from mojodex_tui.backend.asgi import Backend, open_backend
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from mojodex_tui.backend.settings import BackendSettings
from tests.backend.client import Api, Started, on_loopback
from tests.workflows.flows import ScriptedSteps, fans, write_workflow

SECRET = "a-secret-of-the-tests"


@pytest.fixture
def settings(tmp_path: Path) -> BackendSettings:
    """A team backend on SQLite with four workflows."""
    settings = BackendSettings(
        data_dir=tmp_path,
        local=False,
        jwt_secret=SecretStr("x" * 48),
        scheduler_secret=SecretStr("clock"),
        resend_seconds=0.2,
        jobs=False,
    )
    write_workflow(settings.tasks_dir, [("plan", True), ("write", True)])
    write_workflow(settings.tasks_dir, [("plan", False), ("write", False)], name="quick")
    deep = [("plan", False), ("part", False), ("write", False)]
    write_workflow(settings.tasks_dir, deep, name="deep", result_chat=False)
    write_workflow(settings.tasks_dir, [("plan", True)], name="album", pictures=True)
    return settings


@pytest.fixture
def llm() -> ScriptedLlm:
    """Says what a test adds to it; titles are not asked for."""
    return ScriptedLlm()


@pytest.fixture
def steps() -> ScriptedSteps:
    """A plan of two parts, and a text for each."""
    return ScriptedSteps({"plan": fans("a", "b"), "part": fans("1", "2"), "write": fans("!")})


@pytest.fixture
async def backend(
    settings: BackendSettings, llm: ScriptedLlm, steps: ScriptedSteps
) -> AsyncIterator[Backend]:
    """An open backend without a server."""

    async def source() -> ScriptedLlm:
        return llm

    async with open_backend(settings, secret=SecretStr(SECRET), llm=source, steps=steps) as opened:
        yield opened


@pytest.fixture
async def anybody(backend: Backend) -> AsyncIterator[Api]:
    """Calls without a token."""
    transport = httpx.ASGITransport(backend.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://backend") as http:
        yield Api(http)


@pytest.fixture
async def api(anybody: Api) -> Api:
    """Calls as the user of this computer."""
    account = await anybody.of(SECRET).post("/local_session")
    return anybody.of(account.json()["token"])


@dataclass(frozen=True)
class Flow:
    """A run of a workflow, looked at and decided about as a client would."""

    backend: Backend
    started: Started

    async def begin(self, topic: str = "rain") -> "Flow":
        """Start it, and wait until it waits."""
        await self.started.run({"topic": topic})
        return await self.idle()

    async def idle(self) -> "Flow":
        """Wait until nothing goes on."""
        await self.backend.background.idle()
        return self

    async def run(self) -> dict[str, Any]:
        """Return all of it."""
        answer = await self.started.api.get("/workflow_run", user_task_execution_pk=self.started.pk)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def state(self) -> str:
        """Return what it does."""
        return str((await self.run())["state"])

    async def last(self) -> dict[str, Any]:
        """Return the newest step execution."""
        found: dict[str, Any] = (await self.run())["step_executions"][-1]
        return found

    async def judge(self, *, validated: bool = True, pk: int | None = None) -> str:
        """Decide about the newest result, and wait for what comes of it."""
        pk = pk or (await self.last())["user_workflow_step_execution_pk"]
        answer = await self.started.api.post(
            "/user_workflow_step_execution",
            user_workflow_step_execution_pk=pk,
            validated=validated,
        )
        assert answer.status_code == 200, answer.text
        await self.idle()
        return str(answer.json()["message"])

    async def relaunch(self) -> str:
        """Let it go on after a failure."""
        pk = (await self.last())["user_workflow_step_execution_pk"]
        answer = await self.started.api.put(
            "/user_workflow_step_execution", user_workflow_step_execution_pk=pk
        )
        assert answer.status_code == 200, answer.text
        await self.idle()
        return str(answer.json()["message"])

    async def tell(self, path: str, **body: object) -> str:
        """Call one of our own routes about it, and wait for what comes of it."""
        answer = await self.started.api.post(path, user_task_execution_pk=self.started.pk, **body)
        assert answer.status_code == 200, answer.text
        await self.idle()
        return str(answer.json()["message"])

    async def edit(self, result: object, pk: int | None = None) -> httpx.Response:
        """Change the newest result."""
        pk = pk or (await self.last())["user_workflow_step_execution_pk"]
        return await self.started.api.put(
            "/user_workflow_step_execution_result",
            user_workflow_step_execution_pk=pk,
            result=result,
        )


@pytest.fixture
async def poem(backend: Backend, api: Api) -> Flow:
    """A run of two steps, each decided about."""
    return Flow(backend, await api.created("Poem"))


@pytest.fixture
async def quick(backend: Backend, api: Api) -> Flow:
    """A run of two steps nobody decides about."""
    return Flow(backend, await api.created("Quick"))


@pytest.fixture
async def deep(backend: Backend, api: Api) -> Flow:
    """A run of three steps nobody decides about, the first two of which give several items."""
    return Flow(backend, await api.created("Deep"))


@pytest.fixture
async def album(backend: Backend, api: Api) -> Flow:
    """A run of one step whose form takes files."""
    return Flow(backend, await api.created("Album"))


@pytest.fixture
async def url(backend: Backend) -> AsyncIterator[str]:
    """Where the backend listens on loopback."""
    async with on_loopback(backend) as address:
        yield address
