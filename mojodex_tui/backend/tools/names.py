"""The names by which a task file asks for tools (`tools: [files, web, "mcp:search/*"]`)."""

GROUPS = frozenset({"dates", "files", "past_texts", "todos", "web"})
"""Tools that come with the program."""
MCP = "mcp:"
"""How the name of tools of an MCP server begins: `mcp:SERVER`, or `mcp:SERVER/TOOL`."""


def is_tool_name(name: str) -> bool:
    """A task file may give this name: a group, or `mcp:SERVER` or `mcp:SERVER/TOOL`."""
    return name in GROUPS or (name.startswith(MCP) and bool(name[len(MCP) :].partition("/")[0]))


def unknown_name(name: str) -> str:
    """Return what is wrong with a name that is none."""
    return f"There are no tools named {name!r}; there are {', '.join(sorted(GROUPS))}, mcp:SERVER."
