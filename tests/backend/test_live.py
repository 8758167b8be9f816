"""Who may listen, and how messages are acknowledged."""

import asyncio

import pytest
import socketio
from pydantic import SecretStr

from mojodex_tui.backend.asgi import Backend, open_backend
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from mojodex_tui.backend.settings import BackendSettings
from tests.backend.client import Api, Listener, Started, listening, on_loopback

DRAFT = "<execution><title>T</title><draft>D</draft></execution>"
QUESTION = "<ask_user_primary_info>Who?</ask_user_primary_info>"


@pytest.mark.parametrize(
    ("auth", "message"),
    [
        (None, "argument of type 'NoneType' is not iterable"),
        ({}, "argument of type 'NoneType' is not iterable"),
        ({"other": 1}, "Missing token"),
        ({"token": "abc"}, "Invalid token"),
    ],
)
async def test_refuses_a_connection(url: str, auth: object, message: str) -> None:
    client = socketio.AsyncClient(reconnection=False)
    refused: list[object] = []
    client.on("connect_error", refused.append)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await client.connect(url, auth=auth, transports=["websocket"])
    assert refused == [{"message": message}]


async def test_start_session_refuses_as_it_should(
    api: Api, other: Api, url: str, llm: ScriptedLlm
) -> None:
    started = await api.created()
    async with listening(url, other.token or "") as heard:
        for payload in (
            {"version": "1"},
            {"session_id": "nope"},
            {"session_id": "nope", "version": "1"},
            {"session_id": started.session_id, "version": "1"},
        ):
            await heard.socket.call("start_session", payload)
        await heard.until("error", times=4)
        assert heard.all("error") == [
            {"error": "'session_id'", "session_id": None},
            {"error": "'version'", "session_id": "nope"},
            "Session nope not found",
            f"Session {started.session_id} not found",
        ]
        llm.add(QUESTION)
        async with listening(url, api.token or "") as owner:
            await owner.join(started.session_id)
            await started.say("secret")
            await owner.until("mojo_message")
        assert [name for name, _ in heard.heard if name != "error"] == []


async def _answered(api: Api, heard: Listener, llm: ScriptedLlm, line: str) -> Started:
    llm.add(line)
    started = await api.created()
    await heard.join(started.session_id)
    await started.say("Go")
    return started


async def test_a_message_comes_again_until_it_is_acknowledged(
    api: Api, backend: Backend, url: str, llm: ScriptedLlm
) -> None:
    async with listening(url, api.token or "") as heard:
        started = await _answered(api, heard, llm, QUESTION)
        await heard.until("mojo_message", times=3)
        first, second, third = heard.all("mojo_message")[:3]
        assert first == second == third
        heard.acknowledge_all()
        await heard.until("mojo_message", times=4)
        await _settled(backend, started)
        copies = len(heard.all("mojo_message"))
        await asyncio.sleep(0.5)  # more than two intervals: nothing may come any more
        assert len(heard.all("mojo_message")) == copies


async def _settled(backend: Backend, started: Started) -> None:
    async with asyncio.timeout(60):
        while True:
            async with backend.store.read() as work:
                if await work.deliveries.next_copy({started.session_id}) is None:
                    return
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "ack",
    [
        (),
        None,
        {"produced_text_version_pk": 1},
        {"session_id": "{session}", "message_pk": 2},
        {"session_id": "{session}", "message_pk": 2, "produced_text_version_pk": 1},
        {"session_id": "{session}", "produced_text_version_pk": 99},
        {"session_id": "another", "produced_text_version_pk": 1},
    ],
)
async def test_a_draft_is_not_acknowledged_by(
    api: Api, backend: Backend, url: str, llm: ScriptedLlm, ack: object
) -> None:
    async with listening(url, api.token or "") as heard:

        def answer(said: dict[str, str]) -> object:
            if not isinstance(ack, dict):
                return ack
            filled = {**ack}
            if filled.get("session_id") == "{session}":
                filled["session_id"] = said["session_id"]
            return filled

        heard.acks = {"draft_message": answer}
        started = await _answered(api, heard, llm, DRAFT)
        await heard.until("draft_message", times=3)
        heard.acknowledge_all()
        await _settled(backend, started)


async def test_a_number_may_be_a_string(
    api: Api, backend: Backend, url: str, llm: ScriptedLlm
) -> None:
    async with listening(url, api.token or "") as heard:
        heard.acks = {
            "draft_message": lambda said: {
                "session_id": said["session_id"],
                "produced_text_version_pk": str(said["produced_text_version_pk"]),
            }
        }
        started = await _answered(api, heard, llm, DRAFT)
        await heard.until("draft_message")
        await _settled(backend, started)


async def test_who_comes_later_gets_what_was_not_acknowledged(
    api: Api, backend: Backend, url: str, llm: ScriptedLlm
) -> None:
    llm.add(QUESTION)
    started = await api.created()
    await started.say("Go")
    await backend.background.idle()
    async with listening(url, api.token or "") as heard:
        heard.acknowledge_all()
        await heard.join(started.session_id)
        assert (await heard.until("mojo_message"))["text"] == "Who?"
        await _settled(backend, started)


async def test_one_of_two_clients_is_enough(
    api: Api, backend: Backend, url: str, llm: ScriptedLlm
) -> None:
    async with (
        listening(url, api.token or "") as silent,
        listening(url, api.token or "") as heard,
    ):
        heard.acknowledge_all()
        started = await _answered(api, heard, llm, QUESTION)
        await silent.join(started.session_id)
        await heard.until("mojo_message")
        await _settled(backend, started)


async def test_a_restart_forgets_no_message(settings: BackendSettings) -> None:
    async def source() -> ScriptedLlm:
        return ScriptedLlm(QUESTION)

    secret = SecretStr("s")
    async with (
        open_backend(settings, secret=secret, llm=source) as backend,
        on_loopback(backend) as url,
    ):
        import httpx

        async with httpx.AsyncClient(base_url=url) as http:
            token = (await Api(http, "s").post("/local_session")).json()["token"]
            started = await Api(http, token).created()
            await started.say("Go")
            await backend.background.idle()
    async with (
        open_backend(settings, secret=secret, llm=source) as backend,
        on_loopback(backend) as url,
        listening(url, token) as heard,
    ):
        heard.acknowledge_all()
        await heard.join(started.session_id)
        assert (await heard.until("mojo_message"))["text"] == "Who?"
        await _settled(backend, started)
