"""The panes of a session: the room each has, and what is told of the one that does not show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.ui.screens.form import FormScreen
from mojodex_tui.ui.screens.run_inputs import RunInputs
from mojodex_tui.ui.screens.session_talk import SessionTalk
from mojodex_tui.ui.widgets.conversation import Conversation
from mojodex_tui.ui.widgets.draft_offers import DraftOffers
from mojodex_tui.wire.executions import InputSpec
from mojodex_tui.wire.heard import Channel
from tests.fakes import FakeConnect
from tests.ui.desk import NARROW, WIDE, Desk, finished, opened
from tests.ui.session_fakes import (
    RUN,
    SessionMojodex,
    answer,
    body,
    drafted,
    execution,
    more,
    said,
    title,
)
from tests.ui.shell import words

GIVEN = [
    {
        "input_name": "notes",
        "description_for_user": "What was said?",
        "type": "text_area",
        "value": "Ana met Luc.",
    }
]
ACTIONS = {
    "actions": [
        {"task_pk": 5, "button_text": "Follow-up e-mail"},
        {"task_pk": 6, "button_text": "One-minute pitch"},
    ],
    "text_edit_actions": [
        {"text_edit_action_pk": 1, "name": "Shorter", "description": "Cut it down"},
        {"text_edit_action_pk": 2, "name": "More formal", "description": "Sound more formal"},
    ],
}


def shown(desk: Desk) -> tuple[bool, bool]:
    """Return whether the chat shows, and whether the draft does."""
    return desk.screen.query_one(SessionTalk).display, desk.side.display


def screen_words(desk: Desk) -> str:
    app = desk.pilot.app
    assert isinstance(app, MojodexApp)
    return words(app)


async def press(desk: Desk, *keys: str) -> None:
    await desk.pilot.press(*keys)
    await desk.settle()


async def test_z_gives_the_draft_all_the_room_and_takes_it_back() -> None:
    async with opened(finished()) as desk:
        await press(desk, "escape")
        assert desk.screen.focused is desk.draft.view
        assert shown(desk) == (True, True)
        narrow = desk.draft.size.width
        await press(desk, "z")
        assert shown(desk) == (False, True)
        assert desk.draft.size.width > narrow
        assert desk.screen.focused is desk.draft.view
        assert "[Draft v1]" in screen_words(desk)
        await press(desk, "tab", "tab")
        assert desk.screen.query_one(Conversation).has_focus
        assert shown(desk) == (True, False)
        await press(desk, "z")
        assert shown(desk) == (True, True)
        assert "[Draft v1]" not in screen_words(desk)


async def test_the_line_between_the_panes_moves_as_far_as_it_may() -> None:
    async with opened(finished()) as desk:
        talk = desk.screen.query_one(SessionTalk)
        usual = talk.size.width
        await press(desk, "escape", "less_than_sign")
        assert talk.size.width < usual
        await press(desk, *["greater_than_sign"] * 9)
        widest = talk.size.width
        assert usual < widest < desk.screen.size.width * 0.7
        await press(desk, "less_than_sign", "less_than_sign")
        assert talk.size.width == usual


async def test_where_there_is_room_for_one_pane_no_key_changes_it() -> None:
    async with opened(finished(), NARROW) as desk:
        await press(desk, "escape", "z", "less_than_sign")
        assert shown(desk) == (False, True)
        actions = {one.binding.action for one in desk.screen.active_bindings.values()}
        assert "zoom" not in actions


async def test_an_answer_behind_the_draft_is_told_over_it() -> None:
    async with opened(finished(), NARROW) as desk:
        assert "…" not in screen_words(desk).splitlines()[1]
        await desk.write("Who is it for?")
        await press(desk, "enter")
        assert "thinking…" in screen_words(desk).splitlines()[1]
        desk.mojodex.live.say(more("It is", Channel.MESSAGE))
        await desk.settle()
        await press(desk, "escape", "tab")
        assert desk.screen.focused is desk.draft.view
        assert "answering…" in screen_words(desk).splitlines()[1]
        desk.mojodex.live.say(answer(9, "It is for Ana."))
        await desk.settle()
        assert "answering" not in screen_words(desk)


async def test_a_draft_behind_the_chat_is_told_over_it() -> None:
    async with opened(size=NARROW) as desk:
        desk.mojodex.live.say(title("T"), body("word"))
        await desk.settle()
        assert "writing" not in screen_words(desk).splitlines()[1]
        await press(desk, "tab")
        assert "writing…" in screen_words(desk).splitlines()[1]


async def test_the_inputs_of_a_run_are_read_and_begin_another_one() -> None:
    mojodex = SessionMojodex()
    mojodex.api.told = execution(json_inputs_values=GIVEN, **drafted(1))
    mojodex.api.inputs = (
        InputSpec.model_validate({"input_name": "notes", "type": "text_area", "lines": 3}),
    )
    async with opened(mojodex) as desk:
        await press(desk, "escape", "I")
        assert isinstance(desk.pilot.app.screen, RunInputs)
        assert "What was said?" in screen_words(desk)
        assert "Ana met Luc." in screen_words(desk)
        await press(desk, "e")
        await desk.settle()
        assert isinstance(desk.pilot.app.screen, FormScreen)
        await desk.write("Soon.")
        assert "Ana met Luc.Soon." in screen_words(desk)


async def test_a_run_without_a_form_has_no_inputs_to_show() -> None:
    async with opened(finished()) as desk:
        await press(desk, "escape", "I")
        assert not isinstance(desk.pilot.app.screen, RunInputs)


async def test_what_the_draft_offers_stands_under_it() -> None:
    mojodex = finished(3)
    mojodex.api.told = execution(**drafted(3), **ACTIONS)
    async with opened(mojodex) as desk:
        offers = desk.screen.query_one(DraftOffers)
        told = str(offers.render()).splitlines()
        assert told[0].startswith("VERSIONS   v1  v2  v3 *")
        assert told[1] == "ACTIONS    a: Shorter / More formal"
        assert told[2] == "NEXT TASK  n: Follow-up e-mail / One-minute pitch"
        await press(desk, "escape", "left_square_bracket")
        assert "v2 *" in str(offers.render())


async def test_a_draft_with_one_version_and_nothing_to_do_takes_no_room_for_it() -> None:
    async with opened(finished()) as desk:
        assert not desk.screen.query_one(DraftOffers).display


# --- pictures -------------------------------------------------------------------------------

Snap = Callable[..., bool]


async def _zoomed(desk: Desk) -> None:
    await press(desk, "escape", "z")


async def _resized(desk: Desk) -> None:
    await press(desk, "escape", "greater_than_sign", "greater_than_sign")


async def _answering(desk: Desk) -> None:
    desk.mojodex.live.say(more("I cut the", Channel.MESSAGE))
    await desk.settle()
    desk.panes.front = "draft"
    await desk.settle()


async def _inputs(desk: Desk) -> None:
    await press(desk, "escape", "I")


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("state", [_zoomed, _resized, _answering, _inputs])
def test_looks(
    snap_compare: Snap,
    monkeypatch: pytest.MonkeyPatch,
    state: Callable[[Desk], Awaitable[None]],
    size: tuple[int, int],
) -> None:
    monkeypatch.setattr("mojodex_tui.ui.screens.session_answer.monotonic", lambda: 0.0)
    mojodex = finished(3)
    mojodex.api.told = execution(json_inputs_values=GIVEN, **drafted(3), **ACTIONS)
    mojodex.api.rows = (
        said(2, "mojo", "Who should receive it?"),
        said(3, "user", "Ana and Luc."),
        said(4, "mojo", "Shall I add the figures?"),
    )
    app = MojodexApp(FakeConnect({None: mojodex}))

    async def open_it(pilot: Pilot[None]) -> None:
        await pilot.pause()
        app.open_session(RUN)
        desk = Desk(pilot, mojodex)
        await desk.settle()
        desk.box.cursor_blink = False
        await state(desk)
        await desk.frame()
        await desk.settle()

    assert snap_compare(app, terminal_size=size, run_before=open_it)
