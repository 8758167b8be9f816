"""Settings, Language: what tasks are called, and what the assistant writes."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult

from mojodex_tui.client.errors import ApiError
from mojodex_tui.state.form import Choice
from mojodex_tui.ui.screens.settings.page import Page, aside, row
from mojodex_tui.ui.widgets.choice import ChoiceLine


class LanguagePage(Page):
    """The language, kept by the account."""

    def compose(self) -> ComposeResult:
        """Lay out the choice, which the server fills."""
        yield row("Language", ChoiceLine(()))
        yield aside(
            "Tasks, their forms and what the assistant writes by itself are in this language; what "
            "you write in another one is answered in that. The words of the program itself are "
            "English."
        )

    def on_mount(self) -> None:
        """Ask which languages there are."""
        self.show()

    @work(group="settings", exclusive=True)
    async def show(self) -> None:
        """Offer the server's languages, with that of the account chosen."""
        mojodex = await self.shell.opened()
        try:
            languages = await self.shell.ask(mojodex.api.languages)
        except ApiError as error:
            self.say_failed(error, "Which languages there are is not known.")
            return
        account = mojodex.account.value
        line = self.query_one(ChoiceLine)
        line.offer(
            tuple(Choice(code, name) for code, name in languages.items()),
            (account and account.language_code) or "",
        )

    @on(ChoiceLine.Chosen)
    @work(group="language", exclusive=True)
    async def _set(self, event: ChoiceLine.Chosen) -> None:
        mojodex = await self.shell.opened()
        account = mojodex.account.value
        if account is None or event.value in {"", account.language_code}:
            return
        try:
            await self.shell.ask(lambda: mojodex.api.set_language(event.value))
        except ApiError as error:
            self.query_one(ChoiceLine).value = account.language_code or ""
            self.say_failed(error, "The language is as it was.")
            return
        self.shell.fetch_catalog()
        words = self.query_one(ChoiceLine).words
        self.say(f"{words}: tasks are shown in it, and new runs are written in it.")
