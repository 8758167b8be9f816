"""A run of a workflow: what its screen shows, and which keys decide when."""

import pytest
from textual import events
from textual.widgets import TextArea

from mojodex_tui.client.errors import Unreachable
from mojodex_tui.client.port.workflows import SteeredRun
from mojodex_tui.ui.screens.form import FormScreen
from mojodex_tui.ui.screens.session import SessionScreen
from mojodex_tui.ui.widgets.result_editor import FieldText
from mojodex_tui.ui.widgets.step_list import StepList
from mojodex_tui.wire.events import MojoMessage, StepInvalidated
from mojodex_tui.wire.heard import Resynchronise
from mojodex_tui.wire.workflow_extensions import RunState
from tests.ui.session_fakes import SESSION
from tests.ui.workflow_desk import WorkflowMojodex, opened, told_of
from tests.workflow_fakes import run, step_execution

TOPICS = [{"stanza_topic": "first drops"}, {"stanza_topic": "after the storm"}]


def waiting(**more: object) -> SteeredRun:
    """Return a run that waits for a decision on its first step."""
    return run(step_execution(1, 1, **more))


async def test_a_result_is_validated_after_its_hold() -> None:
    async with opened(waiting()) as desk:
        await desk.press("v")
        assert "u hold it back" in desk.words
        await desk.wait(2.9)
        assert desk.decided == []
        await desk.wait(0.2)
        assert desk.decided == [("validate", 1)]
        await desk.wait(10)
        assert desk.decided == [("validate", 1)]


async def test_a_second_v_sends_at_once_and_u_holds_back() -> None:
    async with opened(waiting()) as desk:
        await desk.press("v", "u")
        await desk.wait(10)
        assert desk.decided == []
        await desk.press("v", "v")
        assert desk.decided == [("validate", 1)]


async def test_no_key_decides_before_the_result_could_be_read() -> None:
    async with opened(waiting()) as desk:
        await desk.press("tab", "tab")
        desk.clock.now += 0.1
        await desk.pilot.press("v")
        await desk.wait(10)
        assert desk.decided == []


async def test_a_result_that_reads_as_the_one_before_is_another_one_all_the_same() -> None:
    first = step_execution(1, validated=True)
    async with opened(run(first, step_execution(2, 2))) as desk:
        desk.clock.now += 10
        await desk.told(run(first, step_execution(2, 2, validated=True), step_execution(3, 2)))
        desk.clock.now += 0.1
        await desk.pilot.press("v")
        await desk.wait(10)
        assert desk.decided == []


async def test_a_key_typed_ahead_of_the_focus_does_not_decide() -> None:
    async with opened(waiting()) as desk:
        desk.clock.now += 10
        app = desk.pilot.app
        for key in ("tab", "tab", "v"):
            app.post_message(events.Key(key, key if key == "v" else None))
        await desk.settle()
        await desk.wait(10)
        assert desk.decided == []


async def test_a_key_that_is_held_down_decides_nothing() -> None:
    async with opened(waiting()) as desk:
        for _ in range(40):
            desk.clock.now += 0.03
            await desk.pilot.press("v")
        await desk.wait(10)
        assert desk.decided == []


async def test_a_held_key_does_not_send_what_its_first_press_held_back() -> None:
    async with opened(waiting()) as desk:
        await desk.press("v")
        for _ in range(10):
            desk.clock.now += 0.03
            await desk.pilot.press("v")
        assert desk.decided == []


async def test_no_key_decides_in_the_list_of_steps_or_while_typing() -> None:
    async with opened(waiting()) as desk:
        await desk.press("tab")
        assert isinstance(desk.screen.focused, StepList)
        await desk.press("v", "x")
        await desk.wait(1)
        assert "Keys decide only in the result" in desk.words
        await desk.press("tab", "i")
        await desk.write("vvvvxr")
        await desk.wait(10)
        assert desk.decided == []
        assert desk.box.line.value == "vvvvxr"


