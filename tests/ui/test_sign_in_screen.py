import pytest
from textual.events import Key
from textual.widgets import Input

from mojodex_tui.client.errors import (
    CertificateProblem,
    SignInNeeded,
    TermsNeeded,
    Unreachable,
    WrongCredentials,
)
from mojodex_tui.client.port import Keeping, KeptIn
from mojodex_tui.ui.screens.catalog import CatalogScreen
from mojodex_tui.ui.screens.form import FormScreen
from mojodex_tui.ui.screens.sign_in import SignInScreen
from mojodex_tui.ui.screens.terms import TermsScreen
from tests.fakes import FakeConnect
from tests.ui.shell import SERVER, filled, program, running, settled, signed_out, words


async def test_a_server_that_knows_nobody_asks_to_sign_in_and_shows_its_tasks() -> None:
    mojodex = signed_out()
    app = program(mojodex, server=SERVER)
    async with running(app) as pilot:
        assert isinstance(app.screen, SignInScreen)
        await pilot.press(*"demo@example.com", "tab", *"secret", "enter")
        await settled(pilot)
        assert mojodex.api.asked("sign_in") == [("demo@example.com", "secret")]
        assert isinstance(app.screen, CatalogScreen)
        assert "Meeting recap" in words(app)
        assert "online" in words(app).splitlines()[0]


@pytest.mark.parametrize("onwards", ["tab", "enter"])
async def test_what_is_typed_in_one_go_lands_in_the_fields_it_is_for(onwards: str) -> None:
    app = program(signed_out(), server=SERVER)
    async with running(app) as pilot:
        driver = app._driver
        assert driver is not None
        for key in [*"me", onwards, *"secret"]:
            driver.process_message(Key(key, key if len(key) == 1 else None))
        await settled(pilot)
        email, password = (app.screen.query(Input).nodes[at] for at in (-2, -1))
        assert (email.value, password.value) == ("me", "secret")


async def test_a_wrong_password_keeps_the_entries() -> None:
    mojodex = signed_out()
    mojodex.api.failures["sign_in"] = [WrongCredentials("Wrong e-mail or password.")]
    app = program(mojodex, server=SERVER)
    async with running(app) as pilot:
        await pilot.press(*"demo@example.com", "tab", *"wrong", "ctrl+s")
        await settled(pilot)
        assert "Wrong e-mail or password. Your entries are kept" in words(app)
        password = app.screen.query_one("#password", Input)
        assert app.focused is password
        assert password.selected_text == "wrong"
        assert app.screen.query_one("#email", Input).value == "demo@example.com"


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (Unreachable("https://other.example"), "cannot be reached"),
        (CertificateProblem("https://other.example"), "certificate of https://other.example"),
    ],
)
async def test_an_address_is_checked_while_the_rest_is_typed(
    failure: Unreachable | CertificateProblem,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mojodex_tui.ui.screens.sign_in._CHECK_AFTER", 0.01)
    app = program(filled(), others={"https://other.example": failure})
    async with running(app) as pilot:
        app.action_sign_in()
        await settled(pilot)
        await pilot.press(*"other.example", "tab", *"demo")
        for _ in range(50):
            await pilot.pause(0.02)
            if expected in words(app):
                break
        assert expected in words(app)
        assert app.screen.query_one("#email", Input).value == "demo"


async def test_nothing_is_asked_of_the_server_before_all_is_entered() -> None:
    mojodex = signed_out()
    app = program(mojodex, server=SERVER)
    async with running(app) as pilot:
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "Enter your e-mail address" in words(app)
        assert mojodex.api.asked("sign_in") == []


async def test_an_account_can_be_made() -> None:
    mojodex = signed_out()
    app = program(mojodex, server=SERVER)
    async with running(app) as pilot:
        await pilot.press("f6")
        await settled(pilot)
        await pilot.press(*"Demo", "tab", *"d@example.com", "tab", *"secret", "ctrl+s")
        await settled(pilot)
        assert mojodex.api.asked("register") == [("Demo", "d@example.com", "secret")]


async def test_a_forgotten_password_is_mailed() -> None:
    mojodex = signed_out()
    app = program(mojodex, server=SERVER)
    async with running(app) as pilot:
        await pilot.press(*"d@example.com", "f7")
        await settled(pilot)
        assert mojodex.api.asked("forgot_password") == ["d@example.com"]
        assert "a link is on its way" in words(app)


async def test_an_expired_token_asks_over_the_screen_and_the_action_goes_on() -> None:
    mojodex = filled()
    app = program(mojodex, server=SERVER)
    async with running(app) as pilot:
        mojodex.api.failures["create_execution"] = [SignInNeeded()]
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, SignInScreen)
        email = app.screen.query_one("#email", Input)
        email.value = "demo@example.com"
        app.screen.query_one("#password", Input).value = "secret"
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert isinstance(app.screen, FormScreen)
        assert "What was said?" in words(app)
        assert len(mojodex.api.asked("create_execution")) == 2


async def test_the_terms_are_accepted_only_after_their_end_was_seen() -> None:
    mojodex = filled()
    app = program(mojodex)
    async with running(app) as pilot:
        mojodex.api.failures["create_execution"] = [TermsNeeded()]
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, TermsScreen)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert mojodex.api.asked("accept_terms") == []
        await pilot.press("end")
        await settled(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert len(mojodex.api.asked("accept_terms")) == 1
        assert "What was said?" in words(app)


async def test_a_token_goes_to_a_file_only_after_a_yes() -> None:
    mojodex = signed_out()
    mojodex.keeping.value = Keeping(KeptIn.MEMORY, "There is no keyring here.")
    app = program(mojodex, server=SERVER)
    async with running(app) as pilot:
        await pilot.press(*"d@example.com", "tab", *"secret", "enter")
        await settled(pilot)
        assert "There is no keyring here" in words(app)
        await pilot.press("y")
        await settled(pilot)
        assert len(mojodex.api.asked("keep_token_in_file")) == 1


async def test_coming_back_to_this_computer_closes_the_server() -> None:
    local, remote = filled(), filled()
    connect = FakeConnect({None: local, SERVER: remote})
    app = program(remote, server=SERVER)
    app._connect = connect
    async with running(app) as pilot:
        app.action_sign_in()
        await settled(pilot)
        await pilot.press("shift+tab", "shift+tab", "right", "ctrl+s")
        await settled(pilot)
        assert [way.server for way in connect.opened if not way.closed] == [None]
        assert "local" in words(app).splitlines()[0]
