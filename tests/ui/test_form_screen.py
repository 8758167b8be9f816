import asyncio
from pathlib import Path

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot

from mojodex_tui.client.errors import Refused, Unreachable
from mojodex_tui.client.port import form_draft
from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.ui.screens.catalog import CatalogScreen
from mojodex_tui.ui.screens.form import FormScreen
from mojodex_tui.ui.screens.session import SessionScreen
from mojodex_tui.ui.widgets.choice import ChoiceLine
from mojodex_tui.ui.widgets.form_field import AnswerText
from mojodex_tui.wire.executions import CreatedExecution, FilledInput, InputValue
from tests.fakes import FakeMojodex
from tests.ui.shell import RUNS, filled, program, running, settled, words


async def opened(pilot: Pilot[None]) -> None:
    await pilot.press("enter")
    await settled(pilot)


def texts(app: MojodexApp) -> list[str]:
    return [text.text for text in app.screen.query(AnswerText)]


async def _inserted(pilot: Pilot[None]) -> None:
    """Wait until the file that was named is in the form, or is not to be."""
    await pilot.pause()
    for worker in [one for one in pilot.app.workers if one.group == "insert"]:
        await worker.wait()
    await settled(pilot)


async def test_a_paste_of_many_lines_stays_whole() -> None:
    app = program(filled())
    async with running(app) as pilot:
        await opened(pilot)
        app.screen.post_message(Paste("one\r\ntwo\rthree\n"))
        await settled(pilot)
        assert texts(app)[0].splitlines() == ["one", "two", "three"]


async def test_what_is_missing_is_named_and_focused_and_nothing_is_sent() -> None:
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        await opened(pilot)
        await pilot.press(*"notes", "ctrl+s")
        await settled(pilot)
        assert "Still needed: Tone" in words(app)
        assert isinstance(app.focused, ChoiceLine)
        assert mojodex.outbox.runs == []


async def test_a_complete_form_is_run_once_and_opens_its_session() -> None:
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        await opened(pilot)
        await pilot.press(*"notes", "tab", "w", "ctrl+s", "ctrl+s")
        await settled(pilot)
        await pilot.pause(0.1)
        assert mojodex.outbox.runs == [
            (
                7,
                (
                    InputValue(input_name="notes", input_value="notes"),
                    InputValue(input_name="tone", input_value="warm"),
                ),
                (),
            )
        ]
        assert isinstance(app.screen, SessionScreen)
        assert mojodex.pins.used[0] == 1
        assert mojodex.drafts.kept.get(form_draft(7)) is None


async def test_what_was_typed_survives_esc() -> None:
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        await opened(pilot)
        await pilot.press(*"precious", "escape")
        await settled(pilot)
        assert isinstance(app.screen, CatalogScreen)
        await opened(pilot)
        assert texts(app)[0] == "precious"
        assert "as you left it" in words(app)


@pytest.mark.parametrize("way_out", ["ctrl+n", "ctrl+q"])
async def test_what_was_typed_survives_leaving_by_any_key(way_out: str) -> None:
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        await opened(pilot)
        await pilot.press(*"precious", way_out)
        await settled(pilot)
    assert mojodex.drafts.kept[form_draft(7)] == {"notes": "precious", "tone": "", "sound": ""}


async def test_leaving_does_not_overtake_the_keys_before_it() -> None:
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        await opened(pilot)
        for letter in "precious":
            app.post_message(Key(letter, letter))
        app.post_message(Key("ctrl+q", None))
        await settled(pilot)
    assert mojodex.drafts.kept[form_draft(7)] == {"notes": "precious", "tone": "", "sound": ""}


async def test_what_was_typed_is_kept_a_second_after_the_last_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mojodex_tui.ui.screens.form.AUTOSAVE_AFTER", 0.01)
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        await opened(pilot)
        await pilot.press(*"precious")
        for _ in range(50):
            await pilot.pause(0.01)
            if mojodex.drafts.kept:
                break
        assert mojodex.drafts.kept[form_draft(7)] == {
            "notes": "precious",
            "tone": "",
            "sound": "",
        }


async def test_a_wrong_file_is_told_in_place_and_not_sent(tmp_path: Path) -> None:
    mojodex = filled()
    wrong = tmp_path / "my notes.txt"
    wrong.write_text("x")
    app = program(mojodex)
    async with running(app) as pilot:
        await opened(pilot)
        await pilot.press(*"notes", "tab", "w", "tab")
        app.screen.post_message(Paste(f"'{wrong}'"))
        await settled(pilot)
        assert "my notes.txt is not one of" in words(app)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert mojodex.outbox.runs == []


async def test_a_file_goes_with_the_form(tmp_path: Path) -> None:
    mojodex = filled()
    sound = tmp_path / "call.mp3"
    sound.write_bytes(b"sound")
    app = program(mojodex)
    async with running(app) as pilot:
        await opened(pilot)
        await pilot.press(*"notes", "tab", "w", "tab")
        app.screen.post_message(Paste(f"file://{sound}"))
        await settled(pilot)
        await pilot.press("ctrl+s")
        for _ in range(50):
            await pilot.pause(0.01)
            if mojodex.outbox.runs:
                break
    [(_, inputs, files)] = mojodex.outbox.runs
    assert inputs[-1] == InputValue(input_name="sound", input_value="call.mp3")
    assert [(part.name, part.filename, part.content) for part in files] == [
        ("sound", "call.mp3", b"sound")
    ]


