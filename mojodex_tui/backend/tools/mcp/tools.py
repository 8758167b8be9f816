"""Tools of MCP servers as tools of a task."""

import asyncio
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from mojodex_tui.backend.tools.excerpts import AnyArguments, any_arguments, shortened
from mojodex_tui.backend.tools.failures import ToolFailed
from mojodex_tui.backend.tools.mcp.server import McpServer
from mojodex_tui.backend.tools.mcp.settings import McpSettings
from mojodex_tui.backend.tools.offers import AnyTool, offered

if TYPE_CHECKING:
    from mcp_types import CallToolResult, ContentBlock, Tool

_LONGEST_NAME = 64
_LONGEST_PURPOSE = 1_000


class McpServers:
    """All configured servers of the process.

    Args:
        settings: which there are, and which of their tools may be used at all.
    """

    def __init__(self, settings: McpSettings) -> None:
        self._settings = settings
        self._servers = {name: McpServer(name, how) for name, how in settings.servers.items()}

    async def tools(self, patterns: Sequence[str]) -> "Offer":
        """Return the tools that match one of the patterns `server/tool`, `*` standing for any text.

        Servers are asked at the same time; one that cannot be reached is a problem, and the rest
        are offered.
        """
        wanted = {pattern.partition("/")[0] for pattern in patterns}
        unknown = sorted(wanted - self._servers.keys())
        problems = [f"settings.toml has no MCP server {name}." for name in unknown]
        servers = [self._servers[name] for name in sorted(wanted & self._servers.keys())]
        offers = await asyncio.gather(*(self._offer(server, patterns) for server in servers))
        tools = [tool for offer in offers for tool in offer.tools]
        problems += [problem for offer in offers for problem in offer.problems]
        return Offer(tuple(tools), tuple(problems))

    async def _offer(self, server: McpServer, patterns: Sequence[str]) -> "Offer":
        try:
            found = await server.tools()
        except ToolFailed as error:
            return Offer((), (str(error),))
        tools: dict[str, AnyTool] = {}
        problems = []
        for tool in found:
            path = f"{server.name}/{tool.name}"
            asked = any(fnmatchcase(path, pattern) for pattern in patterns)
            if not asked or not self._settings.allows(server.name, tool.name):
                continue
            made = _tool(server, tool)
            if tools.setdefault(made.name, made) is not made:
                problems.append(f"{path} is left out: another tool has the same name for models.")
        return Offer(tuple(tools.values()), tuple(problems))

    async def close(self) -> None:
        """End all connections and the programs behind them."""
        await asyncio.gather(*(server.close() for server in self._servers.values()))


@dataclass(frozen=True)
class Offer:
    """The tools that can be used, and why others cannot."""

    tools: tuple[AnyTool, ...]
    problems: tuple[str, ...]


def _tool(server: McpServer, tool: "Tool") -> AnyTool:
    """Return a server's tool; unless it says that it only reads, the user is asked first."""
    marked = tool.annotations is not None and tool.annotations.read_only_hint is True
    args = any_arguments(tool.input_schema)

    async def run(given: AnyArguments) -> str:
        return _text(server.name, await server.call(tool.name, given.model_dump(mode="json")))

    name = re.sub(r"[^A-Za-z0-9_-]", "_", f"{server.name}__{tool.name}")[:_LONGEST_NAME]
    purpose = " ".join((tool.description or tool.title or tool.name).split())
    return offered(name, args, purpose[:_LONGEST_PURPOSE], run, asks_first=not marked)


def _text(server: str, result: "CallToolResult") -> str:
    """Return a result as text.

    Raises:
        ToolFailed: the tool said that it failed.
    """
    text = "\n\n".join(_blocks(result.content))
    if not text and result.structured_content is not None:
        text = json.dumps(result.structured_content, ensure_ascii=False)
    if result.is_error:
        raise ToolFailed(f"The MCP server {server} failed: {text or 'it gave no reason.'}")
    return shortened(text) or "Done; the tool returned nothing."


def _blocks(content: "Iterable[ContentBlock]") -> Iterable[str]:
    for block in content:
        match block.type:
            case "text":
                yield block.text
            case "resource":
                held = getattr(block.resource, "text", None)
                yield held if held is not None else f"(binary data of {block.resource.uri})"
            case "resource_link":
                yield f"({block.name}: {block.uri})"
            case kind:
                yield f"({kind}, {block.mime_type})"
