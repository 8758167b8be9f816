"""The catalog and the products behind it."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from mojodex_tui.backend.asgi import open_backend
from mojodex_tui.backend.catalog.files import SHIPPED_TASKS
from mojodex_tui.backend.settings import BackendSettings
from tests.backend.client import Api


async def test_pages_follow_each_other(api: Api) -> None:
    everything = (await api.get("/user_task")).json()["user_tasks"]
    pages = [
        (await api.get("/user_task", n_user_tasks=5, offset=offset)).json()["user_tasks"]
        for offset in range(0, len(everything), 5)
    ]
    assert [task for page in pages for task in page] == everything
    assert [task["task_pk"] for task in everything] == sorted(t["task_pk"] for t in everything)


async def test_mobile_clients_see_tasks_too(api: Api) -> None:
    assert (await api.get("/user_task", platform="mobile")).json()["user_tasks"]
    refused = await api.get("/user_task", platform="cli")
    assert (refused.status_code, refused.json()) == (
        404,
        {"error": "the platform 'cli' is invalid"},
    )


async def test_foreign_tasks_do_not_exist(api: Api, other: Api) -> None:
    pk = (await other.get("/user_task")).json()["user_tasks"][0]["user_task_pk"]
    assert (await other.get("/user_task", user_task_pk=pk)).status_code == 200
    refused = await api.get("/user_task", user_task_pk=pk)
    assert (refused.status_code, refused.json()) == (
        400,
        {"error": f"Invalid user_task_pk: {pk} for this user"},
    )
    assert (await api.put("/user_task_execution", user_task_pk=pk)).status_code == 402


async def test_a_task_of_the_users_own_appears_and_a_broken_one_is_told(
    settings: BackendSettings,
) -> None:
    import httpx

    settings.tasks_dir.mkdir(parents=True)
    text = (SHIPPED_TASKS / "meeting_recap.yaml").read_text()
    own = text.replace("name_for_system: meeting_recap", "name_for_system: my_task")
    (settings.tasks_dir / "my_task.yaml").write_text(own)
    (settings.tasks_dir / "broken.yaml").write_text("task_type: [")
    async with open_backend(settings, secret=SecretStr("s")) as backend:
        transport = httpx.ASGITransport(backend.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
            local = Api(http, "s")
            token = (await local.post("/local_session")).json()["token"]
            tasks = (await Api(http, token).get("/user_task")).json()["user_tasks"]
            problems = [problem.file for problem in backend.uses.catalog.problems]
    assert [task["task_name"] for task in tasks].count("Meeting recap") == 2
    assert "broken.yaml" in problems


async def test_says_what_it_is(anybody: Api) -> None:
    said = (await anybody.http.get("/backend")).json()
    assert said["name"] == "mojodex-tui"
    assert said["assistant"] == {"kind": "model", "label": "scripted"}
    assert said["catalog_problems"] == []


async def test_original_clients_find_a_product(other: Api) -> None:
    [category] = (await other.get("/product_category")).json()["product_categories"]
    taken = await other.put(
        "/associate_free_product", product_category_pk=category["product_category_pk"]
    )
    [held] = taken.json()["current_purchases"]
    assert held["is_free_product"] is True
    assert len(held["tasks"]) >= 12
    purchases = (await other.get("/purchase")).json()
    assert purchases["current_purchases"] == [held]
    assert purchases["last_expired_purchase"] == []
    refused = await other.put("/associate_free_product", product_category_pk=99)
    assert refused.status_code == 400


async def test_registration_can_be_closed(tmp_path: Path) -> None:
    import httpx

    settings = BackendSettings(data_dir=tmp_path, local=True)
    async with open_backend(settings, secret=SecretStr("s")) as backend:
        transport = httpx.ASGITransport(backend.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
            body = {"email": "a@example.com", "name": "A", "password": "p"}
            assert (await Api(http).put("/user", **body)).status_code == 400
            assert (await http.get("/openapi.json")).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_wrong_methods_and_addresses(api: Api, method: str) -> None:
    refused = await api.http.request(method, "/user_task")
    assert (refused.status_code, refused.json()) == (
        405,
        {"message": "The method is not allowed for the requested URL."},
    )
    missing = await api.http.request(method, "/nope")
    assert missing.status_code == 404
    assert missing.text.startswith("<!doctype html>")


async def test_other_origins_may_call_a_team_server(api: Api) -> None:
    answer = await api.http.get("/", headers={"Origin": "https://app.example.com"})
    assert answer.headers["access-control-allow-origin"] == "*"
