"""A run of a workflow with files, begun again or copied: they need not be named again."""

import pytest

from mojodex_tui.client.errors import Unreachable
from mojodex_tui.ui.screens.form import FormScreen
from mojodex_tui.ui.screens.workflow import WorkflowScreen
from mojodex_tui.wire.executions import FilledInput, InputValue
from tests.ui.workflow_desk import WorkflowDesk, WorkflowMojodex, opened, told_of
from tests.workflow_fakes import run, step_execution

GIVEN = (
    FilledInput(input_name="topic", type="text_area", value="rain"),
    FilledInput(input_name="picture", type="image", value="1.png"),
    FilledInput(input_name="pages", type="multiple_images", value=("2.png", "3.png")),
)


async def opened_form(desk: WorkflowDesk, key: str) -> None:
    await desk.press(key)
    for worker in [each for each in desk.pilot.app.workers if each.group == "duplicate"]:
        await worker.wait()
    for _ in range(6):
        await desk.pilot.pause()


def with_files(mojodex: WorkflowMojodex) -> None:
    told = told_of(run(step_execution(1)))
    assert told.execution is not None
    filled = told.execution.model_copy(update={"json_inputs_values": GIVEN})
    mojodex.workflows.told = told.__class__(told.run, told.session_id, True, filled)


@pytest.mark.parametrize(("key", "form_of"), [("R", 7), ("D", 8)])
async def test_files_are_kept_unless_others_are_named(key: str, form_of: int) -> None:
    mojodex = WorkflowMojodex()
    async with opened(run(step_execution(1)), mojodex=mojodex) as desk:
        with_files(mojodex)
        desk.screen.action_refresh_run()
        await desk.settle()
        await opened_form(desk, key)
        form = desk.pilot.app.screen
        assert isinstance(form, FormScreen)
        assert "1 file kept, or a path" in desk.words
        assert "2 files kept, or a path" in desk.words
        assert form.created is not None
        await desk.pilot.press("ctrl+s")
        await desk.settle()
        inputs = (InputValue(input_name="topic", input_value="rain"),)
        if key == "D":
            assert desk.decided == [("duplicate", 7)]
            assert mojodex.outbox.runs == [(form_of, inputs, ())]
        else:
            assert desk.decided == [("restart", inputs)]


async def test_a_copy_that_cannot_be_made_is_told() -> None:
    mojodex = WorkflowMojodex()
    async with opened(run(step_execution(1)), mojodex=mojodex) as desk:
        with_files(mojodex)
        desk.screen.action_refresh_run()
        await desk.settle()
        mojodex.workflows.failures["duplicate"] = [Unreachable("there")]
        await opened_form(desk, "D")
        assert isinstance(desk.pilot.app.screen, WorkflowScreen)
        assert "There is no new run." in desk.words
