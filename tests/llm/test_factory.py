import asyncio
from dataclasses import dataclass

import pytest
from pydantic import SecretStr, ValidationError

from mojodex_tui.backend.llm.factory import LlmSettings, choose_llm
from mojodex_tui.backend.llm.openai_compatible import OpenAiCompatible
from mojodex_tui.backend.llm.port import Llm
from tests.llm_server import LlmServer

NOWHERE = {"OLLAMA_HOST": "127.0.0.1:9"}
"""Keeps a test from finding an Ollama of this machine."""


@dataclass(frozen=True)
class Chosen:
    base_url: str
    model: str
    key: str | None


def chosen(llm: Llm) -> Chosen:
    assert isinstance(llm, OpenAiCompatible)
    endpoint = llm._endpoint
    key = endpoint.api_key.get_secret_value() if endpoint.api_key else None
    return Chosen(endpoint.base_url, endpoint.model, key)


OPENAI = "https://api.openai.com/v1"
EVERYTHING = {
    "MOJODEX_LLM_BASE_URL": "http://m/v1",
    "MOJODEX_LLM_API_KEY": "mk",
    "OPENAI_API_KEY": "ok",
    "MISTRAL_API_KEY": "ik",
    "OPENROUTER_API_KEY": "rk",
    **NOWHERE,
}


@pytest.mark.parametrize(
    ("settings", "environ", "expected"),
    [
        (
            LlmSettings(base_url="http://s/v1/", model="sm", api_key=SecretStr("sk")),
            EVERYTHING,
            Chosen("http://s/v1", "sm", "sk"),
        ),
        (
            LlmSettings(base_url="http://s", model="sm"),
            EVERYTHING,
            Chosen("http://s/v1", "sm", "mk"),
        ),
        (
            LlmSettings(base_url="http://s/v1", model="sm"),
            {"OPENAI_API_KEY": "ok"},
            Chosen("http://s/v1", "sm", None),
        ),
        (LlmSettings(api_key=SecretStr("sk")), EVERYTHING, Chosen(OPENAI, "gpt-4.1-mini", "sk")),
        (LlmSettings(model="sm"), EVERYTHING, Chosen("http://m/v1", "sm", "mk")),
        (
            LlmSettings(),
            {**EVERYTHING, "MOJODEX_LLM_MODEL": "mm"},
            Chosen("http://m/v1", "mm", "mk"),
        ),
        (LlmSettings(), {"OPENAI_API_KEY": "ok"}, Chosen(OPENAI, "gpt-4.1-mini", "ok")),
        (
            LlmSettings(),
            {"OPENAI_API_KEY": "ok", "OPENAI_MODEL": "om", "OPENAI_BASE_URL": "http://o/v1"},
            Chosen("http://o/v1", "om", "ok"),
        ),
        (
            LlmSettings(),
            {"MISTRAL_API_KEY": "ik", "OPENROUTER_API_KEY": "rk"},
            Chosen("https://api.mistral.ai/v1", "mistral-small-latest", "ik"),
        ),
        (
            LlmSettings(),
            {"OPENAI_API_KEY": "", "OPENROUTER_API_KEY": "rk"},
            Chosen("https://openrouter.ai/api/v1", "openrouter/auto", "rk"),
        ),
    ],
)
async def test_the_first_that_is_set_wins(
    settings: LlmSettings, environ: dict[str, str], expected: Chosen
) -> None:
    assert chosen(await choose_llm(settings, environ)) == expected


async def test_an_ollama_that_answers_is_used_with_its_first_chat_model(server: LlmServer) -> None:
    server.models = ("nomic-embed-text:latest", "llama3.1:8b", "qwen3:4b")
    found = await choose_llm(LlmSettings(), {"OLLAMA_HOST": f"0.0.0.0:{server.port}"})
    assert chosen(found) == Chosen(server.base_url, "llama3.1:8b", None)
    assert found.label == f"llama3.1:8b at 127.0.0.1:{server.port}"
    named = await choose_llm(LlmSettings(model="qwen3:4b"), {"OLLAMA_HOST": server.url})
    assert chosen(named).model == "qwen3:4b"


async def test_a_server_without_a_named_model_is_asked_for_one(server: LlmServer) -> None:
    server.models = ("bge-m3", "local-chat")
    found = await choose_llm(LlmSettings(base_url=server.base_url), NOWHERE)
    assert chosen(found) == Chosen(server.base_url, "local-chat", None)
    closed = await choose_llm(LlmSettings(base_url="http://127.0.0.1:9/v1"), NOWHERE)
    assert chosen(closed).model == "default"


@pytest.mark.parametrize("models", [(), ("nomic-embed-text",)])
async def test_without_any_model_the_offline_assistant_answers(
    server: LlmServer, models: tuple[str, ...]
) -> None:
    server.models = models
    assert not (await choose_llm(LlmSettings(), {"OLLAMA_HOST": server.url})).is_model
    assert not (await choose_llm(LlmSettings(), NOWHERE)).is_model


async def test_offline_can_be_asked_for(server: LlmServer) -> None:
    environ = {"OLLAMA_HOST": server.url, "OPENAI_API_KEY": "ok"}
    assert not (await choose_llm(LlmSettings(base_url="offline"), environ)).is_model
    environ["MOJODEX_LLM_BASE_URL"] = "offline"
    assert not (await choose_llm(LlmSettings(), environ)).is_model


async def test_a_port_that_takes_calls_and_says_nothing_costs_little() -> None:
    given_up = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        given_up.set()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as mute:
        port = mute.sockets[0].getsockname()[1]
        found = await choose_llm(LlmSettings(), {"OLLAMA_HOST": f"127.0.0.1:{port}"})
        await given_up.wait()
    assert not found.is_model


def test_settings_are_frozen_and_keep_the_key_to_themselves() -> None:
    settings = LlmSettings(api_key=SecretStr("sk-1"))
    assert "sk-1" not in repr(settings)
    with pytest.raises(ValidationError):
        LlmSettings.model_validate({"modle": "typo"})
    with pytest.raises(ValidationError):
        settings.model = "x"  # type: ignore[misc]  # that it is refused is the point
