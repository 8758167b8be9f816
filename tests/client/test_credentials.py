import asyncio
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail
from keyring.errors import KeyringLocked

from mojodex_tui.client.credentials import Credentials, CredentialSources, Login
from mojodex_tui.client.port import KeptIn
from mojodex_tui.keyrings import is_trusted
from mojodex_tui.wire.accounts import Account
from tests.memory_keyring import MemoryKeyring

SERVER = "https://mojodex.example"
LOGIN = Login(email="ada@example.com", account=Account(token="t0ken", name="Ada"))
NO_TOKEN = CredentialSources(environ={})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "credentials.json"


@pytest.fixture
def no_keyring() -> None:
    ring = fail.Keyring()  # type: ignore[no-untyped-call]  # keyring leaves it untyped
    keyring.set_keyring(ring)


async def test_the_environment_comes_first(file: Path) -> None:
    await Credentials(file, NO_TOKEN).keep(SERVER, LOGIN)
    login, keeping = await Credentials(
        file, CredentialSources(environ={"MOJODEX_TOKEN": "other"})
    ).load(SERVER)
    assert login is not None
    assert (login.account.token, keeping.where) == ("other", KeptIn.ENVIRONMENT)


async def test_a_command_prints_the_token(file: Path) -> None:
    sources = CredentialSources(environ={}, command="printf '%s\\n' secret")
    login, keeping = await Credentials(file, sources).load(SERVER)
    assert login is not None
    assert (login.account.token, keeping.where) == ("secret", KeptIn.COMMAND)


@pytest.mark.parametrize("command", ["false", "/no/such/program", "true", "'"])
async def test_a_command_that_fails_says_so(file: Path, command: str) -> None:
    login, keeping = await Credentials(file, CredentialSources({}, command)).load(SERVER)
    assert login is None
    assert keeping.notice is not None
    assert f"`{command}` gave no token" in keeping.notice


async def test_the_keyring_keeps_it_and_no_file_is_written(file: Path) -> None:
    assert (await Credentials(file, NO_TOKEN).keep(SERVER, LOGIN)).where is KeptIn.KEYRING
    login, keeping = await Credentials(file, NO_TOKEN).load(SERVER)
    assert (login, keeping.where, keeping.notice) == (LOGIN, KeptIn.KEYRING, None)
    assert not file.exists()


async def test_forgetting_empties_the_keyring(file: Path, ring: MemoryKeyring) -> None:
    await Credentials(file, NO_TOKEN).keep(SERVER, LOGIN)
    await Credentials(file, NO_TOKEN).forget(SERVER)
    assert ring.passwords == {}


@pytest.mark.usefixtures("no_keyring")
async def test_without_keyring_nothing_is_written_before_the_user_agreed(file: Path) -> None:
    keeping = await Credentials(file, NO_TOKEN).keep(SERVER, LOGIN)
    assert keeping.where is KeptIn.MEMORY
    assert keeping.notice
    assert not file.exists()


@pytest.mark.usefixtures("no_keyring")
async def test_the_file_is_for_its_owner_alone_and_says_so(file: Path) -> None:
    keeping = await Credentials(file, NO_TOKEN).keep(SERVER, LOGIN, file_agreed=True)
    assert keeping.where is KeptIn.FILE
    assert keeping.notice
    assert "not encrypted" in keeping.notice
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert (await Credentials(file, NO_TOKEN).load(SERVER))[0] == LOGIN


@pytest.mark.usefixtures("no_keyring")
async def test_a_file_of_an_agreement_is_used_again(file: Path) -> None:
    await Credentials(file, NO_TOKEN).keep(SERVER, LOGIN, file_agreed=True)
    other = LOGIN.model_copy(update={"email": "new@example.com"})
    assert (await Credentials(file, NO_TOKEN).keep(SERVER, other)).where is KeptIn.FILE
    assert (await Credentials(file, NO_TOKEN).load(SERVER))[0] == other


@pytest.mark.usefixtures("no_keyring")
async def test_a_file_others_can_read_is_refused(file: Path) -> None:
    await Credentials(file, NO_TOKEN).keep(SERVER, LOGIN, file_agreed=True)
    file.chmod(0o640)
    login, keeping = await Credentials(file, NO_TOKEN).load(SERVER)
    assert login is None
    assert keeping.notice is not None
    assert "others can read" in keeping.notice


@pytest.mark.usefixtures("no_keyring")
async def test_a_link_is_not_followed(file: Path, tmp_path: Path) -> None:
    await Credentials(file, NO_TOKEN).keep(SERVER, LOGIN, file_agreed=True)
    target = tmp_path / "target.json"
    file.rename(target)
    file.symlink_to(target)
    assert (await Credentials(file, NO_TOKEN).load(SERVER))[0] is None
    before = target.read_bytes()
    other = LOGIN.model_copy(update={"email": "new@example.com"})
    await Credentials(file, NO_TOKEN).keep(SERVER, other, file_agreed=True)
    assert target.read_bytes() == before
    assert not file.is_symlink()


@pytest.mark.usefixtures("no_keyring")
async def test_forgetting_the_last_login_removes_the_file(file: Path) -> None:
    credentials = Credentials(file, NO_TOKEN)
    await credentials.keep(SERVER, LOGIN, file_agreed=True)
    await credentials.keep("https://other.example", LOGIN)
    await credentials.forget(SERVER)
    assert (await credentials.load(SERVER))[0] is None
    assert (await credentials.load("https://other.example"))[0] == LOGIN
    await credentials.forget("https://other.example")
    assert not file.exists()


class LockedKeyring(MemoryKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("locked")


async def test_a_locked_keyring_is_no_keyring(file: Path) -> None:
    keyring.set_keyring(LockedKeyring())
    login, keeping = await Credentials(file, NO_TOKEN).load(SERVER)
    assert login is None
    assert keeping.where is KeptIn.MEMORY


@pytest.fixture
def waiting() -> Iterator[threading.Event]:
    """A keyring that waits for a person who is not there."""
    answered = threading.Event()

    class WaitingKeyring(MemoryKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            answered.wait()
            return None

    keyring.set_keyring(WaitingKeyring())
    yield answered
    answered.set()


@pytest.mark.usefixtures("waiting")
async def test_a_keyring_that_waits_for_ever_is_given_up(file: Path) -> None:
    sources = CredentialSources(environ={}, keyring_patience=0.01)
    async with asyncio.timeout(60):
        login, keeping = await Credentials(file, sources).load(SERVER)
    assert login is None
    assert keeping.where is KeptIn.MEMORY


@pytest.mark.parametrize(
    ("module", "trusted"),
    [
        ("keyring.backends.SecretService", True),
        ("keyring.backends.macOS", True),
        ("keyring.backends.fail", False),
        ("keyring.backends.null", False),
        ("keyrings.alt.file", False),
        ("keyrings.cryptfile.cryptfile", False),
    ],
)
def test_only_keyrings_that_protect_are_trusted(module: str, trusted: bool) -> None:
    assert is_trusted(module) is trusted


@pytest.mark.skipif(os.getuid() == 0, reason="everything can be written by root")
@pytest.mark.usefixtures("no_keyring")
async def test_a_file_that_cannot_be_written_leaves_it_in_memory(file: Path) -> None:
    file.parent.mkdir(mode=0o500)
    keeping = await Credentials(file, NO_TOKEN).keep(SERVER, LOGIN, file_agreed=True)
    assert keeping.where is KeptIn.MEMORY
    assert keeping.notice is not None
    assert "was not written" in keeping.notice
