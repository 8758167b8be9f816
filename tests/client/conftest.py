from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from mojodex_tui.client.credentials import CredentialSources
from mojodex_tui.client.session import MojodexClient
from tests.client.loopback import TOKEN, Server, says, serving

SIGNED_IN = CredentialSources(environ={"MOJODEX_TOKEN": TOKEN})
"""Nobody's keyring is touched by a test that has a token."""


class MemoryKeyring(KeyringBackend):
    """A keyring that can be trusted, and ends with its test."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring leaves it untyped
        self.passwords: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.passwords[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.passwords[service, username]


@pytest.fixture(autouse=True)
def ring() -> Iterator[MemoryKeyring]:
    """The only keyring a test can reach."""
    before = keyring.get_keyring()
    ring = MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


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
