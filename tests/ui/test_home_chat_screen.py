"""Just talk: the home chat as a session, and the task that begins in it."""

import asyncio

from mojodex_tui.client.errors import Unreachable
from mojodex_tui.state.runs import HOME, NO_EXECUTION
from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.screens.session import SessionScreen
from mojodex_tui.ui.screens.session_draft import SessionDraft
from mojodex_tui.ui.widgets.message_box import MessageBox
from mojodex_tui.ui.widgets.session_title import SessionTitle
from mojodex_tui.ui.widgets.task_list import TaskList
from mojodex_tui.wire.events import ExecutionStarted
from tests.fakes import HOME_SESSION, NOW, FakeConnect, listed, offered
from tests.ui.desk import Desk
from tests.ui.session_fakes import SESSION, SessionMojodex, execution, said

RECAP = offered(1, "Meeting recap")


def backend() -> SessionMojodex:
    mojodex = SessionMojodex()
    mojodex.api.tasks = (RECAP,)
    mojodex.api.rows = (said(1, "mojo", "What shall we write?"),)
    return mojodex


def begun() -> ExecutionStarted:
    return ExecutionStarted(start_date=NOW, user_task_execution_pk=7, session_id=SESSION)


async def _talk(desk: Desk) -> None:
    """Open the home chat by its key in the catalog."""
    app = desk.pilot.app
    assert isinstance(app, MojodexApp)
    await desk.settle()
    app.screen.query_one(TaskList).focus()
    await desk.pilot.press("h")
    await desk.worker("chat")
    await desk.settle()


async def test_h_opens_a_chat_without_a_task_and_what_is_said_goes_there() -> None:
    mojodex = backend()
    app = MojodexApp(FakeConnect({None: mojodex}))
    async with app.run_test(size=(120, 40)) as pilot:
        desk = Desk(pilot, mojodex)
        await _talk(desk)
        assert desk.screen.query_one(SessionTitle).title == HOME
        assert desk.chat == [("mojo", "What shall we write?")]
        await pilot.press(*"recap", "enter")
        await desk.settle()
        (item,) = mojodex.outbox.items
        assert (item.session_id, item.execution_pk) == (HOME_SESSION, NO_EXECUTION)
        assert mojodex.api.asked("execution") == []


async def test_the_task_that_begins_is_named_and_what_is_typed_stays() -> None:
    mojodex = backend()
    app = MojodexApp(FakeConnect({None: mojodex}))
    async with app.run_test(size=(120, 40)) as pilot:
        desk = Desk(pilot, mojodex)
        await _talk(desk)
        before = desk.screen
        await pilot.press(*"half")
        mojodex.api.told = execution(title="Kickoff")
        mojodex.live.say(begun())
        async with asyncio.timeout(60):
            while app.screen is before:
                await pilot.pause()
        await desk.settle()
        await desk.worker("open")
        await desk.settle()
        assert desk.screen.query_one(SessionTitle).title == "Meeting recap: Kickoff"
        assert desk.screen.query_one(MessageBox).text == "half"
        assert len(app.screen_stack) == 2
        mojodex.live.say(begun())
        same = desk.screen
        await desk.settle()
        assert desk.screen is same


async def test_a_task_that_runs_in_it_is_gone_on_with() -> None:
    mojodex = backend()
    in_home = listed(7, "Kickoff").model_copy(update={"session_id": HOME_SESSION})
    mojodex.api.runs = (listed(9, "Other"), in_home)
    mojodex.api.told = execution(title="Kickoff")
    app = MojodexApp(FakeConnect({None: mojodex}))
    async with app.run_test(size=(120, 40)) as pilot:
        desk = Desk(pilot, mojodex)
        await _talk(desk)
        await desk.worker("open")
        await desk.settle()
        assert desk.screen.query_one(SessionTitle).title == "Meeting recap: Kickoff"
        assert desk.screen.query(SessionDraft)


async def test_without_a_home_chat_the_catalog_says_why() -> None:
    mojodex = backend()
    mojodex.api.failures["home_chat"] = [Unreachable("mojodex.example")]
    app = MojodexApp(FakeConnect({None: mojodex}))
    async with app.run_test(size=(120, 40)) as pilot:
        await _talk(Desk(pilot, mojodex))
        screen = app.screen
        assert isinstance(screen, Framed)
        assert not isinstance(screen, SessionScreen)
        assert screen.failure is not None


async def test_a_task_that_begins_behind_another_screen_waits_for_it() -> None:
    mojodex = backend()
    app = MojodexApp(FakeConnect({None: mojodex}))
    async with app.run_test(size=(120, 40)) as pilot:
        desk = Desk(pilot, mojodex)
        await _talk(desk)
        before = desk.screen
        await pilot.press("f1")
        await desk.settle()
        front = app.screen
        mojodex.api.told = execution(title="Kickoff")
        mojodex.live.say(begun())
        await desk.settle()
        assert app.screen is front
        await pilot.press("escape")
        async with asyncio.timeout(60):
            while app.screen in (front, before):
                await pilot.pause()
        await desk.settle()
        await desk.worker("open")
        await desk.settle()
        assert desk.screen.query_one(SessionTitle).title == "Meeting recap: Kickoff"
        assert len(app.screen_stack) == 2
