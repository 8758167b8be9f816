"""Tools of real MCP servers: one a program, one an address."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mojodex_tui.backend.chat.outcomes import Send
from mojodex_tui.backend.chat.ports import ChatTurn
from mojodex_tui.backend.tools.failures import ToolFailed
from mojodex_tui.backend.tools.mcp.settings import McpSettings, ServerSettings, read_mcp_settings
from mojodex_tui.backend.tools.mcp.tools import McpServers
from tests.tools.calling import named, outcome, said
from tests.tools.mcp_server import listening

PROGRAM = ServerSettings(command=sys.executable, args=("-m", "tests.tools.mcp_server"))


@asynccontextmanager
async def using(
    tools: tuple[str, ...] | None = None, **servers: ServerSettings
) -> AsyncIterator[McpServers]:
    """Use servers for the length of a block."""
    opened = McpServers(McpSettings(servers, tools))
    try:
        yield opened
    finally:
        await opened.close()


async def test_a_program_is_used_as_long_as_it_is_needed() -> None:
    async with using(local=PROGRAM) as servers:
        offer = await servers.tools(["local/*"])
        assert offer.problems == ()
        add = named(offer.tools, "local__add")
        assert await said(add, a=2, b=3) == "5"
        assert add.description == "Add two numbers."
        assert add.spec.parameters["properties"]["a"]["type"] == "integer"
        assert await said(named(offer.tools, "local__odd_name_x")) == "odd"
        assert len(await said(named(offer.tools, "local__flood"))) < 21_000


async def test_what_is_not_marked_as_reading_asks_first() -> None:
    async with using(local=PROGRAM) as servers:
        offer = await servers.tools(["local/*"])
        erase = named(offer.tools, "local__erase")
        asked = await outcome(erase, name="a.txt")
        assert asked == Send(
            "user", 'May I use "local__erase"?\n\n- name: "a.txt"\n\nAnswer "yes" to allow it.'
        )
        thread = [ChatTurn("user", str(asked[1])), ChatTurn("user", "yes")]
        assert await outcome(erase, thread, name="a.txt") == "erased a.txt"
        assert [erase.idempotent, named(offer.tools, "local__add").idempotent] == [False, True]


async def test_an_address_is_used_with_the_token_of_a_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEST_TOKEN", "s3cret")
    async with listening("s3cret") as url:
        known = ServerSettings(url=url, token_env="TEST_TOKEN")
        async with using(far=known, closed=ServerSettings(url=url)) as servers:
            offer = await servers.tools(["far/add", "closed/*"])
            assert await said(named(offer.tools, "far__add"), a=1, b=1) == "2"
            assert [tool.name for tool in offer.tools] == ["far__add"]
            assert "MCP server closed cannot be used" in offer.problems[0]


async def test_dead_servers_do_not_block_the_rest(tmp_path: Path) -> None:
    silent = ServerSettings(
        command=sys.executable, args=("-c", "import sys; sys.stdin.read()"), connect_timeout=0.5
    )
    async with listening() as url:
        pass
    async with using(
        live=PROGRAM,
        missing=ServerSettings(command=str(tmp_path / "nothing")),
        mute=silent,
        nobody=ServerSettings(url=url, connect_timeout=2),
        ended=ServerSettings(command=sys.executable, args=("-c", "")),
        unset=ServerSettings(command=sys.executable, env=("NOT_SET_ANYWHERE",)),
    ) as servers:
        asked = ["live/add", "missing/*", "mute/*", "nobody/*", "ended/*", "unset/*", "other/*"]
        offer = await servers.tools(asked)
    assert [tool.name for tool in offer.tools] == ["live__add"]
    told = "\n".join(offer.problems)
    assert "settings.toml has no MCP server other." in told
    assert "MCP server missing cannot be used: No such file or directory." in told
    assert "MCP server mute cannot be used: it did not introduce itself within 0.5 s" in told
    assert "MCP server nobody cannot be used: nothing listens at its address." in told
    assert "MCP server ended cannot be used: it refused: Connection closed" in told
    assert "MCP server unset cannot be used: the environment variable NOT_SET_ANYWHERE" in told


async def test_a_server_that_is_down_is_not_tried_at_every_turn(tmp_path: Path) -> None:
    started = tmp_path / "started"
    script = f"open({str(started)!r}, 'a').write('x')"
    async with using(ended=ServerSettings(command=sys.executable, args=("-c", script))) as servers:
        first, second = [await servers.tools(["ended/*"]) for _ in range(2)]
    assert first.problems == second.problems
    assert started.read_text() == "x"


async def test_a_server_that_dies_is_started_again() -> None:
    async with using(local=PROGRAM) as servers:
        offer = await servers.tools(["local/*"])
        with pytest.raises(ToolFailed, match="local broke off; whether the call was executed is"):
            await said(named(offer.tools, "local__die"))
        assert await said(named(offer.tools, "local__add"), a=1, b=2) == "3"


async def test_an_address_that_restarts_is_connected_to_again() -> None:
    async with listening() as url:
        port = int(url.split(":")[2].split("/")[0])
        far = McpServers(McpSettings({"far": ServerSettings(url=url)}))
        offer = await far.tools(["far/*"])
    add = named(offer.tools, "far__add")
    with pytest.raises(ToolFailed):
        await said(add, a=1, b=2)
    async with listening(port=port):
        try:
            assert await said(add, a=1, b=2) == "3"
        finally:
            await far.close()


async def test_a_call_that_takes_too_long_is_given_up() -> None:
    hasty = PROGRAM.model_copy(update={"timeout": 0.5})
    async with using(local=hasty) as servers:
        offer = await servers.tools(["local/*"])
        with pytest.raises(ToolFailed, match=r"did not answer within 0\.5 seconds"):
            await said(named(offer.tools, "local__hang"))
        assert await said(named(offer.tools, "local__add"), a=1, b=2) == "3"


async def test_the_tools_own_failure_is_told() -> None:
    async with using(local=PROGRAM) as servers:
        offer = await servers.tools(["local/*"])
        with pytest.raises(ToolFailed, match=r"local failed: .*out of paper"):
            await said(named(offer.tools, "local__fail"))
        with pytest.raises(ToolFailed, match=r"local failed: (.|\n)*Field required"):
            await said(named(offer.tools, "local__add"), a=1)


async def test_calls_at_the_same_time_share_one_connection() -> None:
    async with using(local=PROGRAM) as servers:
        offer = await servers.tools(["local/*"])
        add = named(offer.tools, "local__add")
        sums = await asyncio.gather(*(said(add, a=n, b=1) for n in range(20)))
        assert sums == [str(n + 1) for n in range(20)]


async def test_both_lists_must_allow_a_tool() -> None:
    async with using(("local/add", "local/e*"), local=PROGRAM) as servers:
        assert [t.name for t in (await servers.tools(["local/add"])).tools] == ["local__add"]
        assert [t.name for t in (await servers.tools(["local/*"])).tools] == [
            "local__add",
            "local__erase",
        ]
        assert (await servers.tools(["local/die"])).tools == ()


async def test_only_named_variables_are_handed_on_and_nothing_is_logged(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TEST_SECRET", "s3cret-value")
    monkeypatch.setenv("OTHER_SECRET", "0ther-value")
    caplog.set_level(logging.INFO)
    handed = PROGRAM.model_copy(update={"env": ("TEST_SECRET",)})
    async with using(local=handed) as servers:
        offer = await servers.tools(["local/variables"])
        told = await said(offer.tools[0])
    assert "TEST_SECRET" in told
    assert "OTHER_SECRET" not in told
    assert "s3cret-value" not in caplog.text + repr(handed)
    assert capfd.readouterr().err == ""


def test_settings_are_read_and_wrong_ones_left_out(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(
        """
        [llm]
        model = "x"
        [mcp]
        tools = ["good/*"]
        [mcp.servers.good]
        command = "server"
        args = ["-v"]
        env = ["KEY"]
        [mcp.servers.far]
        url = "https://a.example/mcp"
        token_env = "TOKEN"
        [mcp.servers.both]
        command = "server"
        url = "https://a.example/mcp"
        [mcp.servers.loose]
        url = "https://a.example/mcp"
        token = "s3cret-value"
        [mcp.servers."bad name"]
        command = "server"
        """
    )
    settings = read_mcp_settings(tmp_path)
    assert settings.servers == {
        "good": ServerSettings(command="server", args=("-v",), env=("KEY",)),
        "far": ServerSettings(url="https://a.example/mcp", token_env="TOKEN"),
    }
    assert settings.allows("good", "anything")
    assert not settings.allows("far", "anything")
    assert [problem.split("]")[0] for problem in settings.problems] == [
        "settings.toml, [mcp.servers.both",
        "settings.toml, [mcp.servers.loose",
        "settings.toml, [mcp.servers.bad name",
    ]
    assert "s3cret-value" not in str(settings.problems)


@pytest.mark.parametrize("text", ["[mcp", "mcp = 3", "[mcp]\nservers = 1", "[mcp]\ntools = 1"])
def test_a_broken_file_means_no_servers(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.toml").write_text(text)
    settings = read_mcp_settings(tmp_path)
    assert settings.servers == {}
    assert "settings.toml" in settings.problems[0]


def test_without_file_there_are_no_servers(tmp_path: Path) -> None:
    assert read_mcp_settings(tmp_path) == McpSettings({})
