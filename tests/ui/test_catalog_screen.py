import asyncio

from mojodex_tui.client.errors import PlanUsedUp, SignInNeeded, Unreachable
from mojodex_tui.state.catalog import CatalogState, entry_of
from mojodex_tui.state.glance import seen_at_a_glance
from mojodex_tui.ui.screens.catalog import SearchBox
from mojodex_tui.ui.screens.form import FormScreen
from mojodex_tui.ui.screens.history import HistoryScreen
from mojodex_tui.ui.screens.reading import Reading
from mojodex_tui.ui.screens.session import SessionScreen
from mojodex_tui.ui.screens.sign_in import SignInScreen
from mojodex_tui.ui.widgets.form_field import FieldBox
from mojodex_tui.ui.widgets.task_list import TaskList
from mojodex_tui.wire.extensions import CatalogProblem
from tests.ui.shell import (
    INFO,
    SERVER,
    TASKS,
    filled,
    program,
    running,
    settled,
    signed_out,
    words,
)


async def test_typing_filters_at_once_and_enter_opens_the_first() -> None:
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        assert isinstance(app.focused, SearchBox)
        await pilot.press(*"pitch")
        await settled(pilot)
        assert "1 of 5 tasks" in words(app)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, FormScreen)
        assert mojodex.api.asked("create_execution") == [103]


async def test_esc_clears_the_search() -> None:
    app = program(filled())
    async with running(app) as pilot:
        await pilot.press(*"zzz")
        await settled(pilot)
        assert "No task answers" in words(app)
        await pilot.press("escape")
        await settled(pilot)
        assert "Meeting recap" in words(app)


async def test_letters_act_in_the_list_and_others_go_on_in_the_search() -> None:
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        await pilot.press("down", "j", "p")
        await settled(pilot)
        assert mojodex.pins.pins == (1, 3)
        await pilot.press("a", "r")
        await settled(pilot)
        assert isinstance(app.focused, SearchBox)
        assert app.catalog_screen.catalog.query == "ar"


async def test_up_from_the_first_task_goes_back_to_the_search() -> None:
    app = program(filled())
    async with running(app) as pilot:
        await pilot.press("down")
        assert isinstance(app.focused, TaskList)
        await pilot.press("up")
        await settled(pilot)
        assert isinstance(app.focused, SearchBox)


async def test_c_starts_by_chat() -> None:
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        await pilot.press("down", "c")
        await settled(pilot)
        assert mojodex.api.asked("create_execution") == [101]
        assert isinstance(app.screen, SessionScreen)


async def test_i_tells_all_about_a_task() -> None:
    app = program(filled())
    async with running(app) as pilot:
        await pilot.press("down", "i")
        await settled(pilot)
        assert isinstance(app.screen, Reading)
        assert "YOUR LAST RUNS" in words(app)


async def test_a_task_outside_the_plan_is_not_started() -> None:
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        await pilot.press(*"contract", "enter")
        await settled(pilot)
        assert mojodex.api.asked("create_execution") == []
        assert "not in your plan" in words(app)


async def test_the_cached_list_is_there_when_the_backend_is_not() -> None:
    mojodex = filled()
    mojodex.cache.tasks = TASKS[:2]
    mojodex.api.failures["catalog"] = [Unreachable("http://there", "errno 111")]
    app = program(mojodex)
    async with running(app) as pilot:
        shown = words(app)
        assert "Follow-up e-mail" in shown
        assert "as last seen. http://there cannot be reached" in shown
        await pilot.press("f4")
        await settled(pilot)
        assert "errno 111" in words(app)


async def test_broken_task_files_are_told_and_can_be_read() -> None:
    mojodex = filled()
    problems = tuple(
        CatalogProblem(file="mine.yaml", key=key, reason="is missing") for key in ("icon", "name")
    )
    mojodex.api.info = INFO.model_copy(update={"catalog_problems": problems})
    app = program(mojodex)
    async with running(app) as pilot:
        assert "1 task file cannot be used: mine.yaml" in words(app)
        await pilot.press("f3")
        await settled(pilot)
        assert "icon: is missing" in words(app)


async def test_an_expired_local_account_is_a_sentence() -> None:
    mojodex = filled()
    mojodex.api.failures["catalog"] = [SignInNeeded()]
    app = program(mojodex)
    async with running(app):
        assert "You are signed out" in words(app)


async def test_a_task_that_no_plan_gives_is_a_sentence_and_the_way_back_is_open() -> None:
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        mojodex.api.failures["create_execution"] = [PlanUsedUp()]
        await pilot.press("enter")
        await settled(pilot)
        assert "Your plan does not include this task" in words(app)
        await pilot.press("escape")
        await settled(pilot)
        assert "Your plan" not in words(app)
        assert app.screen.query(TaskList)


async def test_an_empty_catalog_says_what_to_do() -> None:
    mojodex = filled()
    mojodex.api.tasks = ()
    app = program(mojodex)
    async with running(app):
        assert "No task is given to you" in words(app)


async def test_tasks_as_last_seen_can_be_used_before_anything_is_open() -> None:
    mojodex, may_open = filled(), asyncio.Event()
    seen = CatalogState(tuple(map(entry_of, TASKS)), pins=(1,), is_loading=False)
    app = program(mojodex, seen=seen, may_open=may_open)
    async with running(app) as pilot:
        assert "Article by sections" in words(app)
        await pilot.press("f5", *"recap", "enter", *"Ana said yes")
        await settled(pilot)
        assert mojodex.api.asked("create_execution") == []
        may_open.set()
        await settled(pilot)
        assert mojodex.api.asked("create_execution") == [101]
        assert isinstance(app.screen, FormScreen)
        assert app.screen.query(FieldBox).first().answer == "Ana said yes"


async def test_the_next_start_sees_tasks_and_pins_as_they_are() -> None:
    mojodex = filled()
    async with running(program(mojodex)) as pilot:
        await pilot.press("down", "j", "p")
        await settled(pilot)
    seen = seen_at_a_glance(mojodex.cache.glance)
    assert [task.name for task in seen.tasks] == [each.task.task_name for each in TASKS]
    assert seen.pins == (1, 3)


async def test_who_does_not_sign_in_is_told_so_and_can_do_it_later() -> None:
    mojodex = signed_out()
    mojodex.api.failures["catalog"] = [SignInNeeded()]
    app = program(mojodex, server=SERVER)
    async with running(app) as pilot:
        assert isinstance(app.screen, SignInScreen)
        await pilot.press("escape")
        await settled(pilot)
        assert "Fetching" not in words(app)
        assert "You are signed out" in words(app)
        await pilot.press("f5")
        await settled(pilot)
        assert isinstance(app.screen, SignInScreen)


async def test_a_place_asked_for_before_anything_is_open_is_shown_then() -> None:
    may_open = asyncio.Event()
    app = program(filled(), may_open=may_open)
    async with running(app) as pilot:
        await pilot.press("ctrl+o")
        await settled(pilot)
        may_open.set()
        await settled(pilot)
        assert isinstance(app.screen, HistoryScreen)
