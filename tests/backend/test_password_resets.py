"""A forgotten password: a link by mail, good for ten minutes and once."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from mojodex_tui.backend.asgi import Backend, open_backend
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from mojodex_tui.backend.routes.application import build_application
from mojodex_tui.backend.services.todo_ports import Letter, MailDelayed
from mojodex_tui.backend.settings import BackendSettings
from tests.backend.client import Api

EMAIL = "ada@example.com"


@dataclass
class Postbox:
    failures: list[Exception] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)

    async def send(self, letter: Letter) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.letters.append(letter)

    @property
    def token(self) -> str:
        """The token of the last link."""
        found = re.search(
            r"^http://team\.example\.com/auth/reset-password\?token=(\S+)$",
            self.letters[-1].text,
            re.MULTILINE,
        )
        assert found is not None
        return found[1]


@dataclass
class FakeClock:
    moment: datetime = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


@dataclass(frozen=True)
class Place:
    backend: Backend
    postbox: Postbox
    clock: FakeClock
    api: Api


@pytest.fixture
async def place(settings: BackendSettings, llm: ScriptedLlm) -> AsyncIterator[Place]:
    """A backend that mails into a box."""
    clock, postbox = FakeClock(), Postbox()

    async def source() -> ScriptedLlm:
        return llm

    async with open_backend(settings, llm=source, clock=clock) as backend:
        resets = replace(
            backend.uses.password_resets, mailer=postbox, address="http://team.example.com/"
        )
        app: FastAPI = build_application(replace(backend.uses, password_resets=resets), public=True)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://backend") as http:
            api = Api(http)
            await api.put("/user", email=EMAIL, name="Ada", password="old", language_code="fr")
            yield Place(backend, postbox, clock, api)


async def _asked(place: Place, email: str = EMAIL) -> tuple[int, object]:
    answer = await place.api.put("/password", email=email)
    await place.backend.background.idle()
    return answer.status_code, answer.json()


async def _set(place: Place, token: str, password: str) -> tuple[int, object]:
    answer = await place.api.post("/password", Authorization=token, new_password=password)
    return answer.status_code, answer.json()


async def _opens(place: Place, password: str) -> bool:
    answer = await place.api.post(
        "/user", email=EMAIL, login_method="email_password", password=password
    )
    return answer.status_code == 200


async def test_a_link_brings_a_new_password_once(place: Place) -> None:
    assert await _asked(place) == (200, {"message": "Email sent."})
    (letter,) = place.postbox.letters
    assert (letter.to, letter.subject) == (EMAIL, "Votre nouveau mot de passe Mojodex")
    assert place.postbox.token in letter.html
    token = place.postbox.token
    assert await _set(place, token, "new") == (200, {"message": "Password updated."})
    assert await _opens(place, "new")
    assert not await _opens(place, "old")
    assert await _set(place, token, "another") == (403, {"error": "Invalid link"})


async def test_a_link_is_good_for_ten_minutes(place: Place) -> None:
    await _asked(place)
    place.clock.moment += timedelta(minutes=10)
    assert await _set(place, place.postbox.token, "new") == (403, {"error": "Link expired"})
    assert await _opens(place, "old")


async def test_whether_there_is_an_account_is_not_told(place: Place) -> None:
    assert await _asked(place, "nobody@example.com") == (200, {"message": "Email sent."})
    assert place.postbox.letters == []


async def test_other_tokens_are_no_links(place: Place) -> None:
    signed_in = await place.api.post(
        "/user", email=EMAIL, login_method="email_password", password="old"
    )
    await _asked(place)
    head, body, _ = place.postbox.token.split(".")
    for token in (signed_in.json()["token"], f"{head}.{body}.x", "x", ""):
        assert await _set(place, token, "new") == (403, {"error": "Invalid link"})
    status, _ = await _set(place, place.postbox.token, "")
    assert status == 400
    assert await _opens(place, "old")


async def test_a_link_opens_no_account_by_itself(place: Place) -> None:
    await _asked(place)
    answer = await place.api.of(place.postbox.token).get("/todos")
    assert answer.status_code == 403


async def test_a_mail_server_that_is_away_breaks_nothing(place: Place) -> None:
    place.postbox.failures.append(MailDelayed("not there"))
    assert await _asked(place) == (200, {"message": "Email sent."})
    await _asked(place)
    assert len(place.postbox.letters) == 1


async def test_without_mail_server_no_link_is_promised(api: Api) -> None:
    answer = await api.put("/password", email=EMAIL)
    assert answer.status_code == 400


async def test_the_page_behind_the_link(place: Place) -> None:
    await _asked(place)
    token, http = place.postbox.token, place.api.http
    shown = await http.get("/auth/reset-password", params={"token": f'{token}"><script>'})
    assert (shown.status_code, shown.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert token in shown.text
    assert "<script>" not in shown.text
    wrong = await http.post("/auth/reset-password", data={"token": "x", "password": "new"})
    assert wrong.status_code == 403
    assert "Invalid link. Ask for another link" in wrong.text
    done = await http.post("/auth/reset-password", data={"token": token, "password": "new"})
    assert done.status_code == 200
    assert "The new password is set" in done.text
    assert await _opens(place, "new")
