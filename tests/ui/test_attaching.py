"""Files that go with a message: from `@` to the line over the message box."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.widgets import Input

from mojodex_tui.client.errors import NotSupportedByServer, Refused
from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.ui.screens.attach_prompt import AttachPrompt
from mojodex_tui.ui.widgets.message_box import MessageBox
from mojodex_tui.wire.messages import SentMessage
from mojodex_tui.wire.session_files import SessionFile
from tests.ui.session_fakes import RUN, SESSION, SessionMojodex
from tests.ui.shell import program, running, settled, words

NOTES = SessionFile(file_id="notes.pdf", name="notes.pdf", size=12_345)


@asynccontextmanager
async def opened(mojodex: SessionMojodex) -> AsyncIterator[Pilot[None]]:
    app = program(mojodex)
    async with running(app, (100, 30)) as pilot:
        app.open_session(RUN)
        await settled(pilot)
        yield pilot


def shown(pilot: Pilot[None]) -> str:
    app = pilot.app
    assert isinstance(app, MojodexApp)
    return words(app)


def box(pilot: Pilot[None]) -> MessageBox:
    return pilot.app.screen.query_one(MessageBox)


async def name_file(pilot: Pilot[None], path: object) -> None:
    """Press `@`, and answer with a path."""
    await pilot.press("@")
    await settled(pilot)
    assert isinstance(pilot.app.screen, AttachPrompt)
    pilot.app.screen.query_one(Input).value = str(path)
    await pilot.press("enter")
    await settled(pilot)
    if not isinstance(pilot.app.screen, AttachPrompt):
        for worker in [one for one in pilot.app.workers if one.group == "attach"]:
            await worker.wait()
    await settled(pilot)


async def test_a_file_is_attached_shown_and_removed(tmp_path: Path) -> None:
    mojodex = SessionMojodex()
    notes = tmp_path / "notes [1].md"
    notes.write_text("text")
    async with opened(mojodex) as pilot:
        await name_file(pilot, notes)
        assert mojodex.api.asked("attach") == [(SESSION, "notes [1].md")]
        assert "Message   attached: notes [1].md (4 B)   Esc x removes" in shown(pilot)
        assert box(pilot).text == ""
        await pilot.press("escape", "x")
        await settled(pilot)
        assert mojodex.api.asked("detach") == [(SESSION, "notes [1].md")]
        assert "attached:" not in shown(pilot)


async def test_what_was_attached_before_a_restart_is_shown() -> None:
    mojodex = SessionMojodex()
    mojodex.api.files = (NOTES,)
    async with opened(mojodex) as pilot:
        assert "attached: notes.pdf (12 KB)" in shown(pilot)


async def test_files_are_gone_with_their_message() -> None:
    mojodex = SessionMojodex()
    mojodex.api.files = (NOTES,)
    async with opened(mojodex) as pilot:
        await pilot.press(*"Recap", "enter")
        await settled(pilot)
        assert "attached: notes.pdf" in shown(pilot)
        mojodex.api.files = ()
        mojodex.outbox.deliver(0, SentMessage(text="Recap", message_pk=5))
        await settled(pilot)
        assert "attached:" not in shown(pilot)


async def test_x_drops_unsent_messages_before_files() -> None:
    mojodex = SessionMojodex()
    mojodex.api.files = (NOTES,)
    async with opened(mojodex) as pilot:
        await pilot.press(*"Recap", "enter")
        await settled(pilot)
        mojodex.outbox.refuse(0, "No.")
        await pilot.press("escape", "x")
        await settled(pilot)
        assert mojodex.outbox.items == []
        assert mojodex.api.asked("detach") == []


async def test_an_at_within_a_word_or_twice_is_a_sign() -> None:
    async with opened(SessionMojodex()) as pilot:
        await pilot.press(*"ana@acme")
        await settled(pilot)
        assert box(pilot).text == "ana@acme"
        await pilot.press("space")
        await name_file(pilot, "@")
        assert box(pilot).text == "ana@acme @"


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("missing.md", None, "There is no file"),
        ("", None, "is a folder; choose a file in it."),
        ("photo.png", b"\x89PNG\0", "photo.png is not text"),
        ("empty.md", b"", "empty.md is empty."),
    ],
)
async def test_what_cannot_be_attached_is_said_at_once(
    tmp_path: Path, name: str, content: bytes | None, problem: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    mojodex = SessionMojodex()
    async with opened(mojodex) as pilot:
        await name_file(pilot, tmp_path / name)
        assert isinstance(pilot.app.screen, AttachPrompt)
        assert " ".join(problem.split()) in " ".join(shown(pilot).replace("│", " ").split())
        assert mojodex.api.asked("attach") == []


async def test_what_the_backend_refuses_is_said(tmp_path: Path) -> None:
    mojodex = SessionMojodex()
    mojodex.api.failures["attach"] = [Refused("It is locked by a password.")]
    (tmp_path / "a.md").write_text("text")
    async with opened(mojodex) as pilot:
        await name_file(pilot, tmp_path / "a.md")
        assert "a.md was not attached. It is locked by a password." in shown(pilot)
        assert "attached:" not in shown(pilot)


async def test_a_server_without_files_gets_their_text(tmp_path: Path) -> None:
    mojodex = SessionMojodex()
    unknown = NotSupportedByServer("This server cannot do this.")
    mojodex.api.failures["attach"] = [unknown, unknown]
    (tmp_path / "a.md").write_text("Budget")
    (tmp_path / "a.pdf").write_bytes(b"%PDF\xff\0")
    async with opened(mojodex) as pilot:
        await name_file(pilot, tmp_path / "a.md")
        assert box(pilot).text == "Budget"
        assert "This server takes no files: the text of a.md was inserted." in shown(pilot)
        await pilot.press("space")
        await name_file(pilot, tmp_path / "a.pdf")
        assert "only text:" in shown(pilot)
        assert box(pilot).text == "Budget "


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_looks(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    mojodex = SessionMojodex()
    mojodex.api.files = (NOTES, SessionFile(file_id="b", name="plan.docx", size=800))
    app = program(mojodex)

    async def attach(pilot: Pilot[None]) -> None:
        await settled(pilot)
        app.open_session(RUN)
        await settled(pilot)
        await pilot.press("@")
        await settled(pilot)
        await pilot.press(*"/none.md", "enter")
        await settled(pilot)
        for blinking in app.screen.query(Input):
            blinking.cursor_blink = False
        await settled(pilot)

    assert snap_compare(app, terminal_size=size, run_before=attach)


async def test_a_recording_is_a_message_of_its_own(tmp_path: Path) -> None:
    mojodex = SessionMojodex()
    sound = tmp_path / "note.m4a"
    sound.write_bytes(b"\0ftyp")
    async with opened(mojodex) as pilot:
        await name_file(pilot, sound)
        assert mojodex.outbox.recordings == [(7, "file", "note.m4a")]
        assert mojodex.api.asked("attach") == []


async def test_an_empty_recording_is_not_sent(tmp_path: Path) -> None:
    mojodex = SessionMojodex()
    sound = tmp_path / "note.m4a"
    sound.touch()
    async with opened(mojodex) as pilot:
        await name_file(pilot, sound)
        assert mojodex.outbox.recordings == []
        assert "note.m4a is empty." in shown(pilot)


async def test_what_is_typed_right_behind_the_at_names_the_file(tmp_path: Path) -> None:
    mojodex = SessionMojodex()
    notes = tmp_path / "notes.md"
    notes.write_text("Budget")
    async with opened(mojodex) as pilot:
        driver = pilot.app._driver
        assert driver is not None
        # In one go: the question is not there yet when its answer is.
        for letter in f"@{tmp_path}/x":
            driver.process_message(Key(letter, letter))
        driver.process_message(Key("backspace", None))
        driver.process_message(Paste("notes.md"))
        await settled(pilot)
        assert isinstance(pilot.app.screen, AttachPrompt)
        assert pilot.app.screen.query_one(Input).value == str(notes)
        await pilot.press("enter")
        await settled(pilot)
        for worker in [one for one in pilot.app.workers if one.group == "attach"]:
            await worker.wait()
        assert box(pilot).text == ""
        assert mojodex.api.asked("attach") == [(SESSION, "notes.md")]
        await pilot.press(*"ok")
        assert box(pilot).text == "ok"