async def test_f2_makes_the_answers_a_first_message() -> None:
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        await opened(pilot)
        await pilot.press(*"hello", "f2")
        await settled(pilot)
        assert mojodex.outbox.messages == [(7, "Meeting recap.\n\nWhat was said?\nhello")]
        assert isinstance(app.screen, SessionScreen)


async def test_f6_fills_from_an_earlier_run() -> None:
    mojodex = filled()
    given = FilledInput(input_name="notes", value="old notes")
    mojodex.cache.runs = (RUNS[0].model_copy(update={"json_inputs_values": (given,)}),)
    app = program(mojodex)
    async with running(app) as pilot:
        await opened(pilot)
        await pilot.press("f6")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert texts(app)[0] == "old notes"


async def test_r_starts_from_the_last_inputs() -> None:
    mojodex = filled()
    mojodex.pins.inputs[1] = (InputValue(input_name="tone", input_value="formal"),)
    app = program(mojodex)
    async with running(app) as pilot:
        await pilot.press("down", "r")
        await settled(pilot)
        assert app.screen.query_one(ChoiceLine).value == "formal"
        assert mojodex.outbox.runs == []


async def test_the_users_own_editor_edits_the_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf " EDITED" >> "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    monkeypatch.setattr(MojodexApp, "suspend", _no_terminal)
    app = program(filled())
    async with running(app) as pilot:
        await opened(pilot)
        await pilot.press(*"text", "ctrl+g")
        await settled(pilot)
        assert texts(app)[0] == "text EDITED"


async def test_at_inserts_a_file_where_a_word_begins(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("from the file\n")
    app = program(filled())
    async with running(app) as pilot:
        await opened(pilot)
        await pilot.press(*"a@b ", "@")
        await settled(pilot)
        await pilot.press(*str(file), "enter")
        await _inserted(pilot)
        assert texts(app)[0] == "a@b from the file"


async def test_a_form_that_cannot_be_opened_is_a_sentence_and_can_be_tried_again() -> None:
    mojodex = filled()
    mojodex.api.failures["create_execution"] = [Unreachable("http://there")]
    app = program(mojodex)
    async with running(app) as pilot:
        await opened(pilot)
        assert "could not be opened. http://there cannot be reached" in words(app)
        await pilot.press("f5")
        await settled(pilot)
        assert "What was said?" in words(app)
        assert isinstance(app.screen, FormScreen)


def _no_terminal(_app: FakeMojodex) -> object:
    from contextlib import nullcontext

    return nullcontext()


async def test_what_is_typed_before_the_questions_are_there_goes_into_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mojodex = filled()
    asked, answer = asyncio.Event(), asyncio.Event()
    create = mojodex.api.create_execution

    async def create_slowly(user_task_pk: int) -> CreatedExecution:
        asked.set()
        await answer.wait()
        return await create(user_task_pk)

    monkeypatch.setattr(mojodex.api, "create_execution", create_slowly)
    app = program(mojodex)
    async with running(app) as pilot:
        await pilot.press("enter")
        await asked.wait()
        await settled(pilot)
        await pilot.press(*"Ana,x", "backspace")
        app.post_message(Paste(" Luc\nBudget"))
        await pilot.press(*" up")
        answer.set()
        await pilot.press(*"!?")
        await settled(pilot)
        await pilot.press(*" now")
        await settled(pilot)
        assert texts(app)[0] == "Ana, Luc\nBudget up!? now"


async def test_at_lets_a_document_go_with_the_form_which_names_it(tmp_path: Path) -> None:
    mojodex = filled()
    document = tmp_path / "plan.pdf"
    document.write_bytes(b"%PDF-1.4 \xff")
    async with running(app := program(mojodex)) as pilot:
        await opened(pilot)
        await pilot.press("@")
        await settled(pilot)
        await pilot.press(*str(document), "enter")
        await _inserted(pilot)
        assert texts(app)[0] == "(attached file: plan.pdf)"
        assert [file.name for file in mojodex.api.files] == ["plan.pdf"]


async def test_a_document_the_backend_will_not_have_is_told(tmp_path: Path) -> None:
    mojodex = filled()
    mojodex.api.failures["attach"] = [Refused("plan.pdf is broken.")]
    document = tmp_path / "plan.pdf"
    document.write_bytes(b"%PDF-1.4 \xff")
    async with running(app := program(mojodex)) as pilot:
        await opened(pilot)
        await pilot.press("@")
        await settled(pilot)
        await pilot.press(*str(document), "enter")
        await _inserted(pilot)
        assert "plan.pdf was not added" in words(app)
        assert texts(app)[0] == ""


async def test_what_is_rubbed_out_of_an_answer_is_what_stood_there() -> None:
    async with running(app := program(filled())) as pilot:
        await opened(pilot)
        driver = app._driver
        assert driver is not None
        for key in [*"precious", *["backspace"] * 8, *"once"]:
            driver.process_message(Key(key, key if len(key) == 1 else None))
        await settled(pilot)
        assert texts(app)[0] == "once"


async def test_what_is_typed_right_behind_the_at_names_the_file(tmp_path: Path) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text("Budget")
    async with running(app := program(filled())) as pilot:
        await opened(pilot)
        driver = app._driver
        assert driver is not None
        for letter in f"@{notes}":
            driver.process_message(Key(letter, letter))
        await settled(pilot)
        await pilot.press("enter")
        await _inserted(pilot)
        assert texts(app)[0] == "Budget"
