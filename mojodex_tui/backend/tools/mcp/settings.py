"""Which MCP servers there are: `[mcp.servers.NAME]` in `settings.toml`.

[mcp]
tools = ["files/read", "search/*"]     # optional: no others are offered, whatever a task asks for

[mcp.servers.files]                    # a program of this computer
command = "files-server"
args = ["--folder", "/home/me/papers"]
env = ["FILES_KEY"]                    # names of variables to hand on, never their values

[mcp.servers.search]                   # a server that is running already
url = "https://search.example.com/mcp"
token_env = "SEARCH_TOKEN"             # the variable that holds its bearer token
"""

import re
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

_NAME = re.compile(r"[A-Za-z0-9-]{1,30}")


class ServerSettings(BaseModel):
    """How to reach one server; secrets are named by environment variables only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    command: str | None = None
    args: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    """Environment variables to hand on besides PATH and the like."""
    url: str | None = Field(default=None, pattern=r"^https?://")
    token_env: str | None = None
    timeout: float = Field(default=60.0, gt=0)
    """Seconds one call may take."""
    connect_timeout: float = Field(default=10.0, gt=0)
    """Seconds until the server must have introduced itself."""

    @model_validator(mode="after")
    def _one_way(self) -> "ServerSettings":
        if (self.command is None) == (self.url is None):
            raise ValueError("give either command or url")
        if self.command is None and (self.args or self.env):
            raise ValueError("args and env go with command")
        if self.url is None and self.token_env:
            raise ValueError("token_env goes with url")
        return self


@dataclass(frozen=True)
class McpSettings:
    """All servers that can be used, and what is wrong with the others."""

    servers: dict[str, ServerSettings]
    tools: tuple[str, ...] | None = None
    """Patterns `server/tool` of all tools any task may use; none given means all."""
    problems: tuple[str, ...] = ()

    def allows(self, server: str, tool: str) -> bool:
        """Any task may use this tool."""
        return self.tools is None or any(
            fnmatchcase(f"{server}/{tool}", pattern) for pattern in self.tools
        )


class _Section(BaseModel):
    model_config = ConfigDict(extra="ignore")

    tools: tuple[str, ...] | None = None
    servers: dict[str, object] = {}


def read_mcp_settings(data_dir: Path) -> McpSettings:
    """Return what `settings.toml` says; a wrong server is a problem, and the rest can be used."""
    try:
        text = (data_dir / "settings.toml").read_text("utf-8")
        section = _Section.model_validate(tomllib.loads(text).get("mcp", {}))
    except FileNotFoundError:
        return McpSettings({})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return McpSettings({}, problems=(f"settings.toml cannot be read: {error}.",))
    except ValidationError as error:
        return McpSettings({}, problems=(f"settings.toml, [mcp]: {_told(error)}.",))
    servers: dict[str, ServerSettings] = {}
    problems: list[str] = []
    for name, given in section.servers.items():
        try:
            servers[name] = _server(name, given)
        except ValidationError as error:
            problems.append(f"settings.toml, [mcp.servers.{name}]: {_told(error)}.")
        except ValueError as error:
            problems.append(f"settings.toml, [mcp.servers.{name}]: {error}.")
    return McpSettings(servers, section.tools, tuple(problems))


def _server(name: str, given: object) -> ServerSettings:
    if not _NAME.fullmatch(name):
        raise ValueError("a name is 1 to 30 letters, digits and hyphens")
    return ServerSettings.model_validate(given)


def _told(error: ValidationError) -> str:
    """Return what is wrong without the values, which might hold a secret in spite of all."""
    wrong = (
        f"{'.'.join(map(str, e['loc']))}: {e['msg']}".removeprefix(": ") for e in error.errors()
    )
    return "; ".join(wrong)
