"""How the screens look, in their states and sizes; what they do is tested elsewhere."""

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from mojodex_tui.client.errors import Unreachable, WrongCredentials
from mojodex_tui.client.port import Connection, Link
from mojodex_tui.ui.theme import DARK, LIGHT
from mojodex_tui.wire.extensions import CatalogProblem
from tests.fakes import NOW, FakeMojodex, offline
from tests.ui.shell import INFO, SERVER, TASKS, filled, program, settled, signed_out

Compare = Callable[..., bool]
Before = Callable[[Pilot[None]], Awaitable[None]]

SMALL, LARGE = (80, 24), (120, 40)
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
THEMES = pytest.mark.parametrize("theme", [DARK.name, LIGHT.name], ids=["dark", "light"])


def pressed(*keys: str, theme: str = DARK.name) -> Before:
    """Return what presses keys once the screen is settled."""

    async def press(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        for blinking in pilot.app.screen.query("Input, TextArea"):
            blinking.cursor_blink = False  # type: ignore[attr-defined]  # both kinds have it
        await settled(pilot)

    return press


@SIZES
@THEMES
def test_catalog(snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    app = program(filled())
    assert snap_compare(app, terminal_size=size, run_before=pressed("down", theme=theme))


@SIZES
def test_catalog_offline(snap_compare: Compare, size: tuple[int, int]) -> None:
    mojodex = filled()
    mojodex.cache.tasks = TASKS[:3]
    cause = Unreachable("http://127.0.0.1:5001")
    mojodex.api.failures["catalog"] = [cause]
    mojodex.live.connection.value = offline(Connection(Link.LOCAL, NOW), cause, unsent=2)
    assert snap_compare(program(mojodex), terminal_size=size, run_before=pressed())


def empty() -> FakeMojodex:
    mojodex = filled()
    mojodex.api.tasks = ()
    return mojodex


def failing() -> FakeMojodex:
    mojodex = filled()
    mojodex.api.failures["catalog"] = [Unreachable("http://127.0.0.1:5001")]
    return mojodex


def with_broken_task() -> FakeMojodex:
    mojodex = filled()
    problem = CatalogProblem(file="my_task.yaml", key="icon", reason="is missing")
    mojodex.api.info = INFO.model_copy(update={"catalog_problems": (problem,)})
    return mojodex


@pytest.mark.parametrize("backend", [empty, failing, with_broken_task])
def test_catalog_states(snap_compare: Compare, backend: Callable[[], FakeMojodex]) -> None:
    assert snap_compare(program(backend()), terminal_size=SMALL, run_before=pressed())


@SIZES
@THEMES
def test_form(snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    keys = ("enter", *"Budget review", "tab", "w", "tab", *"/none.mp3")
    app = program(filled())
    assert snap_compare(app, terminal_size=size, run_before=pressed(*keys, theme=theme))


def test_form_with_something_missing(snap_compare: Compare) -> None:
    app = program(filled())
    keys = ("enter", *"Budget", "ctrl+s")
    assert snap_compare(app, terminal_size=SMALL, run_before=pressed(*keys))


@SIZES
@THEMES
def test_sign_in(snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    mojodex = signed_out()
    mojodex.api.failures["sign_in"] = [WrongCredentials("Wrong e-mail or password.")]
    mojodex.api.failures["backend_info"] = [Unreachable(SERVER), Unreachable(SERVER)]
    app = program(mojodex, server=SERVER)
    keys = (*"demo@example.com", "tab", *"secret", "enter")
    assert snap_compare(app, terminal_size=size, run_before=pressed(*keys, theme=theme))


@SIZES
@THEMES
def test_history(snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    app = program(filled())
    assert snap_compare(app, terminal_size=size, run_before=pressed("ctrl+o", theme=theme))


@SIZES
@THEMES
def test_help(snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    app = program(filled())
    assert snap_compare(app, terminal_size=size, run_before=pressed("down", "f1", theme=theme))


def test_too_small(snap_compare: Compare) -> None:
    assert snap_compare(program(filled()), terminal_size=(50, 15), run_before=pressed())
