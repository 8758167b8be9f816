"""Backends to test."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from mojodex_tui.backend.asgi import Backend, open_backend
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from mojodex_tui.backend.settings import BackendSettings
from tests.backend.client import Api, on_loopback

SECRET = "a-secret-of-the-tests"


@pytest.fixture
def settings(tmp_path: Path) -> BackendSettings:
    """A team backend on SQLite, so that there can be several users."""
    return BackendSettings(
        data_dir=tmp_path,
        local=False,
        jwt_secret=SecretStr("x" * 48),
        resend_seconds=0.2,
    )


@pytest.fixture
def llm() -> ScriptedLlm:
    """Says what a test adds to it."""
    return ScriptedLlm()


@pytest.fixture
async def backend(settings: BackendSettings, llm: ScriptedLlm) -> AsyncIterator[Backend]:
    """An open backend without a server."""

    async def source() -> ScriptedLlm:
        return llm

    async with open_backend(settings, secret=SecretStr(SECRET), llm=source) as opened:
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


@pytest.fixture
async def other(anybody: Api) -> Api:
    """Calls as somebody else, who accepted the terms."""
    account = await anybody.put(
        "/user", email="second@example.com", name="Second", password="second"
    )
    signed_in = anybody.of(account.json()["token"])
    await signed_in.put("/terms_and_conditions")
    return signed_in


@pytest.fixture
async def url(backend: Backend) -> AsyncIterator[str]:
    """Where the backend listens on loopback."""
    async with on_loopback(backend) as address:
        yield address
