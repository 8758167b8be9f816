import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import Theme

from mojodex_tui.client.errors import Unreachable
from mojodex_tui.client.port import Connection, Link
from mojodex_tui.ui.screens.catalog import CatalogScreen
from mojodex_tui.ui.screens.help import HelpScreen
from mojodex_tui.ui.screens.history import HistoryScreen
from mojodex_tui.ui.theme import THEMES, style_files
from tests.fakes import NOW, offline
from tests.ui.shell import SERVER, filled, program, running, settled, words


async def test_the_header_tells_where_one_is_and_how_connected() -> None:
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        first = words(app).splitlines()[0]
        assert "[1 Tasks] 2 History" in first
        assert "offline assistant  local" in first
        lost = offline(mojodex.live.connection.value, Unreachable("there"), unsent=2)
        mojodex.live.connection.set(lost)
        await settled(pilot)
        assert "offline, 2 unsent" in words(app).splitlines()[0]


async def test_places_are_reached_by_their_keys_also_while_typing() -> None:
    app = program(filled())
    async with running(app) as pilot:
        await pilot.press("ctrl+o")
        await settled(pilot)
        assert isinstance(app.screen, HistoryScreen)
        await pilot.press("1")
        await settled(pilot)
        assert isinstance(app.screen, CatalogScreen)


async def test_ctrl_c_neither_leaves_nor_clears() -> None:
    app = program(filled())
    async with running(app) as pilot:
        await pilot.press(*"abc", "ctrl+c")
        await settled(pilot)
        assert app.is_running
        assert app.catalog_screen.catalog.query == "abc"
        assert "Press ^Q to leave" in words(app)


async def test_every_key_of_ours_has_an_id_and_help_lists_it() -> None:
    app = program(filled())
    async with running(app, (120, 40)) as pilot:
        await pilot.press("down", "question_mark")
        await settled(pilot)
        assert isinstance(app.screen, HelpScreen)
        shown = words(app)
        for line in ("Keep the task at the top", "Go to the runs of the past", "^O 2"):
            assert line in shown


async def test_help_does_what_was_chosen() -> None:
    app = program(filled())
    async with running(app) as pilot:
        await pilot.press("f1", *"runs of the past", "enter")
        await settled(pilot)
        assert isinstance(app.screen, HistoryScreen)


async def test_the_palette_starts_tasks_by_name() -> None:
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        await pilot.press("ctrl+p", *"pitch min")
        for _ in range(50):
            await pilot.pause(0.02)
            if "Task: One-minute pitch" in words(app):
                break
        await pilot.press("enter")
        for _ in range(50):
            await pilot.pause(0.02)
            if mojodex.api.asked("create_execution"):
                break
        assert mojodex.api.asked("create_execution") == [103]


async def test_a_small_window_asks_for_room_and_gives_all_back() -> None:
    app = program(filled())
    async with running(app) as pilot:
        await pilot.press(*"pitch")
        await pilot.resize_terminal(50, 12)
        await settled(pilot)
        assert "needs 60 columns and 18 rows" in words(app)
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        await pilot.press("x")
        assert app.catalog_screen.catalog.query == "pitchx"


async def test_what_keeps_the_program_from_connecting_is_a_sentence() -> None:
    app = program(filled(), others={SERVER: Unreachable(SERVER)})
    async with running(app) as pilot:
        app.open_way(SERVER)
        await settled(pilot)
        assert f"{SERVER} cannot be reached" in words(app).replace("\n", " ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_the_program_in_good_order(number: signal.Signals) -> None:
    app = program(filled())
    async with running(app):
        os.kill(os.getpid(), number)
        assert app._task is not None
        async with asyncio.timeout(60):
            await asyncio.wait({app._task})
    assert app.return_code == 128 + number


async def test_reconnecting_fetches_what_could_not_be_fetched() -> None:
    mojodex = filled()
    mojodex.api.failures["catalog"] = [Unreachable("there")]
    app = program(mojodex)
    async with running(app) as pilot:
        assert "Meeting recap" not in words(app)
        mojodex.live.connection.set(replace(Connection(Link.LOCAL, NOW)))
        await settled(pilot)
        assert "Meeting recap" in words(app)


def luminance(colour: Color) -> float:
    """Return the relative luminance of WCAG 2."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour.normalized
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", ["background", "surface", "panel", "cursor-line"])
@pytest.mark.parametrize(
    "text", ["foreground", "quiet-text", "primary", "error", "warning", "success", "heading"]
)
def test_text_can_be_read_on_every_ground(theme: Theme, ground: str, text: str) -> None:
    colours = theme.to_color_system().generate() | theme.variables
    dark, light = sorted(luminance(Color.parse(colours[name])) for name in (ground, text))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_style_files_are_found() -> None:
    assert next(Path(file).name for file in style_files()) == "base.tcss"
