"""How a run of a workflow looks, in its states and sizes."""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from mojodex_tui.client.errors import Unreachable
from mojodex_tui.client.port.workflows import SteeredRun
from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.ui.screens.workflow import WorkflowScreen
from mojodex_tui.wire.workflow_extensions import RunState
from tests.fakes import FakeConnect, offline
from tests.ui.workflow_desk import RUN, Clock, WorkflowDesk, WorkflowMojodex, told_of
from tests.workflow_fakes import run, step_execution

Compare = Callable[..., bool]

LONG_AGO = {
    "creation_date": "2020-05-02T12:00:00+00:00",
    "ended_date": "2020-05-02T12:00:21+00:00",
}
FIRST = step_execution(1, validated=True, **LONG_AGO)  # type: ignore[arg-type]  # none is a step_pk
STANZA = {
    "parameter": {"stanza_topic": "first drops"},
    "result": [{"stanza": "The first drops fall on dusty stone,\nA quiet drumming, each alone."}],
}
SECOND_TRY = {
    **STANZA,
    "try_number": 2,
    "result": [{"stanza": "The wind comes first, then dusty stone,\nA quiet drumming, alone."}],
}
TEXT = {
    "produced_text_pk": 3,
    "produced_text_title": "Rain",
    "produced_text_production": "The wind comes first.\n\nThe storm has gone.",
    "produced_text_version_pk": 31,
    "produced_text_version_index": 1,
}


def at(pk: int, **more: object) -> dict[str, object]:
    return step_execution(pk, 2, **{**LONG_AGO, **STANZA, **more})


def paused() -> SteeredRun:
    return run(FIRST, at(2, validated=True), state=RunState.PAUSED, paused=True)


def failed() -> SteeredRun:
    error = {"error": "The model is away. What was done before is safe."}
    return run(FIRST, at(2, result=None, error_status=error), state=RunState.FAILED)


def again() -> SteeredRun:
    rejected = at(2, validated=False, learned_instruction="name the wind")
    return run(FIRST, rejected, at(3, **SECOND_TRY))


STATES: dict[str, tuple[SteeredRun | None, tuple[str, ...]]] = {
    "loading": (None, ()),
    "waiting": (run(step_execution(1, 1, **LONG_AGO)), ()),
    "running": (
        run(FIRST, at(2, result=None, creation_date=None, ended_date=None), state=RunState.RUNNING),
        (),
    ),
    "second_try": (again(), ()),
    "compared": (again(), ("d",)),
    "instructing": (again(), ("i", *"rain")),
    "held": (again(), ("v",)),
    "editing": (run(step_execution(1, 1, **LONG_AGO)), ("e",)),
    "failed": (failed(), ()),
    "stopped": (run(FIRST, at(2, validated=False), state=RunState.STOPPED), ()),
    "auto": (run(FIRST, at(2), auto_step_pk=2, state=RunState.RUNNING), ()),
    "paused": (paused(), ()),
    "done": (
        told_of(
            run(FIRST, at(2, validated=True), at(3, validated=True), state=RunState.DONE), **TEXT
        ),
        (),
    ),
}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("state", STATES)
def test_looks(snap_compare: Compare, state: str, size: tuple[int, int]) -> None:
    told, keys = STATES[state]
    app, before = _program(told, keys)
    assert snap_compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_looks_offline(snap_compare: Compare, size: tuple[int, int]) -> None:
    app, before = _program(again(), (), is_cut=True)
    assert snap_compare(app, terminal_size=size, run_before=before)


def _program(
    told: SteeredRun | None, keys: tuple[str, ...], *, is_cut: bool = False
) -> tuple[MojodexApp, Callable[[Pilot[None]], object]]:
    mojodex = WorkflowMojodex()
    mojodex.workflows.told = None if told is None else told_of(told)
    app = MojodexApp(FakeConnect({None: mojodex}))

    async def before(pilot: Pilot[None]) -> None:
        await pilot.pause()
        clock = Clock()
        app.push_screen(WorkflowScreen(mojodex, RUN, clock))
        desk = WorkflowDesk(pilot, mojodex, clock)
        await desk.settle()
        if is_cut:
            cause = Unreachable("http://127.0.0.1:5001")
            mojodex.live.connection.set(offline(mojodex.live.connection.value, cause, unsent=1))
            mojodex.workflows.failures["read"] = [cause]
            desk.screen.action_refresh_run()
            await desk.settle()
        await desk.press(*keys)
        await desk.wait(1)
        for blinking in desk.screen.query("Input, TextArea"):
            blinking.cursor_blink = False  # type: ignore[attr-defined]  # both kinds have it
        await desk.settle()

    return app, before
