import asyncio
import logging
import subprocess
import sys
import time
import traceback
from contextlib import aclosing
from dataclasses import replace

import pytest
from pydantic import SecretStr

from mojodex_tui.backend.domain.briefs import Turn
from mojodex_tui.backend.llm.endpoint import Endpoint
from mojodex_tui.backend.llm.errors import (
    ContextTooLong,
    LlmError,
    ModelBusy,
    ModelFailed,
    ModelRefused,
    ModelSilent,
    ModelUnreachable,
)
from mojodex_tui.backend.llm.openai_compatible import OpenAiCompatible, Patience
from mojodex_tui.backend.llm.port import Ask, Usage
from tests.assistants.briefs import BRIEF
from tests.llm_server import LlmServer, Reply, Request

KEY = "sk-very-secret-4711"
HASTE = Patience(connect=2, first_token=20, between_tokens=20, pause=0.001)
ASK = Ask(
    BRIEF,
    (Turn("system", "Rules."), Turn("user", "Hi"), Turn("assistant", "Yo"), Turn("user", "?")),
)


def model(server: LlmServer, patience: Patience = HASTE, key: str | None = KEY) -> OpenAiCompatible:
    secret = SecretStr(key) if key is not None else None
    return OpenAiCompatible(Endpoint(server.base_url, "test-model", secret), patience)


async def said(llm: OpenAiCompatible, ask: Ask = ASK) -> tuple[list[str], list[Usage]]:
    """Return the pieces and the costs."""
    texts: list[str] = []
    costs: list[Usage] = []
    async with aclosing(llm.stream(ask)) as pieces:
        async for piece in pieces:
            if isinstance(piece, Usage):
                costs.append(piece)
            elif isinstance(piece, str):
                texts.append(piece)
    return texts, costs


async def until_hung_up(server: LlmServer) -> None:
    await asyncio.to_thread(server.wait_for, lambda: server.requests[-1].hung_up)


async def test_the_answer_comes_in_the_servers_pieces_and_with_its_cost(server: LlmServer) -> None:
    server.queue(Reply("one <draft>two</draft> three"))
    texts, costs = await said(model(server))
    assert texts == ["one", " <draft>two</draft>", " three"]
    assert costs == [Usage("test-model", 4, 3)]
    (request,) = server.requests
    assert [message["role"] for message in request.messages] == [
        "system",
        "user",
        "assistant",
        "user",
    ]
    assert [message["content"] for message in request.messages] == ["Rules.", "Hi", "Yo", "?"]
    assert request.authorization == f"Bearer {KEY}"
    assert set(request.body) == {
        "model",
        "messages",
        "stream",
        "stream_options",
        "max_tokens",
        "temperature",
    }
    assert request.body["max_tokens"] == 4000
    assert request.body["temperature"] == 0


async def test_pieces_come_when_they_are_sent(server: LlmServer) -> None:
    server.queue(Reply("one two three", rate=4))
    async with aclosing(model(server).stream(ASK)) as pieces:
        arrivals = [time.monotonic() async for _ in pieces]
    assert arrivals[2] - arrivals[0] > 0.4


async def test_what_is_not_counted_is_guessed_and_marked(server: LlmServer) -> None:
    server.queue(Reply("one two three", usage=False))
    _, (cost,) = await said(model(server))
    assert cost.estimated
    assert cost.output_tokens == len("one two three") // 4 + 1
    assert cost.input_tokens > 1


@pytest.mark.parametrize(
    ("fail", "kind", "words"),
    [
        ("400", ModelRefused, "does not accept the request for test-model. It said: one two"),
        ("401", ModelRefused, "does not accept the key"),
        ("403", ModelRefused, "does not accept the key"),
        ("404", ModelRefused, "has no model 'test-model'"),
        ("context", ContextTooLong, "too long for test-model"),
        ("length", ContextTooLong, "cut off at 4000 tokens"),
        ("empty", ModelSilent, "answered with nothing"),
        ("cut", ModelFailed, "broke before the answer was whole"),
        ("error", ModelFailed, "failed. Try again"),
    ],
)
async def test_a_failure_that_stays_is_told_at_once(
    server: LlmServer, fail: str, kind: type[LlmError], words: str
) -> None:
    server.queue(Reply("one two three four five", fail=fail, times=0))
    with pytest.raises(kind, match=words):
        await said(model(server))
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("fail", "kind"), [("429", ModelBusy), ("500", ModelFailed), ("503", ModelFailed)]
)
async def test_a_passing_failure_is_tried_again_and_then_told(
    server: LlmServer, fail: str, kind: type[LlmError]
) -> None:
    server.queue(Reply(fail=fail, times=3), Reply("Here I am"))
    texts, _ = await said(model(server))
    assert "".join(texts) == "Here I am"
    assert len(server.requests) == 4
    server.queue(Reply(fail=fail, times=0))
    with pytest.raises(kind, match=f"127.0.0.1:{server.port}"):
        await said(model(server))
    assert len(server.requests) == 8


async def test_a_stream_that_breaks_before_its_first_token_is_tried_again(
    server: LlmServer,
) -> None:
    server.queue(Reply("gone", fail="cut", after=0), Reply("Here"))
    texts, _ = await said(model(server))
    assert texts == ["Here"]


