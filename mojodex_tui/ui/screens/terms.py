"""The terms and conditions: to be read to their end before they can be accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.widgets import Static

from mojodex_tui.client.errors import ApiError
from mojodex_tui.ui.widgets.hints import HintsLine

if TYPE_CHECKING:
    from mojodex_tui.client.port import Accounts

_TEXT = """\
{server} has terms and conditions that were not accepted with this account yet. Until they are, \
it starts no task for it.

The server does not send their text: it stands on its web site, or with whoever runs it. Read it \
there before you agree.

What you agree to here

1. The terms and conditions of {server}, as of today, in the name of your account.
2. What you type, the files you add and the texts that are written for you are kept on that \
server, and are sent to the language model it uses.
3. The date of your agreement is kept with your account.

If you do not agree, nothing is changed: you can use this program without any server. Choose \
“This computer” on the sign-in form: there are no terms then.
"""


class TermsScreen(ModalScreen[bool]):
    """Answers whether the terms were accepted.

    Args:
        api: The server that wants it.
        server: What to call it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "accept", "I agree", id="terms.accept"),
        Binding("down,j", "read(1)", "read on", id="terms.down"),
        Binding("up,k", "read(-1)", "back", id="terms.up", show=False),
        Binding("end", "to_end", "to the end", id="terms.end"),
        Binding("escape", "dismiss(False)", "not now", id="terms.refuse"),
    ]

    was_read: reactive[bool] = reactive(False, bindings=True)
    """The end was on the screen."""

    def __init__(self, api: Accounts, server: str = "This server") -> None:
        super().__init__()
        self._api = api
        self._server = server

    def compose(self) -> ComposeResult:
        """Lay out the text in a box."""
        text = VerticalScroll(Static(_TEXT.format(server=self._server), markup=False))
        box = Vertical(text, Static(classes="problem", markup=False), HintsLine(), classes="box")
        box.border_title = "Terms and conditions"
        yield box

    def on_mount(self) -> None:
        """Notice when the end comes on the screen."""
        scroll = self.query_one(VerticalScroll)
        self.watch(scroll, "scroll_y", self._look_for_end, init=False)
        self.call_after_refresh(self._look_for_end)

    def _look_for_end(self) -> None:
        scroll = self.query_one(VerticalScroll)
        self.was_read = self.was_read or scroll.scroll_y >= scroll.max_scroll_y

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take an agreement only after the end was seen."""
        return action != "accept" or self.was_read

    def action_read(self, direction: int) -> None:
        """Read on, or back."""
        self.query_one(VerticalScroll).scroll_relative(y=3 * direction, animate=False)

    def action_to_end(self) -> None:
        """Go to the end."""
        self.query_one(VerticalScroll).scroll_end(animate=False)

    @work(group="accept", exclusive=True)
    async def action_accept(self) -> None:
        """Accept, and tell the server."""
        try:
            await self._api.accept_terms()
        except ApiError as error:
            line = self.query_one(".problem", Static)
            line.update(f"! Not accepted yet. {error.sentence}")
            line.add_class("-said")
        else:
            self.dismiss(True)
