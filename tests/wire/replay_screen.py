"""The program's own screens, on a client of a replay."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, Protocol

from textual.pilot import Pilot
from textual.screen import Screen
from textual.worker import WorkerCancelled

from mojodex_tui.client.session import MojodexClient
from mojodex_tui.state.runs import Run
from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.ui.screens.session import SessionScreen
from mojodex_tui.ui.screens.workflow import WorkflowScreen
from mojodex_tui.ui.widgets.step_list import StepList
from mojodex_tui.wire.executions import READ_EXECUTION, Execution
from tests.ui.shell import words
from tests.wire.replay_actor import Actor, Listening
from tests.wire.replay_script import Asked, Script

_LISTENING: Final = frozenset({"listen", "heed"})
"""The groups of workers that go on for as long as the program does."""

SIZE: Final = (120, 60)
"""Room for everything a recording brings up."""


class Viewer(Protocol):
    """Somebody who looks at what a client does."""

    async def joined(self, actor: Actor, listening: Listening) -> None:
        """See that a session is listened to."""
        ...

    async def heard(self) -> None:
        """See what has been heard."""
        ...

    async def leaving(self, actor: Actor) -> None:
        """Take the last look before a client is closed."""
        ...


class Nobody:
    """Looks at nothing."""

    async def joined(self, actor: Actor, listening: Listening) -> None:
        """Look away."""

    async def heard(self) -> None:
        """Look away."""

    async def leaving(self, actor: Actor) -> None:
        """Look away."""


@dataclass(frozen=True)
class _Way:
    """A client that others open and close."""

    mojodex: MojodexClient
    server: str

    async def close(self) -> None:
        """Leave it to who opened it."""


@asynccontextmanager
async def showing(
    client: MojodexClient, screen: Callable[[], Screen[None]] | None = None
) -> AsyncIterator[Pilot[None]]:
    """Run the program on a client until the block ends.

    Args:
        client: The client, open.
        screen: Makes what stands in front of the catalog, if anything does.
    """

    async def connect(server: str | None) -> _Way:
        return _Way(client, server or "")

    app = MojodexApp(connect, "http://replay")
    async with app.run_test(size=SIZE) as pilot:
        await app.opened()
        if screen is not None:
            await app.push_screen(screen())
        await at_rest(pilot)
        yield pilot


async def at_rest(pilot: Pilot[None]) -> None:
    """Wait until everything that was asked is answered and shown; listening goes on."""
    for _ in range(3):
        await pilot.pause()
        for asking in [one for one in pilot.app.workers if one.group not in _LISTENING]:
            with suppress(WorkerCancelled):  # another question took its place
                await asking.wait()
    await pilot.pause()


def drawn(pilot: Pilot[None]) -> str:
    """Return what stands on the screen."""
    app = pilot.app
    assert isinstance(app, MojodexApp)
    return words(app)


_ROW: Final = re.compile(r"\s(ok|>>|\.\.|\*\*|!!|xx)\s+\d?\s+(.+?)(?:\s+\d+ s)?")


def rows_in(screen: str) -> list[str]:
    """Return the rows of the list of steps in a picture: the sign, then the name."""
    cut = (line.split("│")[1] for line in screen.splitlines() if line.count("│") > 2)
    rows = (_ROW.fullmatch(f" {cell.rstrip()}") for cell in cut)
    return [f"{row[1]} {row[2]}" for row in rows if row is not None]


@dataclass
class Ended:
    """How a run stood when the recording was done with it."""

    execution_pk: int
    screen: str
    """What was drawn, before anything was pressed."""
    of_rows: list[str] = field(default_factory=list)
    """What was drawn with the cursor on each row of the list of steps."""


class RunViewer:
    """Follows each run on its own screen.

    Args:
        script: What is replayed; its executions tell whose sessions they have.
    """

    def __init__(self, script: Script) -> None:
        self.frames: list[str] = []
        """Everything that was drawn."""
        self.ended: list[Ended] = []
        reads = (
            Execution.model_validate(step.exchange.body)
            for step in script.steps
            if isinstance(step, Asked)
            and step.exchange.route is READ_EXECUTION
            and step.exchange.good
        )
        self._pks = {one.session_id: one.user_task_execution_pk for one in reads}
        self._stack = AsyncExitStack()
        self._pilot: Pilot[None] | None = None
        self._listening: Listening | None = None
        self._heard = 0
        self._pk = 0

    async def joined(self, actor: Actor, listening: Listening) -> None:
        """Open the run's screen in place of that of the run before."""
        await self.leaving(actor)
        if listening.session_id not in self._pks:
            return
        self._listening, self._pk = listening, self._pks[listening.session_id]
        self._stack = AsyncExitStack()
        self._pilot = await self._stack.enter_async_context(
            showing(actor.client, lambda: self.screen(actor.client, listening.session_id))
        )

    async def heard(self) -> None:
        """Keep what is drawn now, if anything was heard."""
        heard = self._told()
        if self._pilot is not None and heard != self._heard:
            self._heard = heard
            await self._look(self._pilot)

    async def leaving(self, actor: Actor) -> None:
        """Take the last look, and close the screen."""
        if self._pilot is None:
            return
        await self._look(self._pilot)
        self.ended.append(await self.look_over(self._pilot))
        self._pilot = None
        await self._stack.aclose()

    async def _look(self, pilot: Pilot[None]) -> None:
        await at_rest(pilot)
        self.frames.append(drawn(pilot))

    def _told(self) -> int:
        """Return how much the session has told by now."""
        one = self._listening
        return 0 if one is None else len(one.events) + len(one.tokens)

    def screen(self, client: MojodexClient, session_id: str) -> Screen[None]:
        """Return the screen of a run."""
        return SessionScreen(client, Run(self._pk, session_id, title=""))

    async def look_over(self, pilot: Pilot[None]) -> Ended:
        """Return how the run in front stands."""
        return Ended(self._pk, drawn(pilot))


class WorkflowViewer(RunViewer):
    """Follows each run of a workflow on its own screen."""

    def screen(self, client: MojodexClient, session_id: str) -> Screen[None]:
        """Return the screen of a run."""
        return WorkflowScreen(client, Run(self._pk, session_id, title="", is_workflow=True))

    async def look_over(self, pilot: Pilot[None]) -> Ended:
        """Point at every row of the run in front."""
        ended = Ended(self._pk, drawn(pilot))
        steps = pilot.app.screen.query_one(StepList)
        pilot.app.screen.set_focus(steps)
        await pilot.press("g")
        for _ in range(steps.option_count):
            await at_rest(pilot)
            ended.of_rows.append(drawn(pilot))
            await pilot.press("j")
        return ended
