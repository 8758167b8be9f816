"""The user's own editor, for every text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mojodex_tui.client.port import edit_draft
from mojodex_tui.ui.app import MojodexApp
from tests.ui.desk import finished, opened
from tests.ui.session_fakes import BODY


@contextmanager
def _no_terminal(_app: MojodexApp) -> Iterator[None]:
    yield


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An editor whose script a test may rewrite; it appends a word."""
    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\nprintf "EDITED" >> "$1"\n')
    script.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(script))
    monkeypatch.setattr(MojodexApp, "suspend", _no_terminal)
    return script


async def test_message_comes_back_from_the_editor_and_can_be_undone(editor: Path) -> None:
    async with opened() as desk:
        await desk.write("hello ")
        await desk.pilot.press("ctrl+g")
        await desk.settle()
        assert desk.box.text == "hello EDITED"
        await desk.pilot.press("ctrl+z")
        assert desk.box.text == "hello "


async def test_working_copy_comes_back_from_the_editor_unsaved(editor: Path) -> None:
    async with opened(finished()) as desk:
        await desk.pilot.press("escape", "e")
        await desk.settle()
        await desk.pilot.press("ctrl+g")
        await desk.settle()
        assert desk.draft.editor.text == f"{BODY.rstrip()}\nEDITED"
        assert desk.mojodex.outbox.items == []


async def test_draft_edited_outside_is_one_version(editor: Path) -> None:
    async with opened(finished()) as desk:
        await desk.pilot.press("escape", "E")
        await desk.settle()
        [item] = desk.mojodex.outbox.items
        assert item.text == f"{BODY.rstrip()}\nEDITED"
        assert await desk.mojodex.drafts.get(edit_draft(7)) is None


@pytest.mark.parametrize(
    ("script", "said"), [("exit 3", "ended with an error"), ('rm "$1"', "left no text")]
)
async def test_editor_that_fails_changes_nothing(editor: Path, script: str, said: str) -> None:
    editor.write_text(f"#!/bin/sh\n{script}\n")
    async with opened(finished()) as desk:
        await desk.pilot.press("escape", "E")
        await desk.settle()
        assert desk.mojodex.outbox.items == []
        assert said in str(desk.screen.query_one("Notice").render())


async def test_editor_that_saves_in_another_encoding_loses_no_line(editor: Path) -> None:
    editor.write_text("#!/bin/sh\nprintf 'caf\\351 line' >> \"$1\"\n")
    async with opened() as desk:
        await desk.write("a ")
        await desk.pilot.press("ctrl+g")
        await desk.settle()
        assert desk.box.text.startswith("a caf")
        assert desk.box.text.endswith("line")
