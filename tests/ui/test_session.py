"""The session screen: what it shows, what its keys do, and what it never loses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import JsonValue
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.widgets import Input, Static

from mojodex_tui.client.port import StopOutcome
from mojodex_tui.state.session import Phase
from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.ui.screens.save_file import SaveFileScreen, file_name
from mojodex_tui.ui.screens.session import SessionScreen
from mojodex_tui.ui.screens.session_talk import SessionTalk
from mojodex_tui.ui.widgets.conversation import Conversation
from mojodex_tui.ui.widgets.draft_pane import WordCount
from mojodex_tui.wire.events import ErrorReported
from mojodex_tui.wire.executions import Execution
from mojodex_tui.wire.heard import Channel, Resynchronise
from mojodex_tui.wire.messages import MessageRow, SentMessage
from mojodex_tui.wire.produced_texts import SavedProducedText
from tests.fakes import FakeConnect
from tests.ui.desk import NARROW, WIDE, Desk, finished, opened
from tests.ui.session_fakes import (
    BODY,
    RUN,
    SESSION,
    SessionMojodex,
    answer,
    body,
    draft_event,
    drafted,
    execution,
    more,
    said,
    title,
)


async def test_draft_grows_beside_the_chat_and_becomes_a_version() -> None:
    async with opened() as desk:
        desk.mojodex.live.say(title("Budget"), more(" review", Channel.DRAFT_TITLE))
        desk.mojodex.live.say(body("one two"), more(" thr"), more("ee"))
        await desk.settle()
        await desk.frame()
        assert desk.draft.view.text == "# Budget review\n\none two three"
        assert desk.draft.words == 3
        assert "writing" in str(desk.draft.border_title)
        assert desk.side.display
        desk.mojodex.live.say(draft_event(1))
        await desk.settle()
        assert desk.draft.view.text == f"# Budget review with ACME\n\n{BODY}"
        assert str(desk.draft.border_title).startswith("Draft v1 of 1")


async def test_answer_grows_in_the_chat_and_is_there_once() -> None:
    async with opened() as desk:
        desk.mojodex.live.say(more("Who is", Channel.MESSAGE), more(" it for?", Channel.MESSAGE))
        await desk.settle()
        await desk.frame()
        assert desk.chat == [("mojo", "Who is it for?")]
        desk.mojodex.live.say(answer(9, "Who is it for?"))
        await desk.settle()
        assert desk.chat == [("mojo", "Who is it for?")]
        assert not desk.side.display


async def test_letters_typed_while_text_arrives_are_all_there_in_order() -> None:
    async with opened() as desk:
        desk.mojodex.live.say(title("T"))
        for letter in "thelongestwordicantype":
            desk.mojodex.live.say(more(f" {letter}"))
            await desk.write(letter)
        await desk.settle()
        assert desk.box.text == "thelongestwordicantype"
        assert desk.screen.focused is desk.box


async def test_enter_sends_and_control_j_begins_a_line() -> None:
    async with opened() as desk:
        await desk.write("one")
        await desk.pilot.press("ctrl+j")
        await desk.write("two")
        await desk.pilot.press("enter")
        await desk.settle()
        assert desk.mojodex.outbox.messages == [(7, "one\ntwo")]
        assert desk.box.text == ""
        desk.mojodex.outbox.deliver(0, SentMessage(message_pk=5, text="one\ntwo"))
        await desk.settle()
        assert desk.chat == [("you", "one\ntwo")]


async def test_keys_that_come_in_one_go_keep_their_order() -> None:
    async with opened() as desk:
        keys = [*"first", "enter", *"second", "ctrl+j", *"line", "enter", *"third"]
        for key in keys:
            driver = desk.pilot.app._driver
            assert driver is not None
            driver.process_message(Key(key, key if len(key) == 1 else None))
        await desk.settle()
        assert [text for _, text in desk.mojodex.outbox.messages] == ["first"]
        assert desk.mojodex.drafts.kept[f"queue:{SESSION}"] == ["second\nline"]
        assert desk.box.text == "third"


async def test_message_written_while_busy_waits_and_is_sent_once() -> None:
    async with opened() as desk:
        desk.mojodex.live.say(title("T"))
        await desk.settle()
        await desk.write("next question")
        await desk.pilot.press("enter")
        await desk.settle()
        assert desk.mojodex.outbox.messages == []
        assert ("you", "next question") in desk.chat
        assert desk.mojodex.drafts.kept[f"queue:{SESSION}"] == ["next question"]
        desk.mojodex.live.say(draft_event(1), draft_event(1))
        await desk.settle()
        assert desk.mojodex.outbox.messages == [(7, "next question")]
        assert f"queue:{SESSION}" not in desk.mojodex.drafts.kept


async def test_what_was_queued_before_the_program_ended_is_sent_once_nothing_is_awaited() -> None:
    mojodex = finished()
    mojodex.drafts.kept[f"queue:{SESSION}"] = ["next question", "and then"]
    async with opened(mojodex) as desk:
        assert desk.mojodex.outbox.messages == [(7, "next question")]
        assert desk.mojodex.drafts.kept[f"queue:{SESSION}"] == ["and then"]


async def test_what_was_queued_waits_on_for_an_answer_that_is_still_being_written() -> None:
    mojodex = SessionMojodex()
    mojodex.api.rows = (said(40, "user", "Write it"),)
    mojodex.drafts.kept[f"queue:{SESSION}"] = ["next question"]
    async with opened(mojodex) as desk:
        assert desk.mojodex.outbox.messages == []
        desk.mojodex.live.say(draft_event(1))
        await desk.settle()
        assert desk.mojodex.outbox.messages == [(7, "next question")]


async def test_what_is_heard_while_the_run_is_fetched_is_fetched_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mojodex = SessionMojodex()
    fetch, network = mojodex.api.execution, asyncio.Event()
    given = {"input_name": "notes", "value": "Budget"}
    mojodex.api.told = execution(json_inputs_values=[given])

    async def fetch_slowly(execution_pk: int) -> Execution:
        told = await fetch(execution_pk)
        await network.wait()
        return told

    monkeypatch.setattr(mojodex.api, "execution", fetch_slowly)
    async with opened(mojodex) as desk:
        mojodex.api.told = execution(json_inputs_values=[given], failure="No key.")
        mojodex.live.say(ErrorReported(error="No key.", session_id=SESSION))
        await desk.settle()
        network.set()
        await desk.settle()
        assert desk.screen.state is not None
        assert desk.screen.state.phase is Phase.IDLE
        assert any("No key." in text for _, text in desk.chat)


async def test_an_answer_that_comes_while_the_screen_is_closed_is_no_accident() -> None:
    async with opened() as desk:
        screen = desk.screen
        await desk.pilot.app.pop_screen()
        await screen._fetch()
        screen.say("Nobody reads this.")


async def test_an_answer_quicker_than_the_disk_sends_nothing_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with opened() as desk:
        desk.mojodex.live.say(title("T"))
        await desk.settle()
        await desk.write("next question")
        await desk.pilot.press("enter")
        await desk.settle()
        forget, disk = desk.mojodex.drafts.forget, asyncio.Event()

        async def forget_slowly(key: str) -> None:
            await disk.wait()
            await forget(key)

        monkeypatch.setattr(desk.mojodex.drafts, "forget", forget_slowly)
        desk.mojodex.live.say(draft_event(1))
        await desk.settle()
        desk.mojodex.live.say(draft_event(2))
        await desk.settle()
        disk.set()
        await desk.settle()
        assert desk.mojodex.outbox.messages == [(7, "next question")]
        assert desk.screen.state is not None
        assert desk.screen.state.phase is Phase.IDLE


async def test_typed_text_survives_leaving_and_coming_back() -> None:
    mojodex = SessionMojodex()
    async with opened(mojodex) as desk:
        await desk.write("precious")
        await desk.pilot.press("escape", "escape")
        await desk.settle()
        assert not isinstance(desk.pilot.app.screen, SessionScreen)
    async with opened(mojodex) as desk:
        assert desk.box.text == "precious"


async def test_control_c_and_a_double_escape_stop_what_is_written() -> None:
    for keys in (["ctrl+c"], ["escape", "escape"]):
        async with opened() as desk:
            desk.mojodex.live.say(title("T"))
            await desk.settle()
            await desk.write("kept")
            await desk.pilot.press(*keys)
            await desk.settle()
            assert desk.mojodex.api.asked("stop") == [SESSION]
            assert desk.box.text == "kept"
            assert isinstance(desk.pilot.app.screen, SessionScreen)


async def test_single_escape_stops_nothing() -> None:
    async with opened() as desk:
        desk.mojodex.live.say(title("T"))
        await desk.settle()
        await desk.pilot.press("escape")
        await desk.settle()
        assert desk.mojodex.api.asked("stop") == []


async def test_server_that_cannot_stop_is_spoken_of_honestly() -> None:
    mojodex = SessionMojodex()
    mojodex.api.stop_outcome = StopOutcome.NOT_POSSIBLE
    async with opened(mojodex) as desk:
        mojodex.live.say(title("T"))
        await desk.settle()
        await desk.pilot.press("ctrl+c")
        await desk.settle()
        notice = desk.screen.query_one("Notice")
        assert "goes on writing" in str(notice.render())


async def test_failure_is_said_and_asked_again_under_the_same_id() -> None:
    mojodex = SessionMojodex()
    mojodex.api.rows = (said(4, "user", "hello"),)
    async with opened(mojodex) as desk:
        error = "Error during assistant process_chat_message: The key is not accepted."
        mojodex.live.say(ErrorReported(error=error, session_id=SESSION))
        await desk.settle()
        assert desk.chat[-1] == ("not answered", "The key is not accepted.")
        await desk.pilot.press("escape", "r")
        await desk.settle()
        assert mojodex.outbox.messages == [(7, "hello")]
        assert mojodex.outbox.sent_ids == ["id-4"]


async def test_failed_form_is_run_again_with_what_was_given() -> None:
    mojodex = SessionMojodex()
    given = {"input_name": "notes", "type": "text_area", "value": "Ana met Luc."}
    mojodex.api.told = execution(json_inputs_values=[given], failure="The model is busy.")
    async with opened(mojodex) as desk:
        assert desk.chat[-1] == ("not answered", "The model is busy.")
        await desk.pilot.press("escape", "r")
        await desk.settle()
        [(pk, inputs, _)] = mojodex.outbox.runs
        assert pk == 7
        assert [(one.input_name, one.input_value) for one in inputs] == [("notes", "Ana met Luc.")]


async def test_refused_message_stays_with_its_cause_and_can_be_retried_or_dropped() -> None:
    async with opened() as desk:
        await desk.write("hello")
        await desk.pilot.press("enter")
        await desk.settle()
        desk.mojodex.outbox.refuse(0, "The session is gone.")
        await desk.settle()
        [entry] = desk.screen.query_one(Conversation).entries
        assert entry.text == "hello"
        assert "The session is gone." in entry.state
        await desk.pilot.press("escape", "r")
        assert desk.mojodex.outbox.retried == ["item-0"]
        await desk.pilot.press("x")
        await desk.settle()
        assert desk.chat == []


async def test_after_a_lost_connection_the_session_is_fetched_anew() -> None:
    mojodex = SessionMojodex()
    async with opened(mojodex) as desk:
        mojodex.live.say(title("T"), body("half a"))
        await desk.settle()
        mojodex.api.told = execution(**drafted(1))
        mojodex.api.rows = (said(4, "user", "hello"), said(5, "mojo", "Here it is."))
        mojodex.live.say(Resynchronise(SESSION))
        await desk.settle()
        assert desk.draft.view.text.endswith(BODY)
        assert desk.chat == [("you", "hello"), ("mojo", "Here it is.")]


async def test_refused_message_is_waited_for_no_longer() -> None:
    async with opened() as desk:
        await desk.write("hello")
        await desk.pilot.press("enter")
        await desk.settle()
        assert desk.screen.state is not None
        assert desk.screen.state.phase.is_busy
        desk.mojodex.outbox.refuse(0, "The session is gone.")
        await desk.settle()
        assert not desk.screen.state.phase.is_busy


async def test_answer_whose_event_was_lost_is_found_by_asking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    monkeypatch.setattr("mojodex_tui.ui.screens.session_answer.monotonic", lambda: now)
    mojodex = SessionMojodex()
    mojodex.api.rows = (said(4, "user", "hello"),)
    async with opened(mojodex) as desk:
        mojodex.api.rows = (said(4, "user", "hello"), said(5, "mojo", "Here it is."))
        desk.answer.tick()
        await desk.settle()
        assert desk.chat == [("you", "hello")]
        now = 21.0
        desk.answer.tick()
        await desk.settle()
        assert desk.chat == [("you", "hello"), ("mojo", "Here it is.")]


async def test_versions_are_walked_through() -> None:
    async with opened(finished(2)) as desk:
        await desk.pilot.press("escape", "left_square_bracket")
        await desk.settle()
        assert desk.draft.view.text.endswith("body 1")
        assert "v1 of 2" in str(desk.draft.border_title)
        await desk.pilot.press("right_square_bracket")
        await desk.settle()
        assert desk.draft.view.text.endswith(BODY)


async def test_draft_that_is_opened_begins_at_its_first_line() -> None:
    mojodex = SessionMojodex()
    long = "\n\n".join(f"line {n}" for n in range(80))
    mojodex.api.told = execution(**drafted(1, long))
    async with opened(mojodex, NARROW) as desk:
        await desk.frame()
        assert desk.draft.view.scroll_offset.y == 0
        assert not desk.draft.view.follow


async def test_edit_is_one_version_and_counted_when_it_is_there() -> None:
    async with opened(finished()) as desk:
        await desk.pilot.press("escape", "e")
        await desk.settle()
        await desk.write("New ")
        await desk.pilot.press("ctrl+s")
        await desk.settle()
        [item] = desk.mojodex.outbox.items
        assert item.text == f"New {BODY}"
        saved = SavedProducedText(produced_text_pk=3, produced_text_version_pk=40)
        desk.mojodex.outbox.deliver(0, saved)
        await desk.settle()
        assert "v2 of 2" in str(desk.draft.border_title)
        assert desk.draft.view.text.endswith(f"New {BODY}")


async def test_what_was_saved_while_the_session_was_fetched_is_not_lost_to_an_old_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with opened(finished()) as desk:
        await desk.pilot.press("escape", "e")
        await desk.write("New ")
        await desk.pilot.press("ctrl+s")
        await desk.settle()
        api, may_answer = desk.mojodex.api, asyncio.Event()

        async def slowly(_execution_pk: int) -> Execution:
            told = api.told
            await may_answer.wait()
            return told

        monkeypatch.setattr(api, "execution", slowly)
        desk.mojodex.live.say(Resynchronise(SESSION))
        await desk.settle()
        saved = SavedProducedText(produced_text_pk=3, produced_text_version_pk=32)
        desk.mojodex.outbox.deliver(0, saved)
        await desk.settle()
        api.told = execution(**drafted(2, f"New {BODY}"))
        may_answer.set()
        await desk.settle()
        assert "v2 of 2" in str(desk.draft.border_title)


async def test_working_copy_survives_escape_and_is_offered_again() -> None:
    mojodex = finished()
    async with opened(mojodex) as desk:
        await desk.pilot.press("escape", "e")
        await desk.settle()
        await desk.write("mine ")
        await desk.pilot.press("escape")
        await desk.settle()
        assert desk.draft.view.text.endswith(BODY)
        assert mojodex.outbox.items == []
    async with opened(mojodex) as desk:
        assert desk.draft.editing
        assert desk.draft.editor.text == f"mine {BODY}"


async def test_draft_is_written_to_a_file_and_never_over_another_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "budget-review-with-acme.md"
    async with opened(finished()) as desk:
        await desk.pilot.press("escape", "w")
        await desk.settle()
        await desk.pilot.press("enter")
        await desk.settle()
        await desk.worker("file")
        assert path.read_text() == f"# Budget review with ACME\n\n{BODY}"
        path.write_text("mine")
        await desk.pilot.press("w")
        await desk.settle()
        await desk.pilot.press("enter")
        await desk.settle()
        assert isinstance(desk.pilot.app.screen, SaveFileScreen)
        assert path.read_text() == "mine"
        await desk.pilot.press("escape")
        await desk.settle()
        assert path.read_text() == "mine"


async def test_file_in_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    async with opened(finished()) as desk:
        await desk.pilot.press("escape", "w")
        await desk.settle()
        desk.pilot.app.screen.query_one(Input).value = str(tmp_path / "none" / "a.md")
        await desk.pilot.press("enter")
        await desk.settle()
        hint = desk.pilot.app.screen.query_one("#save-file-hint")
        assert "There is no folder" in str(hint.render())


async def test_narrow_screen_shows_the_draft_at_its_first_word_and_tab_goes_round() -> None:
    async with opened(size=NARROW) as desk:
        chat = desk.screen.query_one(SessionTalk)
        assert chat.display
        desk.mojodex.live.say(title("T"), body("word"))
        await desk.settle()
        assert desk.side.display
        assert not chat.display
        assert desk.screen.focused is desk.box
        await desk.pilot.press("tab")
        await desk.settle()
        assert desk.screen.focused is chat.chat
        assert not desk.side.display
        await desk.pilot.press("tab")
        await desk.settle()
        assert desk.screen.focused is desk.draft.view


async def test_last_word_of_the_chat_stays_visible_under_the_draft() -> None:
    mojodex = finished()
    mojodex.api.rows = (said(4, "user", "shorter"), said(5, "mojo", "Shall I add the figures?"))
    async with opened(mojodex, NARROW) as desk:
        glimpse = desk.screen.query_one("#glimpse", Static)
        assert desk.side.display
        assert glimpse.display
        assert str(glimpse.render()) == "mojo: Shall I add the figures?"


async def test_view_holds_when_scrolled_back_and_end_follows_again() -> None:
    async with opened(size=NARROW) as desk:
        desk.mojodex.live.say(title("T"), body("\n\n".join(f"line {n}" for n in range(60))))
        await desk.settle()
        await desk.frame()
        await desk.pilot.press("escape", "pageup")
        held = desk.draft.view.scroll_offset.y
        desk.mojodex.live.say(more("\n\n".join(f"more {n}" for n in range(30))))
        await desk.frame()
        assert desk.draft.view.scroll_offset.y == held
        assert desk.draft.has_class("-new-below")
        await desk.pilot.press("end")
        await desk.settle()
        assert desk.draft.view.follow
        assert not desk.draft.has_class("-new-below")


async def test_up_brings_back_what_was_sent() -> None:
    mojodex = SessionMojodex()
    mojodex.api.rows = (said(1, "user", "first"), said(2, "mojo", "a"), said(3, "user", "second"))
    async with opened(mojodex) as desk:
        await desk.write("own")
        await desk.pilot.press("up")
        assert desk.box.text == "second"
        await desk.pilot.press("up", "up")
        assert desk.box.text == "first"
        await desk.pilot.press("down", "down")
        assert desk.box.text == "own"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Budget: ACME / Q4", "budget-acme-q4.md"),
        ("", "draft.md"),
        ("Réunion d'été", "réunion-d-été.md"),
    ],
)
def test_file_names_come_from_titles(given: str, name: str) -> None:
    assert file_name(given) == name


def test_words_are_counted_across_pieces() -> None:
    count = WordCount()
    for piece in ("one t", "wo", " three", "", " ", "four\n"):
        count.add(piece)
    assert count.words == 4


# --- pictures -------------------------------------------------------------------------------

Snap = Callable[..., bool]


def _writing(mojodex: SessionMojodex) -> None:
    given = {
        "input_name": "notes",
        "description_for_user": "What was said?",
        "type": "text_area",
        "value": "Budget review with ACME, Tuesday. Present: Ana, Luc, me.\nLuc sends the quote.",
    }
    mojodex.api.told = execution(json_inputs_values=[given])
    mojodex.live.say(title("Budget review with ACME"), body(BODY[:180]))


def _done(mojodex: SessionMojodex) -> None:
    mojodex.api.told = execution(**drafted(3))
    mojodex.api.rows = (
        said(1, "user", "Recap of the budget review, please."),
        said(2, "mojo", "Who should receive it?"),
        said(3, "user", "Ana and Luc."),
        MessageRow.model_validate(
            {"message_pk": 4, "sender": "mojo", "message": draft_event(3).to_wire()}
        ),
    )


def _failed(mojodex: SessionMojodex) -> None:
    mojodex.api.told = execution(
        failure="The model at localhost:11434 does not answer. Start it, then press r."
    )
    mojodex.api.rows = (said(1, "user", "Recap of the budget review, please.", failed=True),)


def _empty(mojodex: SessionMojodex) -> None:
    mojodex.api.told = execution(start_date=None)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("state", [_empty, _writing, _done, _failed])
def test_looks(
    snap_compare: Snap,
    monkeypatch: pytest.MonkeyPatch,
    state: Callable[[SessionMojodex], None],
    size: tuple[int, int],
) -> None:
    assert _snapshot(snap_compare, monkeypatch, state, size)


def test_looks_light(snap_compare: Snap, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _snapshot(snap_compare, monkeypatch, _done, WIDE, theme="mojodex-light")


def _snapshot(
    snap_compare: Snap,
    monkeypatch: pytest.MonkeyPatch,
    state: Callable[[SessionMojodex], None],
    size: tuple[int, int],
    theme: str = "mojodex-dark",
) -> bool:
    """Compare the session's picture with the one that was looked at."""
    monkeypatch.setattr("mojodex_tui.ui.screens.session_answer.monotonic", lambda: 0.0)
    mojodex = SessionMojodex()
    app = MojodexApp(FakeConnect({None: mojodex}))

    async def open_it(pilot: Pilot[None]) -> None:
        app.theme = theme
        state(mojodex)
        await pilot.pause()
        app.open_session(RUN)
        desk = Desk(pilot, mojodex)
        await desk.settle()
        await desk.frame()
        desk.answer.show_standing()
        desk.box.cursor_blink = False
        await desk.settle()

    return snap_compare(app, terminal_size=size, run_before=open_it)


async def test_what_is_typed_before_the_message_box_is_there_is_in_it() -> None:
    mojodex, read = SessionMojodex(), asyncio.Event()
    mojodex.drafts.kept["message:session-7"] = "Half "
    get = mojodex.drafts.get

    async def get_slowly(key: str) -> JsonValue:
        await read.wait()
        return await get(key)

    app = MojodexApp(FakeConnect({None: mojodex}))
    async with app.run_test(size=WIDE) as pilot:
        desk = Desk(pilot, mojodex)
        await desk.settle()
        mojodex.drafts.get = get_slowly  # type: ignore[method-assign]  # a slow disk
        app.open_session(RUN)
        await desk.settle()
        driver = app._driver
        assert driver is not None
        for letter in "the":
            driver.process_message(Key(letter, letter))
        driver.process_message(Paste(" length\n"))
        await desk.settle()
        read.set()
        driver.process_message(Key("o", "o"))
        await desk.settle()
        await desk.write("k")
        assert desk.box.text == "Half the length\nok"
