"""The chain inspector: what it shows, and how a run is started in the middle of a session."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from mojodex_tui.client.errors import NotFound, Unreachable
from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.ui.screens import chain as chain_screen
from mojodex_tui.ui.screens.chain import ChainScreen
from mojodex_tui.ui.screens.reading import Reading
from mojodex_tui.ui.screens.session import SessionScreen
from mojodex_tui.ui.widgets.chain_list import ChainList
from mojodex_tui.wire.chain import Chain
from tests.chains import chain
from tests.ui.session_fakes import RUN, SESSION, SessionMojodex
from tests.ui.shell import program, running, settled, words


@pytest.fixture(autouse=True)
def _looks_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no clock look again: tests do."""
    monkeypatch.setattr(chain_screen, "_EACH", 3600)


@asynccontextmanager
async def inspecting(
    mojodex: SessionMojodex, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[Pilot[None]]:
    """Open the inspector from a session."""
    app = program(mojodex)
    async with running(app, size) as pilot:
        app.open_session(RUN)
        await settled(pilot)
        await pilot.press("f3")
        await settled(pilot)
        yield pilot


def told(nodes: Chain | None) -> SessionMojodex:
    mojodex = SessionMojodex()
    mojodex.api.nodes = nodes
    return mojodex


def screen(pilot: Pilot[None]) -> ChainScreen:
    found = pilot.app.screen
    assert isinstance(found, ChainScreen)
    return found


def shown(pilot: Pilot[None]) -> str:
    app = pilot.app
    assert isinstance(app, MojodexApp)
    return words(app)


async def point(pilot: Pilot[None], node_id: str) -> None:
    nodes = screen(pilot).query_one(ChainList)
    nodes.highlighted = nodes.get_option_index(node_id)
    await settled(pilot)


async def test_nodes_are_shown_with_what_became_of_them() -> None:
    async with inspecting(told(chain())) as pilot:
        seen = shown(pilot)
        assert "├ S message" in seen
        assert "The reply is not JSON." in seen
        assert "task:7 → user" in seen
        assert "asks llm" in seen
        assert "8 nodes   2 runs   4.3k tok  $0.0043   live" in seen
        await point(pilot, "draft")
        seen = shown(pilot)
        assert "took 2.5 s" in seen
        assert "2.1k tok" in seen


async def test_enter_reads_all_of_a_node() -> None:
    mojodex = told(chain())
    async with inspecting(mojodex) as pilot:
        await point(pilot, "pick")
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(pilot.app.screen, Reading)
        assert mojodex.api.asked("chain_node") == [(SESSION, "pick")]
        assert "All of pick" in shown(pilot)


async def test_it_is_fetched_again_while_it_grows_and_the_cursor_stays() -> None:
    mojodex = told(chain())
    async with inspecting(mojodex) as pilot:
        await point(pilot, "call")
        mojodex.api.nodes = chain(writing=False)
        screen(pilot)._look_again()
        await settled(pilot)
        pointed = screen(pilot).query_one(ChainList).pointed
        assert pointed is not None
        assert pointed.node.id == "call"


async def test_one_that_rests_is_looked_at_less_often_and_may_begin_to_grow() -> None:
    mojodex = told(chain(writing=False))
    async with inspecting(mojodex) as pilot:
        fetched = len(mojodex.api.asked("chain"))
        mojodex.api.nodes = chain()
        for _ in range(2):
            screen(pilot)._look_again()
        await settled(pilot)
        assert len(mojodex.api.asked("chain")) == fetched
        for _ in range(2):  # the third look fetches, and what grows is fetched by each
            screen(pilot)._look_again()
            await settled(pilot)
        assert len(mojodex.api.asked("chain")) == fetched + 2


async def test_a_cursor_at_the_end_follows_the_end() -> None:
    mojodex = told(chain())
    async with inspecting(mojodex) as pilot:
        mojodex.api.nodes = chain(writing=False)
        await pilot.press("f5")
        await settled(pilot)
        pointed = screen(pilot).query_one(ChainList).pointed
        assert pointed is not None
        assert pointed.node.id == "answer"


async def test_a_question_is_answered_anew_where_its_answer_will_come() -> None:
    mojodex = told(chain(writing=False))
    async with inspecting(mojodex) as pilot:
        await point(pilot, "ask")
        await pilot.press("b")
        await settled(pilot)
        assert "“Recap of yesterday's budget meeting, please” goes" in shown(pilot)
        mojodex.api.nodes = chain()
        await pilot.press("y")
        await settled(pilot)
        pointed = screen(pilot).query_one(ChainList).pointed
        assert pointed is not None
        assert pointed.node.id == "again"


@pytest.mark.parametrize("node_id", ["pick", "read"])
async def test_a_session_cannot_go_on_at_what_is_no_message_of_its_own(node_id: str) -> None:
    mojodex = told(chain(writing=False))
    async with inspecting(mojodex) as pilot:
        await point(pilot, node_id)
        await pilot.press("b")
        await settled(pilot)
        assert isinstance(pilot.app.screen, ChainScreen)
        await pilot.press("r")
        await settled(pilot)
        assert not isinstance(pilot.app.screen, ChainScreen)


async def test_how_long_somebody_is_asked_is_told_while_nothing_else_happens() -> None:
    async with inspecting(told(chain())) as pilot:
        assert re.search(r"asks llm   for \d+ s", shown(pilot))


@pytest.mark.parametrize(("key", "started_at"), [("r", "again"), ("b", "answer")])
async def test_starting_again_asks_first(key: str, started_at: str) -> None:
    mojodex = told(chain(writing=False))
    async with inspecting(mojodex) as pilot:
        await pilot.press(key)
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert mojodex.api.asked("branch") == []
        await pilot.press(key)
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        assert mojodex.api.asked("branch") == [(SESSION, started_at)]
        assert len(mojodex.api.asked("chain")) == 2


async def test_nothing_is_started_while_an_answer_is_on_its_way() -> None:
    mojodex = told(chain(writing=True))
    async with inspecting(mojodex) as pilot:
        await pilot.press("b")
        await settled(pilot)
        assert isinstance(pilot.app.screen, ChainScreen)


async def test_a_refused_branch_says_why() -> None:
    mojodex = told(chain(writing=False))
    mojodex.api.failures["branch"] = [NotFound("Starting again is not supported yet.")]
    async with inspecting(mojodex) as pilot:
        await pilot.press("b")
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        assert "Starting again is not supported yet." in shown(pilot)


async def test_esc_leads_back_to_the_session_which_looks_again() -> None:
    mojodex = told(chain())
    async with inspecting(mojodex) as pilot:
        before = len(mojodex.api.asked("messages"))
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(pilot.app.screen, SessionScreen)
        assert len(mojodex.api.asked("messages")) == before + 1


@pytest.mark.parametrize(
    ("nodes", "said"),
    [(None, "This server has no chain"), (Chain(), "Nothing has run in this session yet")],
)
async def test_it_says_why_nothing_is_shown(nodes: Chain | None, said: str) -> None:
    async with inspecting(told(nodes)) as pilot:
        assert said in shown(pilot)


async def test_what_cannot_be_fetched_can_be_tried_again() -> None:
    mojodex = told(chain())
    mojodex.api.failures["chain"] = [Unreachable("http://127.0.0.1:5001")]
    async with inspecting(mojodex) as pilot:
        assert "There is nothing to show." in shown(pilot)
        await pilot.press("f5")
        await settled(pilot)
        assert "8 nodes" in shown(pilot)


def _gone_back() -> SessionMojodex:
    return told(chain(writing=False).model_copy(update={"at": "pick"}))


def _failing() -> SessionMojodex:
    mojodex = told(chain())
    mojodex.api.failures["chain"] = [Unreachable("http://127.0.0.1:5001")]
    return mojodex


_TREES: dict[str, tuple[Callable[[], SessionMojodex], str]] = {
    "call": (lambda: told(chain()), "call"),
    "bad": (lambda: told(chain()), "bad"),
    "gone-back": (_gone_back, "pick"),
    "empty": (lambda: told(Chain()), ""),
    "failed": (_failing, ""),
}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("name", _TREES)
def test_looks(
    monkeypatch: pytest.MonkeyPatch,
    snap_compare: Callable[..., bool],
    size: tuple[int, int],
    name: str,
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    make, pointed = _TREES[name]
    app = program(make())

    async def inspect(pilot: Pilot[None]) -> None:
        await settled(pilot)
        app.open_session(RUN)
        await settled(pilot)
        await pilot.press("f3")
        await settled(pilot)
        if pointed:
            await point(pilot, pointed)

    assert snap_compare(app, terminal_size=size, run_before=inspect)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_looks_while_it_is_fetched(
    monkeypatch: pytest.MonkeyPatch, snap_compare: Callable[..., bool], size: tuple[int, int]
) -> None:
    mojodex, asked = told(chain()), asyncio.Event()

    async def never(_session_id: str) -> Chain | None:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError("nobody wakes it")

    monkeypatch.setattr(mojodex.api, "chain", never)
    app = program(mojodex)

    async def inspect(pilot: Pilot[None]) -> None:
        await settled(pilot)
        app.open_session(RUN)
        await settled(pilot)
        await pilot.press("f3")
        await asyncio.wait_for(asked.wait(), 20)
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=inspect)
