"""Finds the model to use: what is set, else what is there, else the offline assistant."""

import asyncio
import http.client
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from pydantic import ConfigDict, SecretStr

from mojodex_tui.backend.llm.endpoint import Endpoint, Prices
from mojodex_tui.backend.llm.openai_compatible import OpenAiCompatible, Patience
from mojodex_tui.backend.llm.port import Llm
from mojodex_tui.settings.sections import OFFLINE, LlmPrices, LlmTimeouts

_OPENAI = "https://api.openai.com/v1"
_OLLAMA = "http://127.0.0.1:11434"
_OLLAMA_PORT = 11434
_PROBE_SECONDS = 0.3
_SOME_MODEL = "default"
"""For servers that serve one model under any name and could not be asked."""


class LlmSettings(LlmTimeouts, LlmPrices):
    """Which model to use. What is left out is looked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str | None = None
    """An OpenAI-compatible server, up to `/v1`; `offline` for none."""
    model: str | None = None
    api_key: SecretStr | None = None


@dataclass(frozen=True)
class _Found:
    """A server that is set, with perhaps no model yet."""

    base_url: str
    api_key: str | None
    model: str | None


async def choose_llm(settings: LlmSettings, environ: Mapping[str, str] = os.environ) -> Llm:
    """Return the model to use.

    The first of: the settings; `MOJODEX_LLM_BASE_URL`, `_API_KEY`; `OPENAI_BASE_URL`, `_API_KEY`;
    `MISTRAL_API_KEY`; `OPENROUTER_API_KEY`; an Ollama at `OLLAMA_HOST` or on this machine that
    answers within 300 ms; the offline assistant. A model named in the settings or in
    `MOJODEX_LLM_MODEL` holds for all of them. No other network is touched, and nothing heavy is
    imported.
    """
    model = settings.model or environ.get("MOJODEX_LLM_MODEL") or None
    found = _from_settings(settings, environ) or _from_environment(environ)
    if found is None:
        endpoint = await _ollama(_ollama_address(environ), model)
    elif found.base_url == OFFLINE:
        endpoint = None
    else:
        endpoint = await _complete(found, model)
    if endpoint is None:
        # The offline assistant reads dates and languages, which costs time to import.
        from mojodex_tui.backend.llm.offline.assistant import OfflineAssistant

        return OfflineAssistant()
    prices = Prices(settings.price_read, settings.price_written)
    return OpenAiCompatible(
        replace(endpoint, prices=prices),
        Patience(
            connect=settings.connect_timeout,
            first_token=settings.first_token_timeout,
            between_tokens=settings.between_tokens_timeout,
        ),
    )


def _from_settings(settings: LlmSettings, environ: Mapping[str, str]) -> _Found | None:
    key = settings.api_key.get_secret_value() if settings.api_key else None
    if not (settings.base_url or key):
        return None
    own_key = key or environ.get("MOJODEX_LLM_API_KEY")
    return _Found(settings.base_url or _OPENAI, own_key, _default_model(settings.base_url))


def _from_environment(environ: Mapping[str, str]) -> _Found | None:
    for prefix in ("MOJODEX_LLM", "OPENAI"):
        base_url, key = environ.get(f"{prefix}_BASE_URL"), environ.get(f"{prefix}_API_KEY")
        if base_url or key:
            model = environ.get(f"{prefix}_MODEL") or _default_model(base_url)
            return _Found(base_url or _OPENAI, key, model)
    if key := environ.get("MISTRAL_API_KEY"):
        return _Found("https://api.mistral.ai/v1", key, "mistral-small-latest")
    if key := environ.get("OPENROUTER_API_KEY"):
        return _Found("https://openrouter.ai/api/v1", key, "openrouter/auto")
    return None


def _default_model(base_url: str | None) -> str | None:
    """Return OpenAI's model when OpenAI is meant; other servers are asked what they have."""
    return "gpt-4.1-mini" if not base_url or base_url.startswith(_OPENAI) else None


async def _complete(found: _Found, model: str | None) -> Endpoint:
    base_url = found.base_url.rstrip("/")
    if not urlsplit(base_url).path:
        base_url += "/v1"
    chosen = model or found.model
    if chosen is None:
        listed = await _ask(f"{base_url}/models", found.api_key)
        chosen = _first_chat_model(listed.get("data"), "id") or _SOME_MODEL
    return Endpoint(base_url, chosen, SecretStr(found.api_key) if found.api_key else None)


def _ollama_address(environ: Mapping[str, str]) -> str:
    """Return where Ollama listens; `OLLAMA_HOST` has its forms, among them the server's own."""
    host = environ.get("OLLAMA_HOST") or _OLLAMA
    parts = urlsplit(host if "://" in host else f"http://{host}")
    name = parts.hostname or "127.0.0.1"
    if name in {"0.0.0.0", "::"}:  # noqa: S104  # where a server listens is no place to call
        name = "127.0.0.1"
    return f"{parts.scheme}://{name}:{parts.port or _OLLAMA_PORT}"


async def _ollama(address: str, model: str | None) -> Endpoint | None:
    listed = await _ask(f"{address}/api/tags", None)
    first = _first_chat_model(listed.get("models"), "name")
    if first is None:
        return None
    return Endpoint(f"{address}/v1", model or first)


def _first_chat_model(listed: object, key: str) -> str | None:
    """Return the first model that is not for embeddings."""
    for entry in listed if isinstance(listed, list) else []:
        name = entry.get(key) if isinstance(entry, dict) else None
        if isinstance(name, str) and not any(sign in name for sign in ("embed", "bge-", "minilm")):
            return name
    return None


async def _ask(url: str, key: str | None) -> dict[str, Any]:
    """Return the JSON object at `url`, empty when there is none soon."""
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            return await asyncio.to_thread(_get, url, key)
    except (OSError, http.client.HTTPException, ValueError):  # a time-out is an OSError too
        return {}


def _get(url: str, key: str | None) -> dict[str, Any]:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc.rpartition("@")[2], timeout=_PROBE_SECONDS)
    try:
        connection.request(
            "GET", parts.path, headers={"Authorization": f"Bearer {key}"} if key else {}
        )
        answer = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return answer if isinstance(answer, dict) else {}
