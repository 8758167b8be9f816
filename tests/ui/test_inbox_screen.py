"""The decision inbox: all that waits, decided on in place."""

from unittest.mock import patch

import pytest
from textual import events

from mojodex_tui.client.errors import Unreachable
from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.ui.screens.inbox_list import WaitingList
from mojodex_tui.ui.screens.workflow import WorkflowScreen
from mojodex_tui.wire.events import StepEnded, WorkflowProducedText
from mojodex_tui.wire.workflow_extensions import RunState, WaitingKind
from tests.fakes import offline
from tests.ui.inbox_desk import inbox, mojodex_with, steered
from tests.ui.shell import filled, program, running, settled, words
from tests.workflow_fakes import step_execution, waiting

RAIN, SNOW, WIND = waiting(7), waiting(8), waiting(9)


async def test_what_waits_is_counted_in_the_header_wherever_one_is() -> None:
    mojodex = filled()
    mojodex.workflows.waiting = (RAIN, SNOW)
    app = program(mojodex)
    async with running(app) as pilot:
        assert "! 2 waiting" in words(app)
        mojodex.workflows.waiting = ()
        app.look_for_waiting()
        await settled(pilot)
        assert "waiting" not in words(app)


async def test_the_inbox_is_a_key_away_and_esc_comes_back() -> None:
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        before = app.screen
        await pilot.press("down", "exclamation_mark")
        await settled(pilot)
        assert "Nothing waits for you." in words(app)
        await pilot.press("escape")
        await settled(pilot)
        assert app.screen is before


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_v_validates_in_place_after_its_hold_and_goes_on_to_the_next(
    size: tuple[int, int],
) -> None:
    async with inbox([RAIN, SNOW], size) as desk:
        await desk.press("enter", "v")
        assert "u hold it back" in desk.words
        await desk.wait(2.9)
        assert desk.decided == []
        await desk.wait(0.2)
        assert desk.decided == [("validate", 70)]
        await desk.settle()
        assert "“Snow in the" in desk.words
        await desk.press("v", "v")
        assert desk.decided == [("validate", 70), ("validate", 80)]


async def test_u_holds_back_and_nothing_is_left() -> None:
    async with inbox([RAIN, SNOW]) as desk:
        await desk.press("enter", "v", "u")
        await desk.wait(10)
        assert desk.decided == []
        assert "“Rain over" in desk.words


async def test_no_key_decides_in_the_list_or_before_the_result_could_be_read() -> None:
    async with inbox([RAIN, SNOW]) as desk:
        await desk.press("v", "x", "r")
        await desk.press("enter")
        desk.clock.now += 0.1
        await desk.pilot.press("tab", "tab", "v")
        await desk.wait(10)
        assert desk.decided == []


async def test_what_comes_next_is_not_decided_on_by_the_same_key() -> None:
    async with inbox([RAIN, SNOW]) as desk:
        await desk.press("enter", "v", "v")
        for _ in range(20):
            desk.clock.now += 0.03
            await desk.pilot.press("v")
        await desk.wait(10)
        assert desk.decided == [("validate", 70)]


async def test_x_stops_a_run_and_what_the_server_tells_then_is_shown() -> None:
    async with inbox([RAIN, SNOW]) as desk:
        desk.mojodex.workflows.waiting = (SNOW,)
        await desk.press("enter", "x")
        assert desk.decided == [("stop", 7)]
        await desk.settle()
        assert "Rain over Lyon" not in desk.words
        assert "“Snow in the" in desk.words


async def test_an_instruction_is_written_and_sent_in_place() -> None:
    async with inbox([RAIN, SNOW], (80, 24)) as desk:
        await desk.press("enter", "i")
        await desk.write("vvx more rain")
        await desk.press("enter")
        assert desk.decided == [("reject", 70)]
        assert desk.mojodex.outbox.messages == [(7, "vvx more rain")]
        assert "“Snow in the" in desk.words


async def test_a_result_is_edited_in_place_and_still_waits() -> None:
    async with inbox([RAIN, SNOW]) as desk:
        await desk.press("enter", "e", "minus")
        assert "1 item: “Stanza” will run once" in desk.words
        await desk.press("ctrl+s")
        assert desk.decided == [("edit", (70, [{"stanza_topic": "after the storm"}]))]
        assert "“Rain over" in desk.words
        await desk.press("v", "v")
        assert desk.decided[-1] == ("validate", 70)


async def test_a_failure_is_tried_again_in_place() -> None:
    failed = waiting(7, WaitingKind.FAILURE)
    async with inbox([failed, SNOW]) as desk:
        assert "failed: try again" in desk.words
        await desk.press("enter", "r")
        assert desk.decided == [("relaunch", 70)]


async def test_what_is_on_its_way_says_so_and_is_passed_over() -> None:
    async with inbox([RAIN, SNOW, WIND]) as desk:
        await desk.press("enter", "v", "v")
        assert "decided, on its way" in desk.words
        await desk.press("v", "v")
        assert desk.decided == [("validate", 70), ("validate", 80)]
        assert "“Wind from the sea”" in desk.words
        desk.mojodex.workflows.waiting = (WIND,)
        desk.mojodex.outbox.deliver(0)
        desk.mojodex.outbox.deliver(0)
        await desk.settle()
        assert "on its way" not in desk.words
        assert "Snow" not in desk.words


