"""Runs of workflows on a screen, for tests: their backend, their clock, the hands on their keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from textual.pilot import Pilot

from mojodex_tui.client.port.workflows import SteeredRun
from mojodex_tui.state.runs import Run
from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.ui.screens.workflow import WorkflowScreen
from mojodex_tui.ui.screens.workflow_result import ResultSide
from mojodex_tui.ui.screens.workflow_run import WorkflowRun
from mojodex_tui.ui.widgets.decision_box import DecisionBox
from mojodex_tui.ui.widgets.result_view import ResultText
from mojodex_tui.wire.events import UnknownEvent
from mojodex_tui.wire.executions import Execution
from mojodex_tui.wire.heard import LiveEvent
from tests.fakes import FakeConnect, FakeLive, FakeMojodex
from tests.ui.session_fakes import SESSION, SpokenOutbox, execution
from tests.ui.shell import words

RUN = Run(7, SESSION, title="Rain", task_name="Write poem", is_workflow=True)
INPUTS = [
    {"input_name": "poem_topic", "type": "text_area", "value": "rain"},
    {"input_name": "n_stanzas", "type": "text_area", "value": "2"},
]
_SHORT = frozenset({"read", "decide", "edit", "auto", "pause", "keep", "inbox", "waiting"})
"""What ends by itself, of what runs in the background."""


class Clock:
    """Seconds a test lets pass."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class HeardLive(FakeLive):
    """Says what a test says to all who listen to the session."""

    def __init__(self) -> None:
        super().__init__()
        self._heard: list[tuple[str, asyncio.Queue[LiveEvent]]] = []

    def say(self, *events: LiveEvent) -> None:
        """Let a session say something."""
        for event in events:
            for session_id, queue in self._heard:
                if not isinstance(event, UnknownEvent) and event.session_id == session_id:
                    queue.put_nowait(event)

    async def listen(self, session_id: str) -> AsyncGenerator[LiveEvent, None]:
        listener: tuple[str, asyncio.Queue[LiveEvent]] = session_id, asyncio.Queue()
        self._heard.append(listener)
        try:
            while True:
                yield await listener[1].get()
        finally:
            self._heard.remove(listener)


@dataclass
class WorkflowMojodex(FakeMojodex):
    """A backend whose runs a test talks for."""

    live: HeardLive = field(default_factory=HeardLive)
    outbox: SpokenOutbox = field(default_factory=SpokenOutbox)


class Hands:
    """A screen with runs on it, and the hands on its keys."""

    def __init__(self, pilot: Pilot[None], mojodex: WorkflowMojodex, clock: Clock) -> None:
        self.pilot, self.mojodex, self.clock = pilot, mojodex, clock

    @property
    def result(self) -> ResultSide:
        return self.pilot.app.screen.query_one(ResultSide)

    @property
    def box(self) -> DecisionBox:
        return self.pilot.app.screen.query_one(DecisionBox)

    @property
    def decided(self) -> list[tuple[str, object]]:
        return self.mojodex.workflows.decided

    @property
    def words(self) -> str:
        app = self.pilot.app
        assert isinstance(app, MojodexApp)
        return words(app)

    async def settle(self) -> None:
        """Wait until what was started is done and shown."""
        for _ in range(3):
            await self.pilot.pause()
            for worker in list(self.pilot.app.workers):
                if worker.group in _SHORT:
                    await worker.wait()
        await self.pilot.pause()

    async def wait(self, seconds: float) -> None:
        """Let time pass on the run's clock."""
        self.clock.now += seconds
        for run in self.pilot.app.screen.query(WorkflowRun):
            await run.tick()
        await self.settle()

    async def press(self, *keys: str) -> None:
        """Press keys, each as slowly as a person who means it."""
        for key in keys:
            self.clock.now += 1
            await self.pilot.press(key)
            await self.settle()

    async def write(self, text: str) -> None:
        await self.pilot.press(*("space" if letter == " " else letter for letter in text))
        await self.settle()


class WorkflowDesk(Hands):
    """A run on its own screen."""

    @property
    def screen(self) -> WorkflowScreen:
        screen = self.pilot.app.screen
        assert isinstance(screen, WorkflowScreen)
        return screen

    async def told(self, run: SteeredRun) -> None:
        """Have the server tell another state, and the screen read it."""
        self.mojodex.workflows.told = told_of(run)
        self.screen.action_refresh_run()
        await self.settle()


def told_of(run: SteeredRun, **more: object) -> SteeredRun:
    """Return a run with what is told of it as of any execution."""
    known: Execution = execution(
        task_name="Write poem", title="Rain", json_inputs_values=INPUTS, **more
    )
    return replace(run, execution=run.execution or known, session_id=SESSION)


@asynccontextmanager
async def opened(
    run: SteeredRun | None,
    size: tuple[int, int] = (120, 40),
    mojodex: WorkflowMojodex | None = None,
) -> AsyncIterator[WorkflowDesk]:
    """Open a run in an application."""
    mojodex = mojodex or WorkflowMojodex()
    mojodex.workflows.told = None if run is None else told_of(run)
    mojodex.workflows.has_extras = run is None or run.has_extras
    clock = Clock()
    app = MojodexApp(FakeConnect({None: mojodex}))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        app.push_screen(WorkflowScreen(mojodex, RUN, clock))
        desk = WorkflowDesk(pilot, mojodex, clock)
        await desk.settle()
        assert desk.screen.query(ResultText)
        yield desk
