"""What is done with a run and its draft: quick changes, questions, next tasks, names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static, TextArea

from mojodex_tui.client.errors import Refused, ServerFailed
from mojodex_tui.client.port import edit_draft
from mojodex_tui.state.session import Phase
from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.ui.screens.next_task import NextTaskPreview
from mojodex_tui.ui.screens.session import SessionScreen
from mojodex_tui.ui.screens.spelling import SpellingPrompt
from mojodex_tui.ui.widgets.passage_text import PassageText
from mojodex_tui.wire.events import ErrorReported
from tests.fakes import FakeConnect, offered
from tests.ui.desk import NARROW, WIDE, Desk, opened
from tests.ui.session_fakes import RUN, SESSION, SessionMojodex, drafted, execution, said

BODY = "Dear Ana,\n\nLuc sends the quote on Friday.\nLuc calls the bank.\n\nThank you."
ACTIONS = {
    "actions": [
        {"task_pk": 5, "button_text": "Follow-up e-mail", "message_prefix": "Turn into a mail: "},
        {"task_pk": 6, "button_text": "One-minute pitch", "message_prefix": "Pitch this: "},
    ],
    "text_edit_actions": [
        {"text_edit_action_pk": 1, "name": "Shorter", "description": "Cut it down", "emoji": "✂️"},
        {"text_edit_action_pk": 2, "name": "More formal", "description": "Sound more formal"},
    ],
}


def drafting(**more: object) -> SessionMojodex:
    """Return a backend whose run has a draft, and what can be done with it."""
    mojodex = SessionMojodex()
    mojodex.api.told = execution(**drafted(1, BODY), **ACTIONS, **more)
    mojodex.api.versions = (BODY,)
    mojodex.api.rows = (
        said(1, "user", "Write to Ana for Luc."),
        said(2, "mojo", "Here it is."),
    )
    mojodex.api.tasks = (offered(5, "Follow-up e-mail"), offered(6, "One-minute pitch"))
    return mojodex


def notice(desk: Desk) -> str:
    return str(desk.screen.query_one("Notice").render())


async def press(desk: Desk, *keys: str) -> None:
    await desk.pilot.press(*keys)
    await desk.settle()


async def test_quick_change_of_the_shown_version_is_asked_for() -> None:
    async with opened(drafting()) as desk:
        await press(desk, "escape", "a")
        prompts = [str(one.prompt) for one in desk.pilot.app.screen.query_one(OptionList).options]
        assert prompts == ["✂  Shorter  Cut it down", "   More formal  Sound more formal"]
        await press(desk, "down", "enter")
        assert desk.mojodex.api.asked("rewrite") == [(31, 2, None)]
        assert desk.chat[-1] == ("you", "More formal")
        assert desk.screen.state is not None
        assert desk.screen.state.phase is Phase.ASKED


async def test_quick_change_that_fails_is_said_and_nothing_waits() -> None:
    mojodex = drafting()
    mojodex.api.failures["rewrite"] = [ServerFailed("The server broke.")]
    async with opened(mojodex) as desk:
        await press(desk, "escape", "a")
        await press(desk, "enter")
        assert "the draft is as it was" in notice(desk)
        assert desk.screen.state is not None
        assert desk.screen.state.phase is Phase.IDLE


async def test_quick_change_without_answer_is_asked_for_again_as_the_same_request() -> None:
    async with opened(drafting()) as desk:
        await press(desk, "escape", "a")
        await press(desk, "enter")
        error = "Error running text edit action: The model is away."
        desk.mojodex.live.say(ErrorReported(error=error, session_id=SESSION))
        await desk.settle()
        assert desk.chat[-1] == ("not answered", "The model is away.")
        await press(desk, "r")
        assert desk.mojodex.api.asked("rewrite") == [(31, 1, None), (31, 1, 901)]
        assert desk.chat[-1] == ("you", "Shorter")


async def test_selected_lines_are_quoted_in_the_message() -> None:
    async with opened(drafting()) as desk:
        await desk.write("make it warm")
        await press(desk, "escape", "V")
        passage = desk.pilot.app.screen.query_one(PassageText)
        assert passage.has_focus
        await press(desk, "j", "j", "j", "i")
        quoted = "> Dear Ana,\n>\n> Luc sends the quote on Friday.\n> Luc calls the bank."
        assert desk.box.text == f"About this part:\n{quoted}\n\nmake it warm"
        assert desk.box.has_focus


async def test_selected_words_are_copied_or_left() -> None:
    async with opened(drafting()) as desk:
        await press(desk, "escape", "v", "w", "w")
        passage = desk.pilot.app.screen.query_one(PassageText)
        assert passage.passage == "Dear Ana"
        await press(desk, "y")
        assert desk.pilot.app.clipboard == "Dear Ana"
        await press(desk, "v", "escape")
        assert desk.draft.view.has_focus
        assert isinstance(desk.pilot.app.screen, SessionScreen)


async def test_what_is_selected_in_the_editor_is_asked_about() -> None:
    async with opened(drafting()) as desk:
        await press(desk, "escape", "e", "shift+down", "ctrl+r")
        assert desk.box.text == "About this part:\n> Dear Ana,\n\n"


async def test_next_task_is_given_only_what_was_seen() -> None:
    mojodex = drafting()
    async with opened(mojodex) as desk:
        await press(desk, "escape", "n")
        await press(desk, "enter")
        preview = desk.pilot.app.screen
        assert isinstance(preview, NextTaskPreview)
        assert preview.query_one(TextArea).text == f"Turn into a mail: {BODY}"
        assert mojodex.api.asked("create_execution") == []
        await press(desk, "enter")
        await desk.settle()
        assert mojodex.outbox.messages[-1][1] == f"Turn into a mail: {BODY}"
        assert mojodex.api.asked("create_execution") == [(105, 7)]
        title = str(desk.screen.query_one("SessionTitle").render())
        assert "from Budget review with ACME" in title


async def test_next_task_that_cannot_begin_keeps_the_changed_text() -> None:
    mojodex = drafting()
    mojodex.api.failures["create_execution"] = [ServerFailed("The server broke.")]
    async with opened(mojodex) as desk:
        await press(desk, "escape", "n")
        await press(desk, "enter")
        await press(desk, "e")
        await desk.write("Mine ")
        await press(desk, "ctrl+s")
        preview = desk.pilot.app.screen
        assert isinstance(preview, NextTaskPreview)
        assert preview.query_one(TextArea).text.startswith("Mine Turn into")
        assert mojodex.outbox.messages == []


async def test_next_task_the_user_does_not_have_is_said() -> None:
    mojodex = drafting()
    mojodex.api.tasks = ()
    async with opened(mojodex) as desk:
        await press(desk, "escape", "n")
        await press(desk, "enter")
        await press(desk, "enter")
        assert "not among your tasks" in notice(desk)


async def test_run_is_repeated_with_the_same_inputs_after_a_question() -> None:
    given = {"input_name": "notes", "type": "text_area", "value": "Ana met Luc."}
    mojodex = drafting(json_inputs_values=[given])
    async with opened(mojodex) as desk:
        await press(desk, "escape", "D")
        await press(desk, "enter")
        assert mojodex.outbox.runs == []
        await press(desk, "D")
        await press(desk, "y")
        [(_, inputs, _)] = mojodex.outbox.runs
        assert [one.input_value for one in inputs] == ["Ana met Luc."]
        assert mojodex.api.asked("create_execution") == [(101, 7)]


async def test_run_with_files_is_not_repeated_without_them() -> None:
    given = {"input_name": "photo", "type": "image", "value": "a.png"}
    mojodex = drafting(json_inputs_values=[given])
    async with opened(mojodex) as desk:
        await press(desk, "escape", "D")
        assert "given files" in notice(desk)
        assert mojodex.api.asked("create_execution") == []


async def test_run_is_renamed() -> None:
    async with opened(drafting()) as desk:
        await press(desk, "f2")
        line = desk.pilot.app.screen.query_one(Input)
        line.value = "Quote of ACME"
        await press(desk, "enter")
        assert desk.mojodex.api.asked("rename") == [(7, "Quote of ACME")]
        desk.answer.show_standing()
        assert "Quote of ACME" in str(desk.screen.query_one("SessionTitle").render())


async def test_spelling_is_put_right_by_a_server_that_can() -> None:
    mojodex = drafting()
    async with opened(mojodex) as desk:
        await press(desk, "escape", "equals_sign")
        prompt = desk.pilot.app.screen
        assert isinstance(prompt, SpellingPrompt)
        await desk.write("Luc")
        await press(desk, "tab")
        await desk.write("Luke")
        assert "Enter changes 3 places" in str(prompt.query_one(".places", Static).render())
        mojodex.api.told = execution(**drafted(1, BODY.replace("Luc", "Luke")), **ACTIONS)
        await press(desk, "enter")
        assert mojodex.api.asked("correct_spelling") == [(SESSION, "Luc", "Luke")]
        await desk.settle()
        assert "Luke calls the bank." in desk.draft.view.text
        assert mojodex.outbox.items == []


async def test_spelling_is_put_right_in_the_draft_where_the_server_cannot() -> None:
    mojodex = drafting()
    mojodex.api.failures["correct_spelling"] = [Refused("This server keeps no vocabulary.")]
    async with opened(mojodex) as desk:
        await desk.mojodex.drafts.put(edit_draft(7), {"body": f"Luc {BODY}", "base": 1})
        await press(desk, "escape", "equals_sign")
        await desk.write("Luc")
        await press(desk, "tab")
        await desk.write("Luke")
        await press(desk, "enter")
        [item] = mojodex.outbox.items
        assert item.text == BODY.replace("Luc", "Luke")
        assert "the draft alone was put right" in notice(desk)


async def find(desk: Desk, words: str | None) -> None:
    await press(desk, "slash")
    if words is not None:
        desk.pilot.app.screen.query_one(Input).value = words
    await press(desk, "enter")
    await desk.frame()


async def test_words_are_found_in_the_draft_one_place_after_the_other() -> None:
    mojodex = drafting()
    lines = [f"line {number}" + (" bank" if number in {30, 60} else "") for number in range(90)]
    mojodex.api.told = execution(**drafted(1, "\n\n".join(lines)))
    async with opened(mojodex, NARROW) as desk:
        await desk.frame()
        await press(desk, "escape")
        places = []
        for words in ("bank", None, None):
            await find(desk, words)
            places.append(desk.draft.view.scroll_offset.y)
        assert 0 < places[0] < places[1]
        assert places[2] == places[0]
        assert "from the start again" in notice(desk)
        await find(desk, "not there")
        assert "does not stand in the draft" in notice(desk)


async def write_to(desk: Desk, path: Path) -> None:
    await press(desk, "w")
    desk.pilot.app.screen.query_one(Input).value = str(path)
    await press(desk, "enter")
    await desk.worker("file")
    await desk.settle()


async def test_draft_is_written_in_the_format_its_name_ends_with(tmp_path: Path) -> None:
    async with opened(drafting()) as desk:
        await press(desk, "escape")
        await write_to(desk, tmp_path / "letter.html")
        assert "<h1>Budget review with ACME</h1>" in (tmp_path / "letter.html").read_text("utf-8")


async def test_format_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mojodex_tui.export.fonts._FAMILIES", ())
    mojodex = drafting()
    mojodex.api.told = execution(**drafted(1, "日本"))
    async with opened(mojodex) as desk:
        await press(desk, "escape")
        await write_to(desk, tmp_path / "letter.pdf")
        assert "Write .docx or .html instead" in notice(desk)


# --- pictures -------------------------------------------------------------------------------

Snap = Callable[..., bool]


async def _quick_changes(desk: Desk) -> None:
    await press(desk, "a")


async def _selecting(desk: Desk) -> None:
    await press(desk, "V", "down", "down", "down")
    desk.pilot.app.screen.query_one(PassageText).cursor_blink = False


async def _next_task(desk: Desk) -> None:
    await press(desk, "n")
    await press(desk, "enter")
    desk.pilot.app.screen.query_one(TextArea).cursor_blink = False


async def _spelling(desk: Desk) -> None:
    await press(desk, "equals_sign")
    await desk.write("Luc")
    await press(desk, "tab")
    await desk.write("Luke")
    for line in desk.pilot.app.screen.query(Input):
        line.cursor_blink = False
    await desk.settle()


async def _to_a_file(desk: Desk) -> None:
    await press(desk, "w")
    line = desk.pilot.app.screen.query_one(Input)
    line.cursor_blink = False
    line.value = "/home/ana/letter.pdf"
    await desk.settle()


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("state", [_quick_changes, _selecting, _next_task, _spelling, _to_a_file])
def test_looks(
    snap_compare: Snap,
    monkeypatch: pytest.MonkeyPatch,
    state: Callable[[Desk], Awaitable[None]],
    size: tuple[int, int],
) -> None:
    monkeypatch.setattr("mojodex_tui.ui.screens.session_answer.monotonic", lambda: 0.0)
    mojodex = drafting()
    app = MojodexApp(FakeConnect({None: mojodex}))

    async def open_it(pilot: Pilot[None]) -> None:
        await pilot.pause()
        app.open_session(RUN)
        desk = Desk(pilot, mojodex)
        await desk.settle()
        await press(desk, "escape")
        await state(desk)
        await desk.frame()
        for area in app.screen.query(TextArea):
            area.cursor_blink = False
            area._pause_blink(visible=True)
        await desk.settle()

    assert snap_compare(app, terminal_size=size, run_before=open_it)
