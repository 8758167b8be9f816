"""The scripted server itself, as a process of its own."""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

ASK = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}


@pytest.fixture
def port() -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.llm_server", "--tokens", "5", "--until-stdin-ends"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    yield json.loads(process.stdout.readline())["port"]
    process.stdin.close()
    assert process.wait(10) == 0
    process.stdout.close()


def call(port: int, method: str, path: str, body: object = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, None if body is None else json.dumps(body))
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def contents(stream: str) -> list[str]:
    events = [line.removeprefix("data: ") for line in stream.splitlines() if line]
    assert events.pop() == "[DONE]"
    chunks: list[Any] = [json.loads(event) for event in events]
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks if chunk["choices"]]
    return [delta["content"] for delta in deltas if "content" in delta]


def test_it_says_its_script_and_remembers_the_calls(port: int) -> None:
    replies = [{"text": "<draft>a b"}, {"text": "a<", "chunk": "char"}, {"fail": "500"}]
    assert call(port, "POST", "/script", replies) == (200, '{"queued": 3}')
    before = time.time()
    streamed = {**ASK, "stream": True}
    path = "/v1/chat/completions"
    assert contents(call(port, "POST", path, streamed)[1]) == ["<draft>a", " b"]
    assert contents(call(port, "POST", path, streamed)[1]) == ["a", "<"]
    assert call(port, "POST", path, streamed)[0] == 500
    status, whole = call(port, "POST", path, ASK)
    assert status == 200
    assert "<draft>" in json.loads(whole)["choices"][0]["message"]["content"]
    kept = json.loads(call(port, "GET", "/requests")[1])
    assert kept["count"] == 4
    first = kept["requests"][0]
    assert first["messages"] == ASK["messages"]
    assert before <= first["received"] <= first["first_token"] <= first["last_token"] <= time.time()
    assert call(port, "DELETE", "/requests")[0] == 200
    assert json.loads(call(port, "GET", "/requests")[1])["count"] == 0


def test_purposes_have_their_own_replies(port: int) -> None:
    call(port, "POST", "/script", {"text": "named", "purpose": "title", "times": 0})
    plain = json.loads(call(port, "POST", "/v1/chat/completions", ASK)[1])
    assert "named" not in plain["choices"][0]["message"]["content"]
    title = {"model": "m", "messages": [{"role": "user", "content": "write <summary>"}]}
    for _ in range(2):
        answer = json.loads(call(port, "POST", "/v1/chat/completions", title)[1])
        assert answer["choices"][0]["message"]["content"] == "named"
    call(port, "DELETE", "/script")
    answer = json.loads(call(port, "POST", "/v1/chat/completions", title)[1])
    assert answer["choices"][0]["message"]["content"].startswith("<title>")


def test_it_lists_its_models(port: int) -> None:
    assert json.loads(call(port, "GET", "/v1/models")[1])["data"][0]["id"] == "scripted-1"
    assert json.loads(call(port, "GET", "/api/tags")[1])["models"][0]["name"] == "scripted-1"
    assert call(port, "GET", "/nothing")[0] == 404
