"""Where mails go out: the section `[mail]` of `settings.toml`, and the environment before it."""

import os
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from mojodex_tui.backend.settings import secret_from
from mojodex_tui.settings.sections import BadSettings

_PREFIX = "MOJODEX_MAIL_"


class Security(StrEnum):
    """How the way to the mail server is kept private."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"
    """For a server on this computer only."""


_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


class MailSettings(BaseModel):
    """A mail server, and who writes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str
    sender: str
    """What stands in `From`: an address, or a name and an address."""
    security: Security = Security.STARTTLS
    port: int | None = None
    user: str | None = None
    password: SecretStr | None = None
    local_address: str | None = None
    """Where the mails of this computer's user go, whose account has no address."""
    ca_file: Path | None = None
    """Certificates to trust besides the system's."""
    timeout: float = 30.0
    """Seconds for the server to answer."""

    @property
    def chosen_port(self) -> int:
        """The port, or the usual one."""
        return self.port if self.port is not None else _PORTS[self.security]


class _MailSection(BaseModel):
    """The section as it is written; a password never stands in the file itself."""

    model_config = ConfigDict(extra="forbid")

    host: str | None = None
    sender: str | None = None
    security: Security = Security.STARTTLS
    port: int | None = None
    user: str | None = None
    password_env: str | None = None
    password_command: str | None = None
    local_address: str | None = None
    ca_file: Path | None = None


def read_mail_settings(
    data_dir: Path, environ: Mapping[str, str] = os.environ
) -> MailSettings | None:
    """Return where mails go out; `None` if no server is named.

    `MOJODEX_MAIL_HOST`, `_SENDER`, `_SECURITY`, `_PORT`, `_USER`, `_PASSWORD`, `_LOCAL_ADDRESS` and
    `_CA_FILE` stand before what the file says.

    Raises:
        BadSettings: they cannot be used.
    """
    file = data_dir / "settings.toml"
    try:
        told = tomllib.loads(file.read_text("utf-8")).get("mail", {})
    except FileNotFoundError:
        told = {}
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{file} cannot be read: {error}") from error
    given = {
        name: value
        for name in _MailSection.model_fields
        if (value := environ.get(f"{_PREFIX}{name.upper()}"))
    }
    try:
        section = _MailSection.model_validate({**told, **given})
    except ValidationError as error:
        raise BadSettings(f"The mail settings cannot be used: {error}") from error
    if section.host is None:
        return None
    password = environ.get(f"{_PREFIX}PASSWORD")
    return MailSettings(
        host=section.host,
        sender=section.sender or section.user or f"mojodex-tui@{section.host}",
        security=section.security,
        port=section.port,
        user=section.user,
        password=SecretStr(password)
        if password
        else secret_from(section.password_env, section.password_command, "password_command"),
        local_address=section.local_address,
        ca_file=section.ca_file,
    )
