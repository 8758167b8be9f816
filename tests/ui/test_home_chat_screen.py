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
from mojodex_tui.wire.home_chat import NOT_THIS_TASK
from mojodex_tui.wire.messages import MessageRow
from tests.fakes import HOME_SESSION, NOW, FakeConnect, listed, offered
from tests.ui.desk import Desk
from tests.ui.session_fakes import RUN, SESSION, SessionMojodex, answer, execution, said

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


async def test_x_says_that_the_task_was_not_meant_until_it_has_given_way() -> None:
    mojodex = backend()
    in_home = listed(7, "Kickoff").model_copy(update={"session_id": HOME_SESSION})
    mojodex.api.runs = (in_home,)
    mojodex.api.told = execution(title="Kickoff", session_id=HOME_SESSION)
    mojodex.api.rows += (
        of_task(said(2, "user", "Recap")),
        of_task(said(3, "mojo", "Who was there?")),
    )
    app = MojodexApp(FakeConnect({None: mojodex}))
    async with app.run_test(size=(120, 40)) as pilot:
        desk = Desk(pilot, mojodex)
        await _talk(desk)
        await desk.worker("open")
        await desk.settle()
        await pilot.press("x")  # a letter of a message
        assert desk.screen.query_one(MessageBox).text == "x"
        await pilot.press("backspace", "tab", "x")
        await desk.settle()
        (item,) = mojodex.outbox.items
        assert (item.session_id, item.text) == (HOME_SESSION, NOT_THIS_TASK)
        mojodex.live.say(answer(4, "Which one then?"))
        await desk.settle()
        title = desk.screen.query_one(SessionTitle).title
        assert title == "Home chat, after Meeting recap: Kickoff"
        mojodex.outbox.items.clear()
        await pilot.press("x")
        await desk.settle()
        assert not mojodex.outbox.items


async def test_x_means_nothing_of_the_kind_in_a_session_of_its_own() -> None:
    mojodex = SessionMojodex()
    mojodex.api.rows = (said(1, "mojo", "Who was there?"),)
    app = MojodexApp(FakeConnect({None: mojodex}))
    async with app.run_test(size=(120, 40)) as pilot:
        desk = Desk(pilot, mojodex)
        await desk.settle()
        app.open_session(RUN)
        await desk.settle()
        await pilot.press("tab", "x")
        await desk.settle()
        assert not mojodex.outbox.items


def of_task(row: MessageRow) -> MessageRow:
    """Return a row that belongs to the task."""
    message = row.message.model_copy(update={"user_task_execution_pk": 7})
    return row.model_copy(update={"message": message})
