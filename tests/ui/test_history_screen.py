from mojodex_tui.client.errors import Unreachable
from mojodex_tui.ui.screens.catalog import CatalogScreen
from mojodex_tui.ui.screens.session import SessionScreen
from tests.fakes import listed
from tests.ui.shell import RUNS, filled, program, running, settled, words
from tests.workflow_fakes import waiting


async def test_runs_are_filtered_and_opened() -> None:
    app = program(filled())
    async with running(app) as pilot:
        await pilot.press("ctrl+o")
        await settled(pilot)
        await pilot.press("slash", *"acme")
        await settled(pilot)
        assert "1 of 3 runs" in words(app)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, SessionScreen)


async def test_a_run_is_deleted_only_after_a_yes() -> None:
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        await pilot.press("ctrl+o")
        await settled(pilot)
        await pilot.press("x")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert mojodex.api.asked("delete_execution") == []
        await pilot.press("x")
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        assert mojodex.api.asked("delete_execution") == [1]
        assert "Steering" not in words(app)


async def test_every_page_is_fetched() -> None:
    mojodex = filled()
    mojodex.api.runs = tuple(listed(pk, f"Run {pk}") for pk in range(1, 121))
    app = program(mojodex)
    async with running(app) as pilot:
        await pilot.press("ctrl+o")
        await settled(pilot)
        assert "120 runs" in words(app)


async def test_the_cached_runs_are_there_when_the_backend_is_not() -> None:
    mojodex = filled()
    mojodex.cache.runs = RUNS
    app = program(mojodex)
    async with running(app) as pilot:
        mojodex.api.failures["executions"] = [Unreachable("http://there")]
        await pilot.press("ctrl+o")
        await settled(pilot)
        assert "Call with ACME" in words(app)
        assert "as last seen" in words(app)
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, CatalogScreen)


async def test_one_run_is_one() -> None:
    mojodex = filled()
    mojodex.api.runs = RUNS[:1]
    app = program(mojodex)
    async with running(app) as pilot:
        await pilot.press("ctrl+o")
        await settled(pilot)
        assert "1 run" in words(app)
        assert "1 runs" not in words(app)


async def test_a_run_that_waits_for_a_decision_says_so() -> None:
    mojodex = filled()
    mojodex.workflows.waiting = (waiting(1, title="Steering committee, budget"),)
    app = program(mojodex)
    async with running(app) as pilot:
        await pilot.press("ctrl+o")
        await settled(pilot)
        lines = words(app).split("\n")
        waits = [line for line in lines if "waiting for you" in line]
        assert len(waits) == 1
        assert "Steering committee" in waits[0]
        mojodex.workflows.waiting = ()
        app.look_for_waiting()
        await settled(pilot)
        assert "waiting for you" not in words(app)
