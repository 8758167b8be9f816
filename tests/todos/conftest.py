"""Backends whose clock the tests set."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pydantic import SecretStr

from mojodex_tui.backend.asgi import Backend, open_backend
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from mojodex_tui.backend.settings import BackendSettings
from tests.backend.client import Api, Started
from tests.backend.conftest import SECRET, settings

__all__ = ["settings"]

SCHEDULER = "a-secret-of-the-scheduler"


class WithoutModel(ScriptedLlm):
    """Answers from its script, but is no model: To-Dos are found by the rules."""

    is_model = False


@dataclass
class FakeClock:
    """Shows what a test sets."""

    moment: datetime = datetime(2029, 12, 20, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **time: float) -> None:
        self.moment += timedelta(**time)


@pytest.fixture
def llm() -> ScriptedLlm:
    """Says what a test adds to it."""
    return WithoutModel()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def backend(
    settings: BackendSettings, llm: ScriptedLlm, clock: FakeClock
) -> AsyncIterator[Backend]:
    """An open backend that does no job by itself."""

    async def source() -> ScriptedLlm:
        return llm

    quiet = settings.model_copy(update={"jobs": False, "scheduler_secret": SecretStr(SCHEDULER)})
    async with open_backend(quiet, secret=SecretStr(SECRET), llm=source, clock=clock) as opened:
        yield opened


@pytest.fixture
async def anybody(backend: Backend) -> AsyncIterator[Api]:
    """Calls without a token."""
    transport = httpx.ASGITransport(backend.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://backend") as http:
        yield Api(http)


async def _signed_up(anybody: Api, name: str) -> Api:
    account = await anybody.put(
        "/user", email=f"{name.lower()}@example.com", name=name, password="secret"
    )
    signed_in = anybody.of(account.json()["token"])
    await signed_in.put("/terms_and_conditions")
    return signed_in


@pytest.fixture
async def api(anybody: Api) -> Api:
    """Calls as Sam."""
    return await _signed_up(anybody, "Sam")


@pytest.fixture
async def other(anybody: Api) -> Api:
    """Calls as somebody else."""
    return await _signed_up(anybody, "Bo")


@pytest.fixture
async def noted(api: Api, backend: Backend, llm: ScriptedLlm) -> Started:
    """A recap Sam made, in which there is something to do."""
    return await recap(api, backend, llm, "I must send the launch plan to Ana. I'll call the bank.")


async def recap(api: Api, backend: Backend, llm: ScriptedLlm, notes: str) -> Started:
    """Have a recap of some notes made."""
    llm.add("<execution><title>Recap</title><draft>What was said.</draft></execution>")
    started = await api.created()
    await started.run({"meeting_notes": notes})
    await backend.background.idle()
    return started