async def test_a_refused_decision_is_told_and_waits_again() -> None:
    async with inbox([RAIN, SNOW]) as desk:
        await desk.press("enter", "v", "v")
        desk.mojodex.outbox.refuse(0, "The plan is used up.")
        await desk.settle()
        assert "The plan is used up." in desk.words
        assert "on its way" not in desk.words


async def test_the_cursor_brings_the_result_of_its_run() -> None:
    async with inbox([RAIN, SNOW]) as desk:
        await desk.press("j")
        assert "“Snow in the" in desk.words
        await desk.press("k")
        assert "“Rain over" in desk.words


async def test_going_to_another_run_sends_what_was_held_back() -> None:
    async with inbox([RAIN, SNOW]) as desk:
        await desk.press("enter", "v", "tab", "down")
        assert desk.decided == [("validate", 70)]


async def test_leaving_sends_what_was_held_back() -> None:
    async with inbox([RAIN]) as desk:
        mojodex = desk.mojodex
        await desk.press("enter", "v", "escape", "escape")
        assert mojodex.workflows.decided == [("validate", 70)]


async def test_esc_goes_out_step_by_step_and_keeps_what_was_typed() -> None:
    mojodex = mojodex_with(RAIN)
    async with inbox(size=(80, 24), mojodex=mojodex) as desk:
        await desk.press("enter", "i")
        await desk.write("more")
        await desk.press("escape", "escape")
        assert isinstance(desk.screen.focused, WaitingList)
        await desk.press("enter", "i")
        assert desk.box.line.value == "more"


async def test_o_opens_the_whole_run_and_esc_comes_back() -> None:
    async with inbox([RAIN]) as desk:
        await desk.press("o")
        assert isinstance(desk.pilot.app.screen, WorkflowScreen)
        await desk.press("escape")
        assert desk.screen.inbox.pointed == 7


async def test_a_run_that_comes_to_wait_appears_at_once() -> None:
    async with inbox([RAIN]) as desk:
        desk.mojodex.workflows.waiting = ()
        await desk.press("enter", "v", "v")
        desk.mojodex.outbox.deliver(0)
        await desk.settle()
        assert "Nothing waits for you." in desk.words
        again = waiting(7, title="Rain again")
        desk.mojodex.workflows.waiting = (again,)
        ended = step_execution(71, 2, parameter={"stanza_topic": "first drops"})
        desk.mojodex.live.say(StepEnded.model_validate({**ended, "session_id": "session-7"}))
        await desk.settle()
        assert "Rain again" in desk.words
        assert "! 1 waiting" in desk.words


async def test_what_is_written_is_not_taken_away_by_news() -> None:
    async with inbox([RAIN, SNOW]) as desk:
        await desk.press("enter", "i")
        await desk.write("more ra")
        desk.mojodex.workflows.others[7] = steered(7, validated=True)
        desk.mojodex.workflows.others[7].run.__dict__["state"] = RunState.RUNNING
        await desk.waits(SNOW)
        await desk.write("in")
        assert desk.box.line.value == "more rain"
        assert "“Rain over" in desk.words


async def test_what_cannot_be_fetched_is_told_and_f5_tries_again() -> None:
    mojodex = mojodex_with(RAIN)
    cause = Unreachable("http://127.0.0.1:9")
    mojodex.workflows.failures["inbox"] = [cause, cause]
    async with inbox(mojodex=mojodex) as desk:
        assert "What waits could not be fetched." in desk.words
        await desk.press("f5")
        assert "Rain over Lyon" in desk.words
        assert "could not be fetched" not in desk.words


async def test_what_waits_is_fetched_as_soon_as_the_server_is_back() -> None:
    async with inbox([RAIN]) as desk:
        connection = desk.mojodex.live.connection
        online = connection.value
        connection.set(offline(online, Unreachable("http://127.0.0.1:9")))
        await desk.settle()
        desk.mojodex.workflows.waiting = (RAIN, WIND)
        connection.set(online)
        await desk.settle()
        assert "Wind from the sea" in desk.words


async def test_the_bell_rings_for_what_comes_to_wait_while_one_looks_elsewhere() -> None:
    async with inbox() as desk:
        app = desk.pilot.app
        with patch.object(app, "bell") as bell:
            await desk.waits(RAIN)
            assert bell.call_count == 0
            app.post_message(events.AppBlur())
            await desk.waits(RAIN)
            assert bell.call_count == 0
            # As many wait as before, but another one.
            await desk.waits(SNOW)
            assert bell.call_count == 1
            await desk.waits()
            assert bell.call_count == 1
            desk.mojodex.live.say(
                WorkflowProducedText(
                    session_id="session-8",
                    user_task_execution_pk=8,
                    produced_text="It snows.",
                    produced_text_title="Snow",
                    produced_text_pk=3,
                    produced_text_version_pk=31,
                )
            )
            await desk.settle()
            assert bell.call_count == 2


async def test_the_title_of_the_terminal_counts_what_waits() -> None:
    async with inbox() as desk:
        app = desk.pilot.app
        assert isinstance(app, MojodexApp)
        with patch("mojodex_tui.ui.app.set_terminal_title") as told:
            await desk.waits(RAIN, SNOW)
            await desk.waits()
        assert [call.args[1] for call in told.call_args_list] == ["(2) Mojodex", "Mojodex"]
