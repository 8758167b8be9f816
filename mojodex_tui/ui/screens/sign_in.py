"""Sign in to a server, make an account there, or stay on this computer."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from mojodex_tui.client.errors import ApiError, WrongCredentials
from mojodex_tui.state.form import Choice
from mojodex_tui.state.sign_in import answered, full_address
from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.keys import FIELD_KEYS
from mojodex_tui.ui.screens.question import Question
from mojodex_tui.ui.screens.terms import TermsScreen
from mojodex_tui.ui.widgets.choice import ChoiceLine
from mojodex_tui.ui.widgets.hints import HintsLine
from mojodex_tui.ui.widgets.left_input import LeftInput

if TYPE_CHECKING:
    from mojodex_tui.ui.shell import Connect, OpenMojodex
    from mojodex_tui.wire.accounts import Account

SERVER = "server"
COMPUTER = "computer"
_CHECK_AFTER = 0.5
"""Seconds after the last key until an address is tried."""
_SHOW_FOR = 5
"""Seconds a password is readable."""


def _row(label: str, entry: Widget, kind: str = "remote") -> Horizontal:
    """Return a line of the form."""
    return Horizontal(Static(label, classes="label"), entry, classes=f"row -{kind}")


def _entry(name: str, value: str, placeholder: str, *, password: bool = False) -> LeftInput:
    """Return where something is typed."""
    return LeftInput(value, placeholder=placeholder, id=name, compact=True, password=password)


class SignInScreen(ModalScreen["OpenMojodex | None"]):
    """Answers the way to the backend that was chosen; `None` if nothing is to change.

    Args:
        connect: Opens the way to a backend.
        address: The server to propose.
        again: The way whose account was signed out; only that account can be signed in.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "go", "sign in", id="sign_in.go"),
        Binding("f6", "register", "create account", id="sign_in.register"),
        Binding("f7", "forgot", "forgot password", id="sign_in.forgot"),
        Binding("f3", "show_password", "show", id="sign_in.show"),
        Binding("escape", "leave", "close", id="sign_in.leave"),
        *FIELD_KEYS,
    ]

    is_busy: reactive[bool] = reactive(False, bindings=True)
    """An answer is awaited; no second question until then."""
    is_new: reactive[bool] = reactive(False, bindings=True)
    """An account is to be made: a name is asked for, too."""
    where: reactive[str] = reactive(SERVER, bindings=True)

    def __init__(
        self, connect: Connect, *, address: str = "", again: OpenMojodex | None = None
    ) -> None:
        super().__init__()
        self._connect = connect
        self._again = again
        self._address = (again.server or "") if again is not None else address
        self._way: OpenMojodex | None = again
        self._check_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the form in a box."""
        account = None if self._again is None else self._again.mojodex.account.value
        rows = (
            _row(
                "Where",
                ChoiceLine((Choice(SERVER, "Mojodex server"), Choice(COMPUTER, "This computer"))),
                "where",
            ),
            _row("Server", _entry("server", self._address, "https://mojodex.example.com")),
            _row("", Static(classes="check", markup=False)),
            _row("Name", _entry("name", "", "how the assistant may call you"), "new"),
            _row(
                "E-mail",
                _entry("email", (account and account.name) or "", "you@example.com"),
            ),
            _row("Password", _entry("password", "", "", password=True)),
        )
        box = Vertical(*rows, Static(classes="said", markup=False), HintsLine(), classes="box")
        box.border_title = "Sign in again" if self._again is not None else "Sign in"
        yield box

    def on_mount(self) -> None:
        """Begin where something is to be typed."""
        self.query_one(ChoiceLine).value = SERVER
        self.set_class(self._again is not None, "-again")
        self.watch_is_new(self.is_new)
        if self._again is not None:
            self._say("You were signed out. What you were doing goes on after this.")
            email = self._input("email")
            (self._input("password") if email.value else email).focus()
        elif self._address:
            self._input("email").focus()
            self._check()
        else:
            self._input("server").focus()

    def _input(self, name: str) -> Input:
        return self.query_one(f"#{name}", Input)

    def _say(self, sentence: str, *, is_failure: bool = False) -> None:
        said = self.query_one(".said", Static)
        said.update(f"! {sentence}" if is_failure else sentence)
        said.set_class(is_failure, "-failed")

    # --- where -----------------------------------------------------------------------------

    @on(ChoiceLine.Chosen)
    def _choose_where(self, event: ChoiceLine.Chosen) -> None:
        self.where = event.value or SERVER
        self.set_class(self.where == COMPUTER, "-computer")
        if self.where == COMPUTER:
            self._say("No server, no account: tasks, drafts and runs stay here. ^S starts.")
        elif self._again is None:
            self._say("")

    @on(Input.Changed, "#server")
    def _check_soon(self) -> None:
        if self._again is not None:
            return
        self.query_one(".check", Static).update("")
        if self._check_timer is not None:
            self._check_timer.stop()
        self._check_timer = self.set_timer(_CHECK_AFTER, self._check)

    @work(group="check", exclusive=True)
    async def _check(self) -> None:
        """Try the address while the user goes on typing."""
        check = self.query_one(".check", Static)
        check.remove_class("-failed")
        address = full_address(self._input("server").value)
        if address is None:
            return
        check.update(f"trying {address} …")
        try:
            check.update(await self._try(address))
        except ApiError as error:
            check.update(f"! {error.sentence}")
            check.add_class("-failed")

    async def _try(self, address: str) -> str:
        """Return what is known of the server at `address`.

        Raises:
            ApiError: it does not answer as it should.
        """
        way = await self._way_to(address)
        began = monotonic()
        info = await way.mojodex.api.backend_info()
        took = round((monotonic() - began) * 1000)
        return answered(address, took, None if info is None else info.version)

    async def _way_to(self, address: str | None) -> OpenMojodex:
        """Return the way to a backend: the one that is open, if it leads there.

        Raises:
            ApiError: it cannot be opened.
        """
        if self._way is not None and self._way.server == address:
            return self._way
        way = await self._connect(address)
        await self._close_way()
        self._way = way
        return way

    async def _close_way(self) -> None:
        """Close what was opened here and is not wanted."""
        way, self._way = self._way, None
        if way is not None and way is not self._again:
            await way.close()

    # --- keys ------------------------------------------------------------------------------

    @on(Input.Submitted)
    def _go_on(self, event: Input.Submitted) -> None:
        lines = [line for line in self.query(LeftInput) if line.focusable]
        at = next(place for place, line in enumerate(lines) if line is event.input)
        lines[at].leave_to(lines[min(at + 1, len(lines) - 1)])
        if event.input.id == "password":
            self.action_go()

    @work(group="sign in")
    async def action_go(self) -> None:
        """Sign in, or start on this computer."""
        if self.is_busy:
            return
        self.is_busy = True
        try:
            way = await self._enter()
        except WrongCredentials as error:
            self._say(f"{error.sentence} Your entries are kept; try again.", is_failure=True)
            password = self._input("password")
            password.focus()
            password.action_select_all()
        except ApiError as error:
            self._say(error.sentence, is_failure=True)
        else:
            if way is not None:
                self.dismiss(way)
        finally:
            self.is_busy = False

    async def _enter(self) -> OpenMojodex | None:
        """Return the way on which an account is signed in; `None` if something is missing.

        Raises:
            ApiError: the server said no, or nothing.
        """
        if self.where == COMPUTER:
            return await self._way_to(None)
        address = full_address(self._input("server").value)
        lacking = self._first_lacking(address)
        if lacking is not None:
            self._say(lacking[1], is_failure=True)
            self._input(lacking[0]).focus()
            return None
        self._say("Signing in …")
        way = self._again or await self._way_to(address)
        account = await self._sign_in(way)
        return way if await self._settle(way, account) else None

    def _first_lacking(self, address: str | None) -> tuple[str, str] | None:
        """Return the first entry that is missing, and what to say."""
        if address is None and self._again is None:
            return "server", "Enter the server's address, such as https://mojodex.example.com."
        if self.is_new and not self._input("name").value.strip():
            return "name", "Enter a name."
        if "@" not in self._input("email").value:
            return "email", "Enter your e-mail address."
        if not self._input("password").value:
            return "password", "Enter your password."
        return None

    async def _sign_in(self, way: OpenMojodex) -> Account:
        api = way.mojodex.api
        email, password = self._input("email").value.strip(), self._input("password").value
        if self.is_new:
            return await api.register(self._input("name").value.strip(), email, password)
        return await api.sign_in(email, password)

    async def _settle(self, way: OpenMojodex, account: Account) -> bool:
        """Have the terms accepted and the token kept; return whether the account can be used."""
        mojodex = way.mojodex
        if not account.terms_and_conditions_agreed:
            terms = TermsScreen(mojodex.api, way.server or "This server")
            if not await ask(self, terms):
                self._say("Without the terms this account cannot run tasks.", is_failure=True)
                return False
        keeping = mojodex.keeping.value
        if keeping.where == "memory" and keeping.notice:
            sentence = f"{keeping.notice} Keep you signed in with a file only you can read (0600)?"
            if await ask(self, Question("Stay signed in?", sentence)):
                await mojodex.api.keep_token_in_file()
        return True

    def action_register(self) -> None:
        """Ask for what a new account needs, or no longer."""
        self.is_new = not self.is_new
        self._input("name" if self.is_new else "email").focus()

    def watch_is_new(self, is_new: bool) -> None:
        """Show the name only when it is asked for."""
        self.set_class(is_new, "-new")
        if self.is_mounted:
            self._say("A new account: ^S creates it. F6 goes back to signing in." if is_new else "")

    @work(group="forgot", exclusive=True)
    async def action_forgot(self) -> None:
        """Have a link mailed with which a new password can be set."""
        address = full_address(self._input("server").value)
        email = self._input("email").value.strip()
        if address is None or "@" not in email:
            self._say("Enter the server and your e-mail address first.", is_failure=True)
            return
        try:
            way = self._again or await self._way_to(address)
            await way.mojodex.api.forgot_password(email)
        except ApiError as error:
            self._say(error.sentence, is_failure=True)
        else:
            self._say(f"If {email} has an account, a link is on its way; it holds 10 minutes.")

    def action_show_password(self) -> None:
        """Make the password readable for a moment."""
        password = self._input("password")
        password.password = False
        self.set_timer(_SHOW_FOR, self._hide_password)

    def _hide_password(self) -> None:
        self._input("password").password = True

    async def action_leave(self) -> None:
        """Close the form; nothing changes."""
        await self._close_way()
        self.dismiss(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now."""
        if action in {"register", "forgot", "show_password"} and self.where == COMPUTER:
            return False
        if action == "register":
            return self._again is None
        return not (action in {"go", "forgot"} and self.is_busy)
