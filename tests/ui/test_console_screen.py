from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from mojodex_tui.client.errors import Unreachable
from mojodex_tui.console.prompt import PROMPT
from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.ui.screens.catalog import CatalogScreen
from mojodex_tui.ui.screens.console import CommandLine, ConsoleScreen
from mojodex_tui.ui.screens.session import SessionScreen
from tests.ui.shell import filled, program, running, settled, words

SIZES = ((80, 24), (120, 40))


async def opened(pilot: Pilot[None]) -> None:
    await pilot.press("f9")
    await settled(pilot)


async def typed(pilot: Pilot[None], line: str) -> None:
    await pilot.press(*line, "enter")
    await settled(pilot)


def lines(app: MojodexApp) -> list[str]:
    return [line.strip("│ ") for line in words(app).splitlines() if line.startswith("│ ")]


async def test_what_is_typed_is_done_and_stays_when_the_panel_is_closed() -> None:
    app = program(filled())
    async with running(app) as pilot:
        await opened(pilot)
        assert isinstance(app.screen, ConsoleScreen)
        await typed(pilot, "workflow list")
        assert "1. Article by sections - Outline, sections, polish" in lines(app)
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, CatalogScreen)
        await opened(pilot)
        assert f"{PROMPT}workflow list" in lines(app)


async def test_tab_completes_and_up_brings_back() -> None:
    app = program(filled())
    async with running(app) as pilot:
        await opened(pilot)
        await pilot.press(*"workflow l", "tab")
        await settled(pilot)
        line = app.screen.query_one(CommandLine)
        assert line.value == "workflow list "
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("up")
        await settled(pilot)
        assert line.value == "workflow list "
        await pilot.press("down")
        await settled(pilot)
        assert line.value == ""


async def test_ctrl_c_leaves_a_question_and_secrets_are_not_shown() -> None:
    app = program(filled())
    async with running(app) as pilot:
        await opened(pilot)
        await typed(pilot, "task run 1")
        assert any(line.startswith("notes:") for line in lines(app))
        await pilot.press(*"half", "ctrl+c")
        await settled(pilot)
        assert "Stopped asking. What was run goes on: 'history' finds it." in words(app)
        assert lines(app)[-1].startswith(PROMPT.strip()) or PROMPT.strip() in words(app)


async def test_the_run_that_is_talked_about_is_shown_on_the_screen() -> None:
    app = program(filled())
    async with running(app) as pilot:
        await opened(pilot)
        await typed(pilot, "open 1")
        await pilot.press("ctrl+o")
        await settled(pilot)
        assert isinstance(app.screen, SessionScreen)


async def test_quit_closes_the_panel_only() -> None:
    app = program(filled())
    async with running(app) as pilot:
        await opened(pilot)
        await typed(pilot, "quit")
        assert isinstance(app.screen, CatalogScreen)
        await opened(pilot)
        await typed(pilot, "help")
        assert "workflow list" in words(app)


async def test_a_failure_is_a_line() -> None:
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        await opened(pilot)
        mojodex.api.failures["catalog"] = [Unreachable("http://here")]
        await typed(pilot, "task list")
        assert "! http://here cannot be reached." in words(app)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("line", ["help", "task list", "task run 1"])
def test_looks(snap_compare: Callable[..., bool], size: tuple[int, int], line: str) -> None:
    async def prepare(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await opened(pilot)
        await typed(pilot, line)
        pilot.app.screen.query_one(CommandLine).cursor_blink = False

    assert snap_compare(program(filled()), terminal_size=size, run_before=prepare)
