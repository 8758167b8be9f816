"""A run on an original server, which can do less (wire protocol §18.1)."""

import pytest

from mojodex_tui.client.port.workflows import SteeredRun
from mojodex_tui.wire.workflow_extensions import RunState
from tests.ui.workflow_desk import opened
from tests.workflow_fakes import run, step_execution

FIRST_DONE = step_execution(1, validated=True)


@pytest.mark.parametrize(
    ("told", "can_restart"),
    [
        (run(step_execution(1), extras=False), True),
        (run(step_execution(1, result=None), state=RunState.RUNNING, extras=False), False),
        (run(FIRST_DONE, step_execution(2, 2), extras=False), False),
        (run(FIRST_DONE, step_execution(2, 2), extras=True), True),
    ],
)
async def test_a_run_is_restarted_only_where_it_waits_at_its_first_step(
    told: SteeredRun, can_restart: bool
) -> None:
    async with opened(told) as desk:
        assert ("R restart" in desk.words) is can_restart


async def test_a_decision_is_made_once_however_often_its_key_is_pressed() -> None:
    async with opened(run(step_execution(1), extras=False)) as desk:
        await desk.press("v", "v", "v", "v")
        assert [what for what, _ in desk.decided] == ["validate"]
