"""A run of a workflow as values: its timeline, its results as texts, the talk about them."""

import pytest

from mojodex_tui.client.port.workflows import SteeredRun
from mojodex_tui.state.review import Outcome, review_in
from mojodex_tui.state.step_result import NotReadable, items_of, texts_of
from mojodex_tui.state.workflow import apply, read_again, state_of
from mojodex_tui.wire.events import (
    DraftToken,
    ErrorReported,
    MojoToken,
    ServerEvent,
    StepEnded,
    StepInvalidated,
    StepStarted,
    parse_event,
)
from mojodex_tui.wire.messages import MessageRow
from mojodex_tui.wire.steps import Step
from mojodex_tui.wire.workflow_extensions import RunState, WorkflowRun
from tests.wire.replay_script import Uttered, script
from tests.workflow_fakes import run, step_execution


def marks(*executions: dict[str, object]) -> list[str]:
    return [f"{row.sign.mark} {row.label}" for row in state_of(run(*executions)).rows]


def test_what_is_known_to_come_stands_in_the_timeline() -> None:
    assert marks(step_execution(1)) == [">> Stanza topics", ".. Stanza"]
    done = step_execution(1, validated=True)
    assert marks(done) == ["ok Stanza topics", ".. Stanza 1/2", ".. Stanza 2/2"]
    assert marks(done, step_execution(2, 2, result=None)) == [
        "ok Stanza topics",
        "** Stanza 1/2",
        ".. Stanza 2/2",
    ]


def test_what_runs_again_is_another_try_of_the_same_row() -> None:
    done = step_execution(1, validated=True)
    rejected = step_execution(2, 2, validated=False)
    failed = step_execution(3, 2, result=None, error_status={"error": "Gone."})
    state = state_of(run(done, rejected, failed, step_execution(4, 2)))
    assert [len(row.tries) for row in state.rows] == [1, 3, 0]
    assert state.waiting == state.rows[1]


def test_a_restart_takes_back_what_followed_from_the_first_step() -> None:
    before = step_execution(1, validated=False)
    after = step_execution(3, parameter={"poem_topic": "snow"})
    assert marks(before, step_execution(2, 2, validated=False), after) == [
        ">> Stanza topics",
        ".. Stanza",
    ]


def test_events_change_the_run_and_a_late_one_changes_nothing() -> None:
    state = state_of(run(step_execution(1, validated=True)))
    started = step_execution(2, 2, result=None)
    state = apply(state, StepStarted.model_validate({**started, "session_id": "s"}))
    assert state.run.state is RunState.RUNNING
    ended = StepEnded.model_validate({**step_execution(2, 2), "session_id": "s"})
    state = apply(state, ended)
    assert state.run.state is RunState.WAITING
    assert apply(state, ended) == state
    assert apply(state, StepStarted.model_validate({**started, "session_id": "s"})) == state


def test_a_run_that_broke_between_its_steps_stays_broken_until_it_goes_on() -> None:
    said = "Error during workflow run: list index out of range"
    done = step_execution(1, validated=True)
    told = state_of(run(done, state=RunState.RUNNING, extras=False))
    broken = apply(told, ErrorReported(error=said, session_id="s"))
    assert broken.run.state is RunState.FAILED
    assert read_again(broken, told) == broken
    assert apply(told, ErrorReported(error="Error during assistant", session_id="s")) == told
    begun = step_execution(2, 2, result=None)
    again = state_of(run(done, begun, state=RunState.RUNNING, extras=False))
    assert read_again(broken, again) == again


@pytest.mark.parametrize(
    "item",
    [
        {"text": "one\ntwo"},
        {"number": 3, "ratio": 0.5},
        {"flag": True, "none": None, "list": [1, {"a": "b"}]},
        {"cover": "a.png", "types": {"cover": "image"}},
    ],
)
def test_a_result_that_is_not_changed_is_the_same_after_editing(item: dict[str, object]) -> None:
    items = [item]
    assert items_of(texts_of(items)) == items  # type: ignore[arg-type]  # it is JSON


def test_data_that_cannot_be_read_is_named() -> None:
    (texts,) = texts_of([{"tags": ["wet"]}])
    with pytest.raises(NotReadable, match="“tags” of item 1"):
        items_of([texts.with_texts(["[wet"])])


def said(pk: int, sender: str, text: str, raw: str | None = None) -> MessageRow:
    message = {"text": text, "text_with_tags": raw}
    return MessageRow.model_validate({"message_pk": pk, "sender": sender, "message": message})


def test_the_talk_about_a_result_is_read_from_the_last_messages() -> None:
    raw = "<no_go_explanation>Too late.</no_go_explanation>"
    asked = said(1, "user", "shorter")
    assert review_in(()) is None
    for rows, outcome in (
        ((asked,), Outcome.SENT),
        ((asked, said(2, "mojo", "How short?")), Outcome.UNCLEAR),
        ((asked, said(2, "mojo", "Too late.", raw)), Outcome.CANNOT),
    ):
        review = review_in(rows)
        assert review is not None
        assert (review.instruction, review.outcome) == ("shorter", outcome)


HEARD = {
    "07b_workflow_run": [("done", "ok ok ok", "112")],
    "07c_workflow_restart": [("waiting", "ok >> ..", "210")],
    "07d_workflow_llm_failure": [
        ("waiting", "ok ok >>", "212"),
        ("waiting", ">>", "1"),
        ("waiting", ">>", "2"),
    ],
    "07e_workflow_no_validation": [
        ("done", "ok ok ok ok", "1111"),
        ("done", "ok ok ok", "111"),
        ("done", "ok ok ok ok", "1121"),
    ],
    "07f_workflow_three_steps": [
        ("done", "ok ok ok ok ok ok", "111111"),
        ("failed", ">>", "1"),
        ("failed", "ok !!", "11"),
    ],
}
"""How the runs of each recording end: the state, the sign of each row, and its number of tries."""


@pytest.mark.parametrize("scenario", HEARD)
def test_what_an_original_server_said_gives_its_timeline(scenario: str) -> None:
    heard: dict[str, list[ServerEvent]] = {}
    for one in script(scenario).steps:
        if isinstance(one, Uttered) and one.session_id:
            event = parse_event(one.event, one.payload)
            heard.setdefault(one.session_id, []).append(event)
    ends = [_end_of(events) for events in heard.values()]
    assert [end for end in ends if end is not None] == HEARD[scenario]


def _end_of(events: list[ServerEvent]) -> tuple[str, str, str] | None:
    """Return how a run ended, from its events alone; `None` if they are of no run."""
    told = [one for one in events if isinstance(one, StepStarted | StepEnded | StepInvalidated)]
    steps = {
        one.workflow_step_pk: Step(
            workflow_step_pk=one.workflow_step_pk, step_name_for_user=one.step_name_for_user
        )
        for one in told
    }
    if not steps:
        return None
    run_so_far = WorkflowRun(
        user_task_execution_pk=1,
        state=RunState.NEW,
        steps=tuple(steps[pk] for pk in sorted(steps)),
    )
    state = state_of(SteeredRun(run_so_far, "session"))
    for event in events:
        if not isinstance(event, MojoToken | DraftToken):
            state = apply(state, event)
    signs = " ".join(row.sign.mark for row in state.rows)
    return state.run.state.value, signs, "".join(str(len(row.tries)) for row in state.rows)
