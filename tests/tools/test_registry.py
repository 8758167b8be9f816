"""The tools of a task, by name."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mojodex_tui.backend.tools.mcp.settings import McpSettings, ServerSettings
from mojodex_tui.backend.tools.mcp.tools import McpServers
from mojodex_tui.backend.tools.names import GROUPS, is_tool_name
from mojodex_tui.backend.tools.ports import OpenTodo, PastText
from mojodex_tui.backend.tools.registry import ToolContext, toolbox
from tests.tools.calling import named, said

_HEAVY = ("pypdf", "docx", "lxml", "mcp", "mcp_types")


class NoTexts:
    """Nobody wrote anything."""

    async def search(self, user_id: str, query: str, limit: int) -> list[PastText]:
        return []


class NoTodos:
    """Nobody has to do anything."""

    async def open(self, user_id: str) -> list[OpenTodo]:
        return []

    async def add(self, user_id: str, execution_pk: int, description: str, due: date) -> int:
        raise AssertionError("nothing is to be added")


def context(files: Path, **servers: ServerSettings) -> ToolContext:
    """Return a context without a past."""
    return ToolContext(
        user_id="ada",
        execution_pk=1,
        files=files,
        clock=lambda: datetime(2026, 11, 20, 12, tzinfo=UTC),
        past_texts=NoTexts(),
        todos=NoTodos(),
        mcp=McpServers(McpSettings(servers)),
    )


async def test_each_group_gives_its_tools(tmp_path: Path) -> None:
    box = await toolbox(sorted(GROUPS), context(tmp_path))
    assert box.problems == ()
    assert [(tool.name, tool.idempotent) for tool in box.tools] == [
        ("today", True),
        ("add_to_date", True),
        ("next_weekday", True),
        ("working_days", True),
        ("read_date", True),
        ("list_files", True),
        ("read_file", True),
        ("search_files", True),
        ("search_past_texts", True),
        ("list_todos", True),
        ("add_todo", False),
        ("fetch_page", True),
    ]
    for tool in box.tools:
        assert tool.description
        assert "\n" not in tool.description
        assert tool.spec.parameters["additionalProperties"] is False
        assert "Args" not in json.dumps(tool.spec.parameters)


async def test_tools_work_on_what_the_context_holds(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("attached")
    box = await toolbox(["files", "dates", "todos", "past_texts"], context(tmp_path))
    assert await said(named(box.tools, "read_file"), name="a.txt") == "attached"
    assert (await said(named(box.tools, "today"))).startswith("2026-11-20")
    assert await said(named(box.tools, "list_todos")) == "There are no open To-Dos."


async def test_unknown_names_are_told_and_the_rest_is_given(tmp_path: Path) -> None:
    box = await toolbox(["dates", "rockets", "mcp:none", "dates"], context(tmp_path))
    assert len(box.tools) == 5
    unknown, missing = box.problems
    assert unknown.startswith("There are no tools named 'rockets'; there are dates, files,")
    assert missing == "settings.toml has no MCP server none."


async def test_a_server_is_connected_to_only_if_it_is_named(tmp_path: Path) -> None:
    here = Path(__file__).parents[2]
    program = ServerSettings(command=sys.executable, args=("-m", "tests.tools.mcp_server"))
    trap = ServerSettings(
        command=sys.executable, args=("-c", f"open({str(tmp_path / 'trap')!r}, 'w')")
    )
    assert Path.cwd() == here
    known = context(tmp_path, local=program, trap=trap)
    try:
        assert (await toolbox(["dates"], known)).problems == ()
        one = await toolbox(["mcp:local/add"], known)
        every = await toolbox(["mcp:local"], known)
    finally:
        await known.mcp.close()
    assert [tool.name for tool in one.tools] == ["local__add"]
    assert len(every.tools) == 8
    assert not (tmp_path / "trap").exists()


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("files", True),
        ("mcp:a", True),
        ("mcp:a/b", True),
        ("mcp:", False),
        ("mcp:/b", False),
        ("", False),
        ("read_file", False),
    ],
)
def test_names_a_task_file_may_give(name: str, known: bool) -> None:
    assert is_tool_name(name) is known


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    code = (
        "import sys, mojodex_tui.backend.tools.registry;"
        f"print([name for name in {_HEAVY!r} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
