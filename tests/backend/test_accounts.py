"""Sign in, registration, and what an account remembers."""

import time
from datetime import UTC, datetime

import jwt
import pytest

from mojodex_tui.backend.asgi import Backend
from mojodex_tui.backend.services.attempts import (
    PER_ACCOUNT,
    PER_ADDRESS,
    WINDOW,
    Attempts,
    TooManyAttempts,
)
from mojodex_tui.backend.services.passwords import hash_password, is_outdated, is_right
from tests.backend.client import Api
from tests.backend.conftest import SECRET

GENERAL = "Oops, something weird has happened. We'll help you by email!"


async def test_registers_and_logs_in(anybody: Api) -> None:
    made = await anybody.put(
        "/user", email="ada@example.com", name="Ada", password="p4ss", language_code="fr"
    )
    assert made.status_code == 200
    expected = {
        "language_code": "fr",
        "name": "Ada",
        "terms_and_conditions_agreed": False,
        "company_fk": None,
    }
    assert {key: made.json()[key] for key in expected} == expected
    again = await anybody.post(
        "/user", email="ada@example.com", login_method="email_password", password="p4ss"
    )
    assert again.status_code == 200
    assert again.json()["name"] == "Ada"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"password": "wrong"}, "Wrong email or password."),
        ({"email": "nobody@example.com"}, "Wrong email or password."),
        ({"email": "ADA@example.com"}, "Wrong email or password."),
        ({"login_method": "carrier_pigeon"}, GENERAL),
        ({"login_method": None}, GENERAL),
        ({"password": None}, GENERAL),
        ({"datetime": None}, GENERAL),
    ],
)
async def test_refuses_a_wrong_login(
    anybody: Api, changes: dict[str, str | None], text: str
) -> None:
    await anybody.put("/user", email="ada@example.com", name="Ada", password="p4ss")
    body: dict[str, str | None] = {
        "datetime": "now",
        "email": "ada@example.com",
        "login_method": "email_password",
        "password": "p4ss",
        **changes,
    }
    sent = {key: value for key, value in body.items() if value is not None}
    answer = await anybody.http.post("/user", json=sent)
    assert (answer.status_code, answer.json()) == (400, {"error": text})


async def _tries(anybody: Api, password: str, email: str = "ada@example.com") -> tuple[int, str]:
    answer = await anybody.post(
        "/user", email=email, login_method="email_password", password=password
    )
    return answer.status_code, answer.json().get("error", "")


async def test_passwords_are_not_guessed_for_ever(anybody: Api) -> None:
    await anybody.put("/user", email="ada@example.com", name="Ada", password="p4ss")
    wrong = [await _tries(anybody, f"wrong {n}", "Ada@example.com") for n in range(PER_ACCOUNT)]
    assert {*wrong} == {(400, "Wrong email or password.")}
    status, said = await _tries(anybody, "p4ss")
    assert (status, "Too many attempts" in said) == (429, True)
    # Others sign in all the same.
    await anybody.put("/user", email="bea@example.com", name="Bea", password="p4ss")
    assert (await _tries(anybody, "p4ss", "bea@example.com"))[0] == 200


def test_attempts_are_forgotten() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    attempts = Attempts(lambda: now)
    for _ in range(PER_ACCOUNT):
        attempts.begin("a", "here")
    with pytest.raises(TooManyAttempts):
        attempts.begin("a", "here")
    attempts.begin("a", "elsewhere")
    now += WINDOW
    attempts.begin("a", "here")


def test_who_was_right_starts_anew_and_an_address_has_its_share() -> None:
    attempts = Attempts(lambda: datetime(2026, 11, 20, tzinfo=UTC))
    for _ in range(2 * PER_ADDRESS):
        attempts.begin("a", "here")
        attempts.succeed("a", "here")
    for number in range(PER_ADDRESS):
        attempts.begin(f"account {number}", "here")
    with pytest.raises(TooManyAttempts):
        attempts.begin("one more", "here")


async def test_an_email_is_taken_once(anybody: Api) -> None:
    body = {"email": "ada@example.com", "name": "Ada", "password": "p"}
    await anybody.put("/user", **body)
    answer = await anybody.put("/user", **body)
    assert (answer.status_code, answer.json()) == (400, {"error": "Email already exists."})


async def test_the_local_account_is_ready_to_work(anybody: Api) -> None:
    account = (await anybody.of(SECRET).post("/local_session")).json()
    assert account["terms_and_conditions_agreed"] is True
    api = anybody.of(account["token"])
    assert (await api.get("/onboarding")).json() == {"onboarding_presented": True}
    assert len((await api.get("/user_task")).json()["user_tasks"]) >= 12


async def test_the_local_account_is_made_once(anybody: Api) -> None:
    first = (await anybody.of(SECRET).post("/local_session")).json()["token"]
    second = (await anybody.of(SECRET).post("/local_session")).json()["token"]
    tasks = [
        (await anybody.of(token).get("/user_task")).json()["user_tasks"]
        for token in (first, second)
    ]
    assert tasks[0] == tasks[1]


