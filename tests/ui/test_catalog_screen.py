from mojodex_tui.client.errors import SignInNeeded, Unreachable
from mojodex_tui.ui.screens.catalog import SearchBox
from mojodex_tui.ui.screens.form import FormScreen
from mojodex_tui.ui.screens.reading import Reading
from mojodex_tui.ui.screens.session import SessionScreen
from mojodex_tui.ui.widgets.task_list import TaskList
from mojodex_tui.wire.extensions import CatalogProblem
from tests.ui.shell import INFO, TASKS, filled, program, running, settled, words


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


async def test_an_empty_catalog_says_what_to_do() -> None:
    mojodex = filled()
    mojodex.api.tasks = ()
    app = program(mojodex)
    async with running(app):
        assert "No task is given to you" in words(app)
