"""A recording named in the message box is a spoken message, on a server that transcribes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from mojodex_tui.client.credentials import CredentialSources
from mojodex_tui.client.session import MojodexClient
from mojodex_tui.state.runs import Run
from mojodex_tui.ui.screens.session import SessionScreen
from tests.client.loopback import serving
from tests.wire.replay_screen import at_rest, drawn, showing
from tests.wire.transcribing import EXECUTION, SESSION, TranscribingServer

SOUND = b"RIFF\0\0\0\0WAVE"
REFUSED = "The server could not transcribe it"


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "note.wav"
    path.write_bytes(SOUND)
    return path


@asynccontextmanager
async def talking(server: TranscribingServer, folder: Path) -> AsyncIterator[Pilot[None]]:
    """Open the program in a session of a server."""
    sources = CredentialSources(environ={"MOJODEX_TOKEN": "t"})
    run = Run(EXECUTION, SESSION, title="", task_name="Follow-up email")
    async with (
        serving(server),
        MojodexClient(server.url, folder / "data", sources=sources) as client,
        showing(client, lambda: SessionScreen(client, run)) as pilot,
    ):
        await server.until(lambda: SESSION in server.joined)
        yield pilot


async def speak(pilot: Pilot[None], recording: Path) -> None:
    """Name the recording behind an `@`."""
    await pilot.press("@")
    await pilot.press(*str(recording))
    await pilot.press("enter")


async def until_drawn(pilot: Pilot[None], words: str) -> str:
    """Wait until something stands on the screen, and return all that does."""
    while words not in " ".join(drawn(pilot).replace("│", " ").split()):
        await pilot.pause()
    await at_rest(pilot)
    return " ".join(drawn(pilot).replace("│", " ").split())


async def test_what_was_said_stands_in_the_chat_and_is_answered(
    recording: Path, tmp_path: Path
) -> None:
    server = TranscribingServer()
    server.may_answer.clear()
    async with talking(server, tmp_path) as pilot:
        await speak(pilot, recording)
        await server.until(lambda: bool(server.heard))
        assert "note.wav (spoken message)" in await until_drawn(pilot, "you · sending")
        server.may_answer.set()
        shown = await until_drawn(pilot, "Ana gets the plan on Friday.")
        assert shown.count("We met with Ana") == 1
        assert "note.wav" not in shown
        assert "│   We met" in drawn(pilot)  # no blank of the transcript before it
    assert [(name, content) for _, name, content in server.heard] == [("note.wav", SOUND)]
    assert "/session_file" not in {call.path for call in server.calls if call.method != "GET"}


async def test_what_could_not_be_transcribed_is_sent_again_under_its_key(
    recording: Path, tmp_path: Path
) -> None:
    server = TranscribingServer(failures=1)
    async with talking(server, tmp_path) as pilot:
        await speak(pilot, recording)
        shown = await until_drawn(pilot, REFUSED)
        assert "STTService" not in shown
        assert "note.wav (spoken message)" in shown
        await pilot.press("escape", "r")
        shown = await until_drawn(pilot, "Ana gets the plan on Friday.")
        assert shown.count("We met with Ana") == 1
        assert REFUSED not in shown
    assert len(server.heard) == 2
    assert len(set(server.heard)) == 1
