"""What can be set from outside. Read once, then passed down, never looked up."""

import asyncio
import os
import secrets
import subprocess
from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from mojodex_tui.backend.llm.factory import LlmSettings
from mojodex_tui.keyrings import LLM_KEY, KeyringUnusable, read_secret
from mojodex_tui.settings.file import read_section
from mojodex_tui.settings.sections import BadSettings, LlmPrices, LlmSection, LlmTimeouts

_COMMAND_SECONDS = 10


class BackendSettings(BaseSettings):
    """The settings of one backend process."""

    model_config = SettingsConfigDict(frozen=True, env_prefix="MOJODEX_", extra="ignore")

    data_dir: Path = Field(default_factory=lambda: user_data_path("mojodex-tui"))
    database_url: str | None = Field(default=None, repr=False)
    """`postgresql+psycopg://…` for a team; none means a SQLite file in the data folder."""
    redis_url: str | None = Field(default=None, repr=False)
    """Carries events between several processes of one team."""
    host: str = "127.0.0.1"
    port: int = 0
    """0 lets the system choose."""
    local: bool = True
    """Whether this serves one user on this computer, signed in by a secret."""
    jwt_secret: SecretStr | None = None
    """What tokens are signed with; generated and kept in the data folder if not given."""
    llm: LlmSettings | None = None
    """Which model to use; what `settings.toml` says if not given."""
    open_registration: bool = True
    scheduler_secret: SecretStr | None = None
    """Opens the background routes to an external scheduler (wire protocol §8); none closes them."""
    jobs: bool = True
    """Whether this process does what comes due on the clock; an external scheduler may instead."""
    webapp_uri: str | None = None
    """Where links in mails lead; this process's own address if not given."""
    clock_file: Path | None = None
    """Sets the clock, to try out nights and mornings; none means this computer's clock."""
    resend_seconds: float = 5.0
    """How long an unacknowledged message waits for its next copy (wire protocol §10.5)."""

    @property
    def sqlite_file(self) -> Path:
        """The database file, if there is no `database_url`."""
        return self.data_dir / "backend.sqlite3"

    @property
    def files_dir(self) -> Path:
        """Where uploads are kept."""
        return self.data_dir / "files"

    @property
    def tasks_dir(self) -> Path:
        """Where the user's own task files are."""
        return self.data_dir / "tasks"

    @property
    def log_file(self) -> Path:
        """The log of the process."""
        return self.data_dir / "logs" / "backend.log"


async def read_llm_settings(data_dir: Path) -> LlmSettings:
    """Return what `settings.toml` says about the model.

    Raises:
        BadSettings: the file cannot be used, or the key is not where it says.
    """
    section = await asyncio.to_thread(read_section, data_dir, "llm", LlmSection)
    key: SecretStr | None
    if section.api_key_keyring:
        key = await _key_of_keyring()
    else:
        # A command takes its time.
        key = await asyncio.to_thread(
            secret_from, section.api_key_env, section.api_key_command, "api_key_command"
        )
    numbers = (*LlmTimeouts.model_fields, *LlmPrices.model_fields)
    given = {name: getattr(section, name) for name in numbers}
    return LlmSettings(base_url=section.base_url, model=section.model, api_key=key, **given)


async def _key_of_keyring() -> SecretStr:
    try:
        key = await read_secret(LLM_KEY)
    except KeyringUnusable as error:
        raise BadSettings(f"The key for the model is in the keyring, and {error}.") from error
    if key is None:
        raise BadSettings("The key for the model is no longer in the keyring: enter it again.")
    return SecretStr(key)


def secret_from(env: str | None, command: str | None, setting: str) -> SecretStr | None:
    """Return a secret that `settings.toml` tells the way to, for it never stands there itself.

    Args:
        env: the name of an environment variable that holds it.
        command: what prints it, if there is no such name.
        setting: what the command is called in the file.

    Raises:
        BadSettings: the command fails.
    """
    if env:
        told = os.environ.get(env)
        return SecretStr(told) if told else None
    if not command:
        return None
    try:
        said = subprocess.run(  # noqa: S602 - the user's own command, from their own file
            command,
            shell=True,
            capture_output=True,
            check=True,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=_COMMAND_SECONDS,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise BadSettings(f"The command `{setting}` of settings.toml failed") from error
    return SecretStr(said.stdout.strip())


def signing_key(settings: BackendSettings) -> str:
    """Return what tokens are signed with, made on the first start and readable by us alone."""
    if settings.jwt_secret is not None:
        return settings.jwt_secret.get_secret_value()
    path = settings.data_dir / "jwt.secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    key = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key
