"""The tools of a task, by the names its file gives (`tools: [files, web, "mcp:search/*"]`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path

from mojodex_tui.backend.tools.dates import Clock, date_tools
from mojodex_tui.backend.tools.files import file_tools
from mojodex_tui.backend.tools.mcp.tools import McpServers
from mojodex_tui.backend.tools.names import MCP, is_tool_name, unknown_name
from mojodex_tui.backend.tools.offers import AnyTool, Toolbox
from mojodex_tui.backend.tools.past_texts import past_text_tools
from mojodex_tui.backend.tools.ports import PastTexts, TodoBook
from mojodex_tui.backend.tools.todos import todo_tools
from mojodex_tui.backend.tools.web import WebPages, web_tools


@dataclass(frozen=True)
class ToolContext:
    """For whom, and on what, tools work."""

    user_id: str
    execution_pk: int | None
    files: Path
    """The folder of what the user attached to this execution; it may not exist."""
    clock: Clock
    past_texts: PastTexts
    todos: TodoBook
    mcp: McpServers
    zone: tzinfo = UTC
    """Where the user is."""
    web: WebPages = field(default_factory=WebPages)


_GROUPS: dict[str, Callable[[ToolContext], tuple[AnyTool, ...]]] = {
    "files": lambda c: file_tools(c.files),
    "web": lambda c: web_tools(c.web),
    "dates": lambda c: date_tools(c.clock, c.zone),
    "past_texts": lambda c: past_text_tools(c.past_texts, c.user_id),
    "todos": lambda c: todo_tools(c.todos, c.user_id, c.execution_pk),
}


async def toolbox(names: Sequence[str], context: ToolContext) -> Toolbox:
    """Return the tools of these names; MCP servers are connected to only if they are named."""
    names = list(dict.fromkeys(names))
    problems = [unknown_name(name) for name in names if not is_tool_name(name)]
    tools = [tool for name in names if name in _GROUPS for tool in _GROUPS[name](context)]
    patterns = [name[len(MCP) :] for name in names if name.startswith(MCP) and is_tool_name(name)]
    if patterns:
        # a server's name alone stands for all its tools
        full = [pattern if "/" in pattern else f"{pattern}/*" for pattern in patterns]
        offer = await context.mcp.tools(full)
        tools += offer.tools
        problems += offer.problems
    return Toolbox(tuple(tools), tuple(problems))
