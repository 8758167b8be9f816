"""The decision inbox, and its number in the header."""

from datetime import UTC, datetime

from mojodex_tui.ui.screens.inbox import InboxScreen
from mojodex_tui.ui.screens.workflow import WorkflowScreen
from mojodex_tui.wire.workflow_extensions import WaitingKind, WaitingRun
from tests.ui.shell import filled, program, running, settled, words

WAITING = WaitingRun(
    user_task_execution_pk=7,
    session_id="session-7",
    title="Rain over Lyon",
    workflow_name="Write poem",
    icon="🌸",
    step_name="Stanza topics",
    since=datetime(2020, 5, 2, 12, 0, tzinfo=UTC),
    kind=WaitingKind.DECISION,
)


async def test_what_waits_is_counted_in_the_header_wherever_one_is() -> None:
    mojodex = filled()
    mojodex.workflows.waiting = (WAITING,)
    app = program(mojodex)
    async with running(app) as pilot:
        assert "! 1 waiting" in words(app)
        mojodex.workflows.waiting = ()
        app.look_for_waiting()
        await settled(pilot)
        assert "waiting" not in words(app)


async def test_a_run_is_opened_from_the_inbox_and_esc_comes_back() -> None:
    mojodex = filled()
    mojodex.workflows.waiting = (WAITING,)
    app = program(mojodex)
    async with running(app) as pilot:
        await pilot.press("down", "exclamation_mark")
        await settled(pilot)
        assert isinstance(app.screen, InboxScreen)
        assert "Rain over Lyon" in words(app)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, WorkflowScreen)
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, InboxScreen)


async def test_an_empty_inbox_says_so() -> None:
    app = program(filled())
    async with running(app) as pilot:
        await pilot.press("down", "exclamation_mark")
        await settled(pilot)
        assert "Nothing waits for you." in words(app)
