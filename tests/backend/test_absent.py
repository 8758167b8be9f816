"""What this server does not have is refused with a sentence, never with a mistake of its own."""

import pytest

from tests.backend.client import Api

REFUSED: tuple[tuple[str, str, dict[str, object], int, str], ...] = (
    ("PUT", "/device", {"fcm_token": "x"}, 400, "no notifications"),
    ("GET", "/voice", {"message_pk": 1}, 400, "neither transcribes nor speaks"),
    ("PUT", "/company", {"website_url": "https://example.com"}, 400, "does not read websites"),
    ("POST", "/company", {"correct": True}, 400, "does not read websites"),
    ("PUT", "/resource", {"website_url": "https://example.com"}, 400, "does not read websites"),
    ("POST", "/resource", {"document_pk": 1, "edition": "x"}, 404, "Document not found"),
    ("DELETE", "/resource", {"document_pk": "user_description"}, 404, "Document not found"),
    ("POST", "/vocabulary", {"message_pk": 1}, 400, "marks no names"),
    (
        "PUT",
        "/purchase",
        {"stripe_session_id": "x", "product_stripe_id": "x"},
        400,
        "sells nothing",
    ),
    (
        "GET",
        "/integrations/hubspot",
        {"search_type": "deals", "search_string": "x"},
        400,
        "not connected to HubSpot",
    ),
    ("PUT", "/home_chat", {}, 403, "Invalid secret"),
    ("GET", "/task", {"task_pk": 1}, 403, "Invalid secret"),
    ("PUT", "/product", {}, 403, "Invalid secret"),
)
EMPTY: tuple[tuple[str, str, dict[str, object], object], ...] = (
    ("GET", "/resource", {"learned_by_mojo": "true"}, {"documents": []}),
)


async def _call(api: Api, method: str, path: str, fields: dict[str, object]) -> tuple[int, object]:
    sent = {"datetime": "now", **fields}
    headers = {"Authorization": api.token or ""}
    if method in {"GET", "DELETE"}:
        query = {key: str(value) for key, value in sent.items()}
        answer = await api.http.request(method, path, params=query, headers=headers)
    else:
        answer = await api.http.request(method, path, json=sent, headers=headers)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("method", "path", "fields", "status", "words"), REFUSED, ids=lambda part: str(part)[:30]
)
async def test_is_refused_with_a_sentence(
    api: Api, method: str, path: str, fields: dict[str, object], status: int, words: str
) -> None:
    told, body = await _call(api, method, path, fields)
    assert told == status
    assert isinstance(body, dict)
    assert words in body["error"]


@pytest.mark.parametrize(("method", "path", "fields", "shown"), EMPTY)
async def test_has_nothing_to_show(
    api: Api, method: str, path: str, fields: dict[str, object], shown: object
) -> None:
    assert await _call(api, method, path, fields) == (200, shown)


async def test_a_goal_is_kept(api: Api) -> None:
    assert await _call(api, "PUT", "/goal", {"goal": "Write less"}) == (
        200,
        {"success": "Goal updated"},
    )
