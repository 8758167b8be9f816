"""The decision inbox on a screen, for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from textual.pilot import Pilot

from mojodex_tui.client.port.workflows import SteeredRun
from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.ui.screens.inbox import InboxScreen
from mojodex_tui.wire.workflow_extensions import RunState, WaitingKind, WaitingRun
from tests.fakes import FakeConnect
from tests.ui.session_fakes import execution
from tests.ui.workflow_desk import INPUTS, Clock, Hands, WorkflowMojodex
from tests.workflow_fakes import SINCE, TITLES, run, step_execution

LONG_AGO: dict[str, object] = {"creation_date": SINCE, "ended_date": SINCE}


def steered(pk: int, *, is_failed: bool = False, **more: object) -> SteeredRun:
    """Return the run behind a line of the inbox, its first step execution numbered `10 * pk`."""
    error = {"result": None, "error_status": {"error": "The model is away. Nothing is lost."}}
    told = step_execution(10 * pk, 1, **{**LONG_AGO, **(error if is_failed else {}), **more})
    state = RunState.FAILED if is_failed else RunState.WAITING
    steered = run(told, state=state, user_task_execution_pk=pk)
    known = execution(
        user_task_execution_pk=pk,
        session_id=f"session-{pk}",
        task_name="Write poem",
        title=TITLES[pk],
        json_inputs_values=INPUTS,
    )
    return replace(steered, session_id=f"session-{pk}", execution=known)


class InboxDesk(Hands):
    """The inbox on its screen."""

    @property
    def screen(self) -> InboxScreen:
        screen = self.pilot.app.screen
        assert isinstance(screen, InboxScreen)
        return screen

    async def waits(self, *runs: WaitingRun) -> None:
        """Have the server tell another list, and the program look at it."""
        self.mojodex.workflows.waiting = runs
        app = self.pilot.app
        assert isinstance(app, MojodexApp)
        app.look_for_waiting()
        await self.settle()


def mojodex_with(*runs: WaitingRun) -> WorkflowMojodex:
    """Return a backend at which these runs wait."""
    mojodex = WorkflowMojodex()
    mojodex.workflows.waiting = runs
    mojodex.workflows.unsent = mojodex.outbox.items
    mojodex.workflows.others = {
        one.user_task_execution_pk: steered(
            one.user_task_execution_pk, is_failed=one.kind is WaitingKind.FAILURE
        )
        for one in runs
    }
    return mojodex


async def open_inbox(pilot: Pilot[None], mojodex: WorkflowMojodex) -> InboxDesk:
    """Open the inbox in a program that runs."""
    await pilot.pause()
    clock = Clock()
    pilot.app.push_screen(InboxScreen(clock))
    desk = InboxDesk(pilot, mojodex, clock)
    if mojodex.workflows.is_silent:
        await pilot.pause()
    else:
        await desk.settle()
    return desk


@asynccontextmanager
async def inbox(
    runs: Sequence[WaitingRun] = (),
    size: tuple[int, int] = (120, 40),
    mojodex: WorkflowMojodex | None = None,
) -> AsyncIterator[InboxDesk]:
    """Open the inbox in an application."""
    mojodex = mojodex or mojodex_with(*runs)
    app = MojodexApp(FakeConnect({None: mojodex}))
    async with app.run_test(size=size) as pilot:
        yield await open_inbox(pilot, mojodex)
