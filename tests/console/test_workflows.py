"""Runs of workflows at the prompt."""

import pytest

from mojodex_tui.console.talk import Ended
from mojodex_tui.console.workflows import Steering
from mojodex_tui.wire.workflow_extensions import RunState
from tests.console.talking import Dialogue
from tests.ui.workflow_desk import RUN, WorkflowMojodex, told_of
from tests.workflow_fakes import run, step_execution


@pytest.mark.parametrize("state", [RunState.PAUSED, RunState.STOPPED])
async def test_between_two_steps_a_run_goes_on_when_it_is_told_to(state: RunState) -> None:
    mojodex = WorkflowMojodex()
    accepted = step_execution(1, validated=True)
    mojodex.workflows.told = told_of(run(accepted, state=state, paused=True))
    talk = Dialogue(["n"])
    await Steering(talk, mojodex, RUN).follow()
    assert f"It is {state.value}. Go on (Y/n)? n" in talk.text
    assert mojodex.workflows.decided == []
    with pytest.raises(Ended):
        await Steering(Dialogue(["y"]), mojodex, RUN).follow()
    assert mojodex.workflows.decided == [("pause", False)]
