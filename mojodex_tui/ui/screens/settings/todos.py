"""Settings, To-Dos: the morning's mail."""

from __future__ import annotations

from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.widgets import Static

from mojodex_tui.client.errors import ApiError
from mojodex_tui.state.form import Choice
from mojodex_tui.state.settings import why_mail_is_fixed
from mojodex_tui.ui.screens.settings.page import Page, aside, row
from mojodex_tui.ui.widgets.choice import ChoiceLine

_ON, _OFF = "on", "off"


class TodosPage(Page):
    """Whether the day is mailed."""

    def compose(self) -> ComposeResult:
        """Lay out the switch."""
        yield row("Mail", ChoiceLine((Choice(_ON, "every morning"), Choice(_OFF, "never"))))
        yield aside("Asking the server…", "why")
        yield aside(
            "What is due, and what was moved in the night and why: D shows the same on the To-Dos "
            "screen at any time."
        )

    def on_mount(self) -> None:
        """Ask how it stands."""
        self.query_one(ChoiceLine).disabled = True
        self.show()

    @work(group="settings", exclusive=True)
    async def show(self) -> None:
        """Show how it stands, or why it cannot be changed."""
        mojodex = await self.shell.opened()
        try:
            todos = await self.shell.ask(mojodex.todos.listing)
        except ApiError as error:
            self.query_one("#why", Static).update("Whether it is mailed is not known.")
            self.say_failed(error, "Your To-Dos are as they were.")
            return
        why = why_mail_is_fixed(todos)
        self.query_one("#why", Static).update(why)
        line = self.query_one(ChoiceLine)
        with self.prevent(ChoiceLine.Chosen):
            line.value = _ON if todos.wants_mail or not todos.has_extras else _OFF
        line.disabled = bool(why)

    @on(ChoiceLine.Chosen)
    @work(group="mail", exclusive=True)
    async def _switch(self, event: ChoiceLine.Chosen) -> None:
        if self.query_one(ChoiceLine).disabled or not event.value:
            return
        todos = (await self.shell.opened()).todos
        wanted = event.value == _ON
        try:
            await self.shell.ask(partial(todos.set_mail, wanted=wanted))
        except ApiError as error:
            self.say_failed(error, "Nothing was changed.")
            self.show()
            return
        self.say("The day is mailed every morning." if wanted else "No more mails in the morning.")
