"""Where tokens are kept between two starts.

In this order: the environment or a configured command; the system's keyring, if it is one that
protects what it is given; a file only its owner can read, once the user agreed to it; memory.
There is no encryption of our own: a key beside the file would protect nothing.
"""

import asyncio
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from mojodex_tui.client.port import Keeping, KeptIn
from mojodex_tui.keyrings import PATIENCE, KeyringUnusable, forget_secret, keep_secret, read_secret
from mojodex_tui.private_file import TooOpen, read_private, write_private
from mojodex_tui.wire.accounts import Account
from mojodex_tui.wire.base import WireModel

TOKEN_VARIABLE: Final = "MOJODEX_TOKEN"  # noqa: S105 - a variable's name

_COMMAND_PATIENCE: Final = 30.0

_IN_MEMORY: Final = Keeping(
    KeptIn.MEMORY,
    "There is no keyring here, so you will be asked to sign in at every start.",
)
_IN_FILE: Final = Keeping(KeptIn.FILE, "Your sign-in is stored in a file, not encrypted.")


class Login(WireModel):
    """Who is signed in."""

    email: str
    """Empty when only a token was given."""
    account: Account


_LOGINS: Final = TypeAdapter(dict[str, Login])


@dataclass(frozen=True)
class CredentialSources:
    """What the program was started with."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    command: str | None = None
    """A command that prints the token, such as `pass show mojodex`."""
    keyring_patience: float = PATIENCE
    """Seconds a keyring may take; one that waits for a person nobody can see takes for ever."""


class Credentials:
    """Keeps one login per server.

    Args:
        file: The file for those without a keyring.
        sources: What the program was started with.
    """

    def __init__(self, file: Path, sources: CredentialSources | None = None) -> None:
        self._file = file
        self._sources = sources or CredentialSources()

    async def load(self, server: str) -> tuple[Login | None, Keeping]:
        """Return who is signed in to `server`, and where that was found."""
        token = self._sources.environ.get(TOKEN_VARIABLE, "").strip()
        if token:
            return _bare(token), Keeping(KeptIn.ENVIRONMENT)
        if self._sources.command is not None:
            return await self._from_command(self._sources.command)
        try:
            text = await read_secret(server, self._sources.keyring_patience)
        except KeyringUnusable:
            text = None
        if text is not None:
            try:
                return Login.model_validate_json(text), Keeping(KeptIn.KEYRING)
            except ValidationError:
                # Another version wrote it: signing in again puts it right.
                return None, Keeping(KeptIn.KEYRING)
        return await asyncio.to_thread(self._from_file, server)

    async def keep(self, server: str, login: Login, *, file_agreed: bool = False) -> Keeping:
        """Keep a login for the next start.

        Args:
            server: The server's address.
            login: Who signed in to it.
            file_agreed: The user wants it in a file; a file that is there already says so too.
        """
        try:
            text = login.model_dump_json()
            await keep_secret(server, text, self._sources.keyring_patience)
        except KeyringUnusable as problem:
            if not file_agreed and not await asyncio.to_thread(self._file.is_file):
                return replace(_IN_MEMORY, notice=f"{_IN_MEMORY.notice} ({problem})")
            return await asyncio.to_thread(self._into_file, server, login)
        await asyncio.to_thread(self._out_of_file, server)
        return Keeping(KeptIn.KEYRING)

    async def forget(self, server: str) -> None:
        """Forget the login of a server, wherever it is kept."""
        await asyncio.to_thread(self._out_of_file, server)
        try:
            await forget_secret(server, self._sources.keyring_patience)
        except KeyringUnusable:
            return

    async def _from_command(self, command: str) -> tuple[Login | None, Keeping]:
        """Return the token a command prints."""
        try:
            process = await asyncio.create_subprocess_exec(
                *shlex.split(command),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
        except (OSError, ValueError) as error:
            return None, _command_failed(command, str(error))
        try:
            async with asyncio.timeout(_COMMAND_PATIENCE):
                printed, complained = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            return None, _command_failed(command, "it did not end")
        token = printed.decode(errors="replace").strip()
        if process.returncode != 0 or not token:
            why = complained.decode(errors="replace").strip() or "it printed nothing"
            return None, _command_failed(command, why)
        return _bare(token), Keeping(KeptIn.COMMAND)

    def _from_file(self, server: str) -> tuple[Login | None, Keeping]:
        """Return the login in the file."""
        try:
            login = _LOGINS.validate_json(read_private(self._file)).get(server)
        except FileNotFoundError:
            return None, _IN_MEMORY
        except (TooOpen, OSError, ValidationError) as error:
            return None, Keeping(KeptIn.MEMORY, f"{self._file} was not read: {_line(error)}")
        return login, _IN_FILE

    def _into_file(self, server: str, login: Login) -> Keeping:
        """Put a login into the file."""
        try:
            write_private(self._file, _LOGINS.dump_json({**self._in_file(), server: login}))
        except OSError as error:
            return Keeping(KeptIn.MEMORY, f"{self._file} was not written: {_line(error)}")
        return _IN_FILE

    def _out_of_file(self, server: str) -> None:
        """Take a login out of the file; the last one takes the file with it."""
        others = {key: login for key, login in self._in_file().items() if key != server}
        if others:
            write_private(self._file, _LOGINS.dump_json(others))
        else:
            self._file.unlink(missing_ok=True)

    def _in_file(self) -> dict[str, Login]:
        """Return what the file holds; nothing if it is not to be trusted."""
        try:
            return _LOGINS.validate_json(read_private(self._file))
        except (TooOpen, OSError, ValidationError):
            return {}


def _bare(token: str) -> Login:
    """Return a login of which only the token is known."""
    return Login(email="", account=Account(token=token, terms_and_conditions_agreed=True))


def _command_failed(command: str, why: str) -> Keeping:
    """Return what to say about a token command."""
    return Keeping(KeptIn.MEMORY, f"`{command}` gave no token: {why.splitlines()[0]}")


def _line(error: Exception) -> str:
    """Return the first line of what an error says."""
    return (str(error) or type(error).__name__).splitlines()[0]
