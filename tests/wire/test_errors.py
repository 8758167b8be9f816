"""Every failed answer that was recorded has a text to show."""

import json

import pytest

from mojodex_tui.wire.errors import (
    NO_PURCHASE,
    SOMETHING_WEIRD,
    TERMS_NOT_ACCEPTED,
    TOKEN_EXPIRED,
    TOKEN_INVALID,
    error_text,
)
from tests.wire.recording import SCENARIOS, exchanges


def failures() -> list[tuple[int, str]]:
    """Return the status and the text of every recorded failure."""
    found = []
    for scenario in SCENARIOS:
        for exchange in exchanges(scenario):
            if not exchange.good:
                body = exchange.body
                raw = body if isinstance(body, str) else json.dumps(body)
                text = error_text(exchange.status, raw, exchange.content_type)
                found.append((exchange.status, text))
                if isinstance(body, dict):
                    assert text == (body.get("error") or body.get("message")), exchange.where
    return found


def test_every_recorded_failure_has_a_text() -> None:
    found = failures()
    assert len(found) > 100
    assert all(text and "<" not in text[:1] for _, text in found)


def test_the_texts_we_know_were_recorded() -> None:
    found = set(failures())
    assert (402, NO_PURCHASE) in found
    assert (401, TERMS_NOT_ACCEPTED) in found
    assert (403, TOKEN_EXPIRED) in found
    assert (403, TOKEN_INVALID) in found
    assert (400, SOMETHING_WEIRD) in found
    assert (404, "404 Not Found") in found


@pytest.mark.parametrize(
    ("status", "body", "content_type", "text"),
    [
        (400, b'{"error": "Invalid request"}', "application/json", "Invalid request"),
        (500, b'{"message": "Internal Server Error"}', "", "Internal Server Error"),
        (400, '{"error": {"code": 1}}', "application/json", '{"code": 1}'),
        (400, '{"error": ""}', "application/json", "400 Bad Request"),
        (500, "{}", "application/json", "500 Internal Server Error"),
        (502, "<html><title>502 Bad\n Gateway</title>", "text/html", "502 Bad Gateway"),
        (504, "<p>late &amp; lost</p>", "text/html", "504 Gateway Timeout"),
        (503, " try later \n", "text/plain", "try later"),
        (500, b"\xff", "text/plain", "\ufffd"),
        (500, b"", "", "500 Internal Server Error"),
        (599, b"", "", "HTTP status 599"),
        (400, "[1]", "application/json", "[1]"),
    ],
)
def test_any_body_has_a_text(status: int, body: bytes | str, content_type: str, text: str) -> None:
    assert error_text(status, body, content_type) == text
