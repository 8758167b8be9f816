"""Settings, Account: which backend is used, and who uses it."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Button, Static

from mojodex_tui.client.errors import ApiError
from mojodex_tui.state.settings import told_keeping
from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.screens.question import Question
from mojodex_tui.ui.screens.settings.page import Page, aside, fact, row


class AccountPage(Page):
    """The server in use, and the way to another one."""

    def compose(self) -> ComposeResult:
        """Lay out what is known of the account."""
        yield row("Server", fact("server"))
        yield row("Name", fact("name"))
        yield row("Signed in", fact("kept"))
        yield row("Terms", fact("terms"))
        yield Horizontal(
            Button("Sign in to a server", id="sign_in", compact=True),
            Button("Sign out", id="sign_out", compact=True),
            classes="deeds",
        )
        yield aside(
            "What you wrote and could not send yet stays with the account that wrote it.", "unsent"
        )

    def on_mount(self) -> None:
        """Show who it is, as soon as that is known."""
        self.show()

    @work(group="settings", exclusive=True)
    async def show(self) -> None:
        """Tell who is signed in, and where."""
        mojodex = await self.shell.opened()
        account = mojodex.account.value
        is_remote = not self.shell.is_local
        self.query_one("#sign_out", Button).display = is_remote and account is not None
        if not is_remote:
            told = ("this computer: no server, no account", "", "by itself", "none")
        elif account is None:
            told = (self.shell.address or "", "", "not now", "")
        else:
            agreed = "agreed" if account.terms_and_conditions_agreed else "not agreed yet"
            kept = told_keeping(mojodex.keeping.value)
            told = (self.shell.address or "", account.name or "", kept, agreed)
        for name, words in zip(("server", "name", "kept", "terms"), told, strict=True):
            self.query_one(f"#{name}", Static).update(words or "–")
        unsent = len(mojodex.outbox.unsent())
        self.query_one("#unsent").display = bool(unsent)

    @on(Button.Pressed, "#sign_in")
    async def _sign_in(self) -> None:
        await self.app.run_action("app.sign_in")

    @on(Button.Pressed, "#sign_out")
    @work(group="sign out", exclusive=True)
    async def _sign_out(self) -> None:
        sentence = f"{self.shell.address} asks for your password next time. Nothing is deleted."
        if not await ask(self, Question("Sign out?", sentence)):
            return
        mojodex = await self.shell.opened()
        try:
            await mojodex.api.sign_out()
        except ApiError as error:
            self.say_failed(error, "You are still signed in.")
            return
        self.say("Signed out.")
        self.show()
