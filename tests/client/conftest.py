from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from mojodex_tui.client.credentials import CredentialSources
from mojodex_tui.client.session import MojodexClient
from tests.client.loopback import TOKEN, Server, says, serving
from tests.memory_keyring import MemoryKeyring, only_keyring

SIGNED_IN = CredentialSources(environ={"MOJODEX_TOKEN": TOKEN})
"""Nobody's keyring is touched by a test that has a token."""


@pytest.fixture(autouse=True)
def ring() -> Iterator[MemoryKeyring]:
    """The only keyring a test can reach."""
    with only_keyring() as ring:
        yield ring


NewClient = Callable[[], MojodexClient]


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving() as server:
        server.on("POST", "/timezone", says({"success": "Timezone updated"}))
        yield server


@pytest.fixture
def client(server: Server, tmp_path: Path) -> NewClient:
    """Makes clients of the server that use one folder, as one program after the other does."""
    return lambda: MojodexClient(
        server.url,
        tmp_path,
        sources=SIGNED_IN,
        timezone_offset=lambda: -60,
        backoff=lambda _failures: 0.01,
    )