async def test_the_local_account_wants_its_secret(anybody: Api) -> None:
    for secret in ("", "another", None):
        caller = anybody if secret is None else anybody.of(secret)
        answer = await caller.post("/local_session")
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("token", "text"),
    [
        (None, "Authentication error : 'HTTP_AUTHORIZATION'"),
        ("", "Invalid token."),
        ("abc", "Invalid token."),
    ],
)
async def test_refuses_without_a_good_token(anybody: Api, token: str | None, text: str) -> None:
    caller = anybody if token is None else anybody.of(token)
    answer = await caller.http.get("/user_task", headers=caller._headers)
    assert (answer.status_code, answer.json()) == (403, {"error": text})


async def test_refuses_a_prefix_an_old_token_and_an_unknown_user(
    api: Api, anybody: Api, backend: Backend
) -> None:
    key = backend.uses.accounts.tokens.key
    old = jwt.encode({"sub": "x~y", "exp": time.time() - 1}, key, algorithm="HS256")
    unknown = backend.uses.accounts.tokens.issue("0" * 32)
    for token, text in (
        (f"Bearer {api.token}", "Invalid token."),
        (old, "Token expired."),
        (unknown, "Invalid token."),
    ):
        answer = await anybody.of(token).get("/user_task")
        assert (answer.status_code, answer.json()) == (403, {"error": text})


async def test_terms_come_before_executions(anybody: Api) -> None:
    account = await anybody.put("/user", email="a@example.com", name="A", password="p")
    api = anybody.of(account.json()["token"])
    pk = (await api.get("/user_task")).json()["user_tasks"][0]["user_task_pk"]
    refused = await api.put("/user_task_execution", user_task_pk=pk)
    assert refused.status_code == 401
    assert refused.json() == {"error": "Terms and conditions not accepted"}
    assert (await api.put("/session", platform="webapp")).status_code == 401
    assert (await api.put("/terms_and_conditions")).json() == {"success": True}
    assert (await api.put("/user_task_execution", user_task_pk=pk)).status_code == 200


async def test_remembers_language_clock_and_introduction(api: Api, other: Api) -> None:
    assert (await api.post("/language", language_code="fr")).json() == {
        "success": "Language updated"
    }
    assert (await api.post("/timezone", timezone_offset="-60")).json() == {
        "success": "Timezone updated"
    }
    assert (await other.get("/onboarding")).json() == {"onboarding_presented": False}
    assert "user_id" in (await other.put("/onboarding")).json()
    assert (await other.get("/onboarding")).json() == {"onboarding_presented": True}
    names = {task["task_name"] for task in (await api.get("/user_task")).json()["user_tasks"]}
    assert "Compte rendu de réunion" in names


async def test_says_nothing_about_what_is_wrong_with_a_clock(api: Api) -> None:
    for body in ({}, {"timezone_offset": "x"}, {"timezone_offset": 100_000}):
        answer = await api.post("/timezone", **body)
        assert (answer.status_code, answer.json()) == (400, {"error": GENERAL})


async def test_lists_languages_to_anybody(anybody: Api) -> None:
    answer = (await anybody.get("/language", language_code="xx")).json()
    assert answer["available_languages"] == {"en": "English", "es": "Español", "fr": "Français"}
    assert isinstance(answer["language_json_file"], dict)


WERKZEUG = "pbkdf2:sha256:1000$salt$5e9a2f2b0d2c5f4c3a7c1d1a0c9f"  # cut short: not the right hash


async def test_verifies_the_hashes_of_an_original_server() -> None:
    import hashlib

    pbkdf2 = hashlib.pbkdf2_hmac("sha256", b"demo", b"salt", 1000).hex()
    scrypt = hashlib.scrypt(b"demo", salt=b"salt", n=1024, r=8, p=1).hex()
    for kept in (f"pbkdf2:sha256:1000$salt${pbkdf2}", f"scrypt:1024:8:1$salt${scrypt}"):
        assert await is_right("demo", kept)
        assert not await is_right("other", kept)
        assert is_outdated(kept)
    for broken in (WERKZEUG, "plain", "", "md5:x$y$z"):
        assert not await is_right("demo", broken)
    assert not is_outdated(await hash_password("demo"))


async def test_replaces_an_old_hash_at_login(anybody: Api, backend: Backend) -> None:
    import hashlib
    from dataclasses import replace

    await anybody.put("/user", email="old@example.com", name="Old", password="new")
    old = hashlib.pbkdf2_hmac("sha256", b"demo", b"salt", 1000).hex()
    async with backend.store.write() as work:
        user = await work.users.by_email("old@example.com")
        assert user is not None
        await work.users.change(replace(user, password_hash=f"pbkdf2:sha256:1000$salt${old}"))
    for _ in range(2):
        answer = await anybody.post(
            "/user", email="old@example.com", login_method="email_password", password="demo"
        )
        assert answer.status_code == 200
    async with backend.store.read() as work:
        user = await work.users.by_email("old@example.com")
    assert user is not None
    assert (user.password_hash or "").startswith("$argon2id$")