async def test_a_server_that_asks_to_wait_is_waited_for(server: LlmServer) -> None:
    server.queue(Reply(fail="429", retry_after=1), Reply("Here"))
    await said(model(server))
    first, second = server.requests
    assert second.received - first.received >= 1


async def test_a_server_that_asks_for_too_long_is_not_waited_for(server: LlmServer) -> None:
    server.queue(Reply(fail="429", retry_after=3600, times=0))
    with pytest.raises(ModelBusy, match="asks to wait 3600 s"):
        await said(model(server))
    assert len(server.requests) == 1


async def test_a_silent_server_is_given_up(server: LlmServer) -> None:
    server.queue(Reply(fail="mute"))
    with pytest.raises(ModelSilent, match=r"said nothing for 0\.2 s"):
        await said(model(server, replace(HASTE, first_token=0.2)))
    await until_hung_up(server)
    assert len(server.requests) == 1


async def test_a_stream_that_stalls_is_given_up(server: LlmServer) -> None:
    server.queue(Reply("one two three four", fail="stall", after=2))
    async with aclosing(model(server, replace(HASTE, between_tokens=0.2)).stream(ASK)) as pieces:
        assert [await anext(pieces), await anext(pieces)] == ["one", " two"]
        with pytest.raises(ModelSilent, match=r"said nothing for 0\.2 s"):
            await anext(pieces)
    await until_hung_up(server)


async def test_no_server_is_named_with_its_address(server: LlmServer) -> None:
    nowhere = Endpoint("http://user:pass@127.0.0.1:9/v1", "m", SecretStr(KEY))
    with pytest.raises(
        ModelUnreachable, match=r"Nothing answers at http://127\.0\.0\.1:9/v1"
    ) as caught:
        await said(OpenAiCompatible(nowhere, HASTE))
    assert caught.value.retryable


async def test_a_missing_key_is_named(server: LlmServer) -> None:
    server.queue(Reply(fail="401"))
    with pytest.raises(ModelRefused, match="asks for a key, and none is set") as caught:
        await said(model(server, key=None))
    assert not caught.value.retryable


async def test_closing_the_stream_closes_the_connection(server: LlmServer) -> None:
    server.queue(Reply("one two three " * 100, rate=20))
    async with aclosing(model(server).stream(ASK)) as pieces:
        assert await anext(pieces) == "one"
    await until_hung_up(server)


async def test_cancelling_the_reader_closes_the_connection(server: LlmServer) -> None:
    server.queue(Reply("one", fail="stall", after=1))
    task = asyncio.create_task(said(model(server)))
    await asyncio.to_thread(
        server.wait_for, lambda: any(request.pieces for request in server.requests)
    )
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until_hung_up(server)


@pytest.mark.parametrize("field", ["stream_options", "temperature", "max_tokens"])
async def test_a_field_the_server_refuses_is_left_out_from_then_on(
    server: LlmServer, field: str
) -> None:
    def strict(request: Request) -> Reply:
        if field in request.body:
            return Reply(f"Extra inputs are not permitted: {field}", fail="400")
        return Reply("Fine")

    server.rule = strict
    llm = model(server)
    texts, _ = await said(llm)
    assert texts == ["Fine"]
    assert len(server.requests) == 2
    await said(llm)
    assert len(server.requests) == 3


async def test_two_calls_at_once_share_a_model(server: LlmServer) -> None:
    server.queue(Reply("one two", rate=20), Reply("one two", rate=20))
    llm = model(server)
    both = await asyncio.gather(said(llm), said(llm))
    assert [texts for texts, _ in both] == [["one", " two"]] * 2


@pytest.mark.parametrize("fail", ["400", "401", "404", "429", "500", "cut", "error"])
async def test_the_key_is_in_no_text_and_no_log(
    server: LlmServer, caplog: pytest.LogCaptureFixture, fail: str
) -> None:
    caplog.set_level(logging.DEBUG)
    server.queue(Reply(f"one two three four {KEY}", fail=fail, times=0))
    llm = model(server, replace(HASTE, attempts=2))
    with pytest.raises(LlmError) as caught:
        await said(llm)
    told = "".join(traceback.format_exception(caught.value))
    assert KEY not in told + caplog.text + repr(llm) + llm.label


async def test_a_key_the_server_repeats_is_hidden(server: LlmServer) -> None:
    server.queue(Reply(f"bad key {KEY} here", fail="400", times=0))
    with pytest.raises(ModelRefused, match="bad key … here") as caught:
        await said(model(server))
    assert KEY not in "".join(traceback.format_exception(caught.value))


async def test_a_proxy_is_not_asked_for_this_machine(
    server: LlmServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    server.queue(Reply("Here"))
    assert (await said(model(server)))[0] == ["Here"]


def test_the_label_names_model_and_server() -> None:
    endpoint = Endpoint("http://me:pw@localhost:11434/v1", "llama3.1")
    assert OpenAiCompatible(endpoint).label == "llama3.1 at localhost:11434"


def test_nothing_heavy_is_imported_before_the_first_call() -> None:
    code = (
        "import sys\n"
        "import mojodex_tui.backend.assistants.instruct, mojodex_tui.backend.assistants.titles\n"
        "import mojodex_tui.backend.llm.factory\n"
        "print({'pydantic_ai', 'openai', 'httpx', 'httpx2', 'jinja2'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
