"""The original clients, as they are, get their work done on our server."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from mojodex_tui.backend.asgi import Backend, open_backend
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from mojodex_tui.backend.settings import BackendSettings
from tests.backend.client import PATIENCE, on_loopback
from tests.wire.original_cli import OriginalCli
from tests.wire.original_webapp import OriginalWebapp

QUESTION = "<ask_user_primary_info>Who was there?</ask_user_primary_info>"
DRAFT = "<execution><title>Kickoff</title><draft>We met, and chose June.</draft></execution>"
SHORTER = "<execution><title>Kickoff</title><draft>June it is.</draft></execution>"


@pytest.fixture
def llm() -> ScriptedLlm:
    return ScriptedLlm()


@pytest.fixture
async def backend(tmp_path: Path, llm: ScriptedLlm) -> AsyncIterator[Backend]:
    settings = BackendSettings(
        data_dir=tmp_path, local=False, jwt_secret=SecretStr("x" * 48), resend_seconds=0.2
    )

    async def source() -> ScriptedLlm:
        return llm

    async with open_backend(settings, llm=source) as opened:
        yield opened


@pytest.fixture
async def http(backend: Backend) -> AsyncIterator[httpx.AsyncClient]:
    async with on_loopback(backend) as url, httpx.AsyncClient(base_url=url) as client:
        yield client


async def until(there: Callable[[], object]) -> None:
    """Wait for what an event changes; the clients have nothing that tells of it."""
    async with asyncio.timeout(PATIENCE):
        while not there():  # noqa: ASYNC110 - there is no event to wait for in them
            await asyncio.sleep(0.01)


async def until_acknowledged(backend: Backend, session_id: str) -> None:
    """Wait until nothing of a session waits for an acknowledgement."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with backend.store.read() as work:
                if await work.deliveries.next_copy({session_id}) is None:
                    return
            await asyncio.sleep(0.01)


@pytest.fixture
async def cli(http: httpx.AsyncClient) -> AsyncIterator[OriginalCli]:
    """Signed in to an account that accepted the terms."""
    account = {"email": "cli@example.com", "name": "Cli", "password": "secret"}
    made = await http.put("/user", json={"datetime": "now", **account})
    headers = {"Authorization": made.json()["token"]}
    await http.put("/terms_and_conditions", json={"datetime": "now"}, headers=headers)
    client = OriginalCli(http)
    await client.sign_in("cli@example.com", "secret")
    yield client
    await client.close()


async def test_the_command_line_gets_a_draft_after_a_question(
    cli: OriginalCli, llm: ScriptedLlm, backend: Backend
) -> None:
    llm.add(QUESTION, DRAFT, SHORTER)
    assert await cli.list_runs() == []
    pk = await cli.start("Meeting recap")
    assert cli.placeholder

    assert await cli.say("Write the recap.") == "Write the recap."
    await until(lambda: cli.bubble == "Who was there?")
    await cli.say("Ana and Bo.")
    await until(lambda: cli.panel == ("Kickoff", "We met, and chose June."))
    await cli.say("Shorter.")
    await until(lambda: cli.panel == ("Kickoff", "June it is."))
    await backend.background.idle()

    [line] = await cli.list_runs()
    assert "A scripted title" in line
    assert line.endswith("done")
    assert await cli.open_run(pk) == "Kickoff\nJune it is."


async def test_the_command_lines_recording_is_refused_with_a_sentence(cli: OriginalCli) -> None:
    await cli.start("Meeting recap")
    answer = await cli.speak(b"RIFF")
    assert answer.status_code == 400
    assert "does not transcribe" in answer.json()["error"]


async def test_the_command_lines_empty_acknowledgement_harms_nobody(
    cli: OriginalCli, llm: ScriptedLlm, backend: Backend
) -> None:
    """It answers messages of other sessions with nothing; the next copy finds it back there."""
    llm.add(QUESTION)
    await cli.start("Meeting recap")
    first = cli.session_id
    await cli.say("Write the recap.")
    cli.session_id = "another one"
    await backend.background.idle()
    cli.session_id = first
    await until(lambda: cli.bubble == "Who was there?")


async def test_a_browser_goes_from_sign_up_to_an_edited_result(
    http: httpx.AsyncClient, llm: ScriptedLlm, backend: Backend
) -> None:
    llm.add(DRAFT, "Gladly.", SHORTER)
    web = OriginalWebapp(http)
    await web.sign_up("web@example.com", "secret")
    await web.open_layout()
    assert await web.list_cards() == []

    await web.fill_form("Meeting recap", {"meeting_notes": "Kickoff with Ana"})
    await until(lambda: web.result)
    assert web.drafts[-1] == "Kickoff\nWe met, and chose June."
    await until(lambda: web.titles)
    detail = await web.read_detail()
    assert detail["json_inputs_values"]
    assert detail["produced_text_version_index"] == 1

    said = await web.chat("Thank you.")
    await until(lambda: web.answers == ["Gladly."])
    assert said["message_id"].endswith(web.session_id)
    assert await web.chat_history() == ["Thank you.", "Gladly."]

    await web.edit_result("Kickoff", "Typed by hand.")
    assert (await web.read_version(2))["produced_text_production"] == "Typed by hand."
    await web.call(
        "POST",
        "/user_task_execution_title",
        {"user_task_execution_pk": web.execution_pk, "title": "My title"},
    )
    [card] = await web.list_cards("my ti")
    assert card["title"] == "My title"
    assert card["produced_text_pk"]

    await web.call("DELETE", "/user_task_execution", {"user_task_execution_pk": web.execution_pk})
    assert await web.list_cards() == []
    await web.close()


async def test_a_browser_rewrites_a_result(
    http: httpx.AsyncClient, llm: ScriptedLlm, backend: Backend
) -> None:
    llm.add(DRAFT, SHORTER)
    web = OriginalWebapp(http)
    await web.sign_up("web@example.com", "secret")
    await web.fill_form("Meeting recap", {"meeting_notes": "Kickoff with Ana"})
    await until(lambda: web.result)
    [shorter, *_] = (await web.read_detail())["text_edit_actions"]
    assert web.result is not None
    await web.call(
        "POST",
        "/text_edit_action",
        {
            "produced_text_version_pk": web.result["produced_text_version_pk"],
            "text_edit_action_pk": shorter["text_edit_action_pk"],
        },
    )
    await until(lambda: web.result and web.result["produced_text"] == "June it is.")
    assert (await web.read_version(2))["produced_text_production"] == "June it is."
    await web.close()


async def test_two_sockets_of_a_browser_need_one_acknowledgement(
    http: httpx.AsyncClient, llm: ScriptedLlm, backend: Backend
) -> None:
    llm.add(DRAFT)
    web = OriginalWebapp(http)
    await web.sign_up("web@example.com", "secret")
    await web.fill_form("Meeting recap", {"meeting_notes": "Kickoff with Ana"})
    await until(lambda: web.result)
    await until_acknowledged(backend, web.session_id)
    await web.close()
