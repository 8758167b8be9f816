"""Accounts on an original server: a new one gets its tasks, a password is forgotten."""

from pathlib import Path

import pytest

from mojodex_tui.client.credentials import CredentialSources
from mojodex_tui.client.errors import Refused
from mojodex_tui.client.session import MojodexClient
from mojodex_tui.wire.errors import SOMETHING_WEIRD
from tests.client.loopback import Answer, Server, says

NOBODY = CredentialSources(environ={})
CATEGORY = {"product_category_pk": 3, "emoji": "📚", "name": "All", "description": ""}
TAKEN = ("PUT", "/associate_free_product")
INTRODUCED = ("PUT", "/onboarding")


@pytest.mark.parametrize(
    ("presented", "categories", "product", "done"),
    [
        (False, [CATEGORY], says({"purchasable_products": []}), [TAKEN, INTRODUCED]),
        (False, [CATEGORY], says({"error": "already had a purchase"}, 400), [TAKEN, INTRODUCED]),
        (False, [CATEGORY], says({"message": "Internal Server Error"}, 500), [TAKEN]),
        (False, [CATEGORY, CATEGORY], says({}), []),
        (False, [], says({}), []),
        (True, [CATEGORY], says({}), []),
    ],
)
async def test_a_new_account_takes_the_product_that_is_for_everybody(
    server: Server,
    tmp_path: Path,
    presented: bool,
    categories: list[object],
    product: Answer,
    done: list[tuple[str, str]],
) -> None:
    account = {"token": "t", "name": "Ada", "language_code": "en", "company_fk": None}
    server.on("PUT", "/user", says({**account, "terms_and_conditions_agreed": False}))
    server.on("GET", "/onboarding", says({"onboarding_presented": presented}))
    server.on("GET", "/product_category", says({"product_categories": categories}))
    server.on(*TAKEN, product)
    server.on(*INTRODUCED, says({"user_id": "1"}))
    async with MojodexClient(server.url, tmp_path, sources=NOBODY) as mojodex:
        made = await mojodex.api.register("Ada", "ada@example.com", "secret")
        assert made.token == "t"
    calls = [(call.method, call.path) for call in server.calls]
    assert [call for call in calls if call in {TAKEN, INTRODUCED}] == done
    assert {call.secret for call in server.calls if call.path == "/onboarding"} == {"t"}


async def test_a_server_without_mail_is_told(server: Server, tmp_path: Path) -> None:
    server.on("PUT", "/password", says({"error": SOMETHING_WEIRD}, 409))
    async with MojodexClient(server.url, tmp_path, sources=NOBODY) as mojodex:
        with pytest.raises(Refused, match="could not mail a link") as told:
            await mojodex.api.forgot_password("demo@example.com")
        assert SOMETHING_WEIRD in told.value.raw
        server.on("PUT", "/password", says({"error": "No such address"}, 400))
        with pytest.raises(Refused, match="No such address"):
            await mojodex.api.forgot_password("demo@example.com")