async def test_an_instruction_is_sent_and_its_three_answers_are_states() -> None:
    async with opened(waiting()) as desk:
        await desk.press("i")
        await desk.write("more rain")
        await desk.press("enter")
        assert desk.decided == [("reject", 1)]
        assert desk.mojodex.outbox.messages == [(7, "more rain")]
        assert "The assistant reads it" in desk.words
        desk.mojodex.live.say(MojoMessage(text="How much rain?", session_id=SESSION, message_pk=9))
        await desk.settle()
        assert "needs a clearer instruction: How much rain?" in desk.words
        no_go = "<no_go_explanation>That was step 1.</no_go_explanation>"
        desk.mojodex.live.say(
            MojoMessage(
                text="That was step 1.", text_with_tags=no_go, session_id=SESSION, message_pk=10
            )
        )
        await desk.settle()
        assert "cannot be changed here: That was step 1." in desk.words
        again = step_execution(2, try_number=2, result=None, ended_date=None)
        rejected = step_execution(1, validated=False, learned_instruction="more rain")
        desk.mojodex.workflows.told = told_of(run(rejected, again, state=RunState.RUNNING))
        desk.mojodex.live.say(StepInvalidated.model_validate({**rejected, "session_id": SESSION}))
        await desk.settle()
        assert "try 2" in desk.words
        assert "more rain" in desk.words
        assert "cannot be changed" not in desk.words


async def test_a_typed_instruction_survives_esc_and_the_program() -> None:
    mojodex = WorkflowMojodex()
    async with opened(waiting(), mojodex=mojodex) as desk:
        await desk.press("i")
        await desk.write("more rain")
        await desk.press("escape")
        assert desk.decided == []
    async with opened(waiting(), mojodex=mojodex) as desk:
        await desk.press("i")
        assert desk.box.line.value == "more rain"


async def test_items_are_removed_and_moved_and_the_effect_is_told_before_saving() -> None:
    four = [{"stanza_topic": topic} for topic in ("one", "two", "three", "four")]
    async with opened(waiting(result=four)) as desk:
        await desk.press("e", "minus")
        assert "3 items: “Stanza” will run 3 times" in desk.words
        assert desk.decided == []
        await desk.press("J", "ctrl+s")
        kept = [{"stanza_topic": topic} for topic in ("three", "two", "four")]
        assert desk.decided == [("edit", (1, kept))]
        await desk.press("v", "v")
        assert desk.decided[-1] == ("validate", 1)


async def test_edited_values_keep_their_kinds() -> None:
    item = {"title": "Rain", "words": 12, "tags": ["wet"], "types": {"cover": "image"}}
    async with opened(waiting(result=[item])) as desk:
        await desk.press("e", "enter")
        title, words, tags = desk.screen.query(FieldText)
        title.text, words.text, tags.text = "Snow", "twelve", '["cold"]'
        await desk.settle()
        await desk.press("ctrl+s")
        assert desk.decided == []
        assert "has to be a number" in desk.words
        words.text = "13"
        await desk.settle()
        await desk.press("ctrl+s")
        saved = {"title": "Snow", "words": 13, "tags": ["cold"], "types": {"cover": "image"}}
        assert desk.decided == [("edit", (1, [saved]))]


async def test_an_edit_in_progress_survives_esc_and_the_program() -> None:
    mojodex = WorkflowMojodex()
    async with opened(waiting(), mojodex=mojodex) as desk:
        await desk.press("e", "minus", "enter")
        desk.screen.query(FieldText).first().text = "thunder"
        await desk.settle()
        await desk.press("escape", "escape")
    async with opened(waiting(), mojodex=mojodex) as desk:
        await desk.press("e")
        assert [area.text for area in desk.screen.query(TextArea)] == ["thunder"]


async def test_x_stops_the_run_and_i_takes_it_up_again() -> None:
    async with opened(waiting()) as desk:
        await desk.press("x")
        assert desk.decided == [("stop", 7)]
        await desk.told(run(step_execution(1, validated=False), state=RunState.STOPPED))
        assert "Stopped by you" in desk.words
        await desk.press("i")
        await desk.write("go on")
        await desk.press("enter")
        assert desk.mojodex.outbox.messages == [(7, "go on")]


