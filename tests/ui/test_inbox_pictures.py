"""How the decision inbox looks, in its states and sizes."""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from mojodex_tui.client.errors import Unreachable
from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.wire.workflow_extensions import WaitingKind
from tests.fakes import FakeConnect, offline
from tests.ui.inbox_desk import InboxDesk, mojodex_with, open_inbox
from tests.workflow_fakes import waiting

Compare = Callable[..., bool]

WAITING = (waiting(7), waiting(8, WaitingKind.FAILURE), waiting(9, WaitingKind.QUESTION))
DOWN = Unreachable("http://127.0.0.1:5001")

STATES: dict[str, tuple[str, ...]] = {
    "waiting": (),
    "deciding": ("enter",),
    "failed": ("j", "enter"),
    "held": ("enter", "v"),
    "instructing": ("enter", "i", *"rain"),
    "editing": ("enter", "e"),
    "next": ("enter", "v", "v"),
}
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


@SIZES
@pytest.mark.parametrize("state", STATES)
def test_looks(snap_compare: Compare, state: str, size: tuple[int, int]) -> None:
    mojodex = mojodex_with(*WAITING)

    async def before(pilot: Pilot[None]) -> None:
        desk = await open_inbox(pilot, mojodex)
        await desk.press(*STATES[state])
        await _still(desk)

    app = MojodexApp(FakeConnect({None: mojodex}))
    assert snap_compare(app, terminal_size=size, run_before=before)


@SIZES
@pytest.mark.parametrize("state", ["empty", "error", "loading"])
def test_looks_without_runs(snap_compare: Compare, state: str, size: tuple[int, int]) -> None:
    mojodex = mojodex_with()
    if state == "error":
        mojodex.workflows.failures["inbox"] = [DOWN, DOWN]
    if state == "loading":
        mojodex.workflows.is_silent = True

    async def before(pilot: Pilot[None]) -> None:
        await open_inbox(pilot, mojodex)

    app = MojodexApp(FakeConnect({None: mojodex}))
    assert snap_compare(app, terminal_size=size, run_before=before)


@SIZES
def test_looks_offline(snap_compare: Compare, size: tuple[int, int]) -> None:
    """A decision is taken all the same, and kept."""
    mojodex = mojodex_with(*WAITING)

    async def before(pilot: Pilot[None]) -> None:
        desk = await open_inbox(pilot, mojodex)
        mojodex.live.connection.set(offline(mojodex.live.connection.value, DOWN, unsent=1))
        mojodex.workflows.failures["inbox"] = [DOWN] * 9
        mojodex.workflows.failures["read"] = [DOWN] * 9
        await desk.press("f5", "enter", "v", "v", "escape")
        await _still(desk)

    app = MojodexApp(FakeConnect({None: mojodex}))
    assert snap_compare(app, terminal_size=size, run_before=before)


async def _still(desk: InboxDesk) -> None:
    await desk.wait(1)
    for blinking in desk.screen.query("Input, TextArea"):
        blinking.cursor_blink = False  # type: ignore[attr-defined]  # both kinds have it
    await desk.settle()
