"""What is said about a run that was stopped."""

from mojodex_tui.state.workflow import state_of
from mojodex_tui.state.workflow_words import choices, standing
from mojodex_tui.wire.workflow_extensions import RunState
from tests.workflow_fakes import run, step_execution


def test_a_run_stopped_within_a_step_can_be_instructed_or_have_it_run_again() -> None:
    state = state_of(run(step_execution(1, validated=False), state=RunState.STOPPED))
    assert state.current is not None
    assert choices(state, state.current) == [("i", "instruct, go on"), ("r", "run again")]
    assert standing(state) == "Stopped by you."


def test_a_run_stopped_between_steps_goes_on_with_the_next_one() -> None:
    accepted = step_execution(1, validated=True)
    state = state_of(run(accepted, state=RunState.STOPPED, paused=True))
    assert state.current is not None
    assert choices(state, state.current) == [
        ("r", "go on with the next step"),
        ("i", "instruct, run this one again"),
    ]
    assert standing(state) == "Stopped by you before the next step."


def test_a_run_stopped_before_its_first_step_says_so() -> None:
    state = state_of(run(state=RunState.STOPPED, paused=True))
    assert standing(state) == "Stopped by you before the next step."