async def test_a_failed_step_says_why_and_r_runs_it_again() -> None:
    failed = waiting(result=None, error_status={"error": "The model is gone."})
    failed.run.__dict__["state"] = RunState.FAILED
    async with opened(failed) as desk:
        assert "The model is gone." in desk.words
        await desk.press("v", "r")
        assert desk.decided == [("relaunch", 1)]


async def test_what_a_try_changed_is_shown_and_put_away() -> None:
    old = step_execution(1, validated=False, learned_instruction="add thunder")
    new = step_execution(2, try_number=2, result=[*TOPICS, {"stanza_topic": "thunder"}])
    async with opened(run(old, new)) as desk:
        await desk.press("d")
        assert "+ thunder" in desk.words
        await desk.press("v")
        await desk.wait(1)
        assert "d goes back to the result" in desk.words
        await desk.wait(10)
        assert desk.decided == []
        await desk.press("d")
        assert "+ thunder" not in desk.words


async def test_a_shows_how_much_it_takes_and_a_decision_stops_it() -> None:
    first = step_execution(1, validated=True)
    async with opened(run(first, step_execution(2, 2))) as desk:
        assert "A auto-validate 2 left" in desk.words
        await desk.press("A")
        assert desk.decided == [("auto_validate", True)]
        await desk.told(run(first, step_execution(2, 2), auto_step_pk=2))
        await desk.press("v")
        assert desk.decided[-1] == ("auto_validate", False)


async def test_results_are_taken_here_where_the_server_always_asks() -> None:
    first = step_execution(1, validated=True)
    async with opened(run(first, step_execution(2, 2), extras=False)) as desk:
        await desk.press("A")
        assert desk.decided == [("validate", 2)]
        second = step_execution(2, 2, validated=True)
        await desk.told(run(first, second, step_execution(3, 2, result=[]), extras=False))
        assert desk.decided == [("validate", 2)]


async def test_p_pauses_and_goes_on() -> None:
    async with opened(waiting()) as desk:
        await desk.press("P")
        assert desk.decided == [("pause", True)]
        assert "Paused before the next step." in desk.words


@pytest.mark.parametrize("key", ["R", "D"])
async def test_the_form_opens_with_the_inputs(key: str) -> None:
    async with opened(waiting()) as desk:
        await desk.press(key)
        for _ in range(6):
            await desk.pilot.pause()
        form = desk.pilot.app.screen
        assert isinstance(form, FormScreen)


async def test_the_end_shows_the_text_and_enter_opens_it_as_a_draft() -> None:
    done = run(step_execution(1, validated=True), state=RunState.DONE)
    text = {
        "produced_text_pk": 3,
        "produced_text_title": "Rain",
        "produced_text_production": "It rains.",
        "produced_text_version_pk": 31,
        "produced_text_version_index": 1,
    }
    async with opened(told_of(done, **text)) as desk:
        assert "It rains." in desk.words
        await desk.press("enter")
        assert isinstance(desk.pilot.app.screen, SessionScreen)


async def test_what_cannot_be_read_is_told_and_decisions_are_kept_all_the_same() -> None:
    async with opened(waiting()) as desk:
        desk.mojodex.workflows.failures["read"] = [Unreachable("http://127.0.0.1:9")]
        desk.mojodex.live.say(Resynchronise(SESSION))
        await desk.settle()
        assert "decisions are kept" in desk.words
        await desk.press("v", "v")
        assert desk.decided == [("validate", 1)]


async def test_a_run_that_goes_silent_is_read_again() -> None:
    running = run(step_execution(1, result=None, ended_date=None), state=RunState.RUNNING)
    async with opened(running) as desk:
        reads = desk.mojodex.workflows.reads
        await desk.wait(19)
        assert desk.mojodex.workflows.reads == reads
        await desk.wait(2)
        assert desk.mojodex.workflows.reads == reads + 1


async def test_leaving_sends_what_was_held_back() -> None:
    async with opened(waiting()) as desk:
        mojodex = desk.mojodex
        await desk.press("v", "escape")
        assert mojodex.workflows.decided == [("validate", 1)]
