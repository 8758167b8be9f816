"""The conversation of a session, and what can be done with its messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from mojodex_tui.ui.screens.session_past import SessionPast
from mojodex_tui.ui.widgets.conversation import Conversation
from mojodex_tui.ui.widgets.entry import Entry, EntryKind
from mojodex_tui.ui.widgets.left_input import LeftInput
from mojodex_tui.ui.widgets.strip_view import StripView

if TYPE_CHECKING:
    from mojodex_tui.client.port import Conversations

_OWN = frozenset({EntryKind.USER, EntryKind.UNSENT, EntryKind.QUEUED})


class FindLine(LeftInput):
    """The words that are searched."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "find", id="find.go"),
        Binding("escape", "close", "close", id="find.close"),
    ]

    class Closed(Message):
        """No search any more."""

    def action_close(self) -> None:
        """Ask for the end of the search."""
        self.post_message(self.Closed())


class SessionTalk(SessionPast):
    """Holds the conversation, a line to search it, and a word when there is new text below.

    Args:
        api: Whom to ask for older messages.
        session_id: Whose conversation it is.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quote", "quote", id="chat.quote", tooltip="Quote the message in yours"),
        Binding(
            "e",
            "rewrite",
            "edit",
            id="chat.edit",
            tooltip="Change your last message, or the chosen one, and send it again",
        ),
        Binding(
            "slash,ctrl+f", "find", "find", id="chat.find", tooltip="Find words in the whole chat"
        ),
        Binding("n", "find_on(-1)", "older match", id="chat.find_older"),
        Binding("N", "find_on(1)", "newer match", id="chat.find_newer"),
        Binding("escape", "end_find", "end search", id="chat.find_end", show=False),
    ]

    @dataclass
    class Quoted(Message):
        """A message is to be quoted."""

        text: str

    @dataclass
    class Rewritten(Message):
        """One of the user's messages is to be changed and sent again."""

        entry: Entry

    def __init__(self, api: Conversations, session_id: str) -> None:
        super().__init__(api, session_id, id="talk")
        self._sought = ""

    def compose(self) -> Iterator[Widget]:
        """Lay out the conversation and the lines under it."""
        yield Conversation(id="chat")
        yield Static("v new text below: End follows it", id="chat-below", markup=False)
        with Horizontal(id="chat-find"):
            yield Label("Find")
            yield FindLine(placeholder="words in this chat", compact=True)

    def on_mount(self) -> None:
        """Name the pane."""
        self.chat.border_title = "Chat"

    # --- following -------------------------------------------------------------------------

    @on(StripView.NewBelow)
    def _tell_new(self) -> None:
        self.add_class("-new-below")

    @on(StripView.FollowChanged)
    def _tell_no_more(self, message: StripView.FollowChanged) -> None:
        if message.follow:
            self.remove_class("-new-below")

    # --- messages --------------------------------------------------------------------------

    def action_quote(self) -> None:
        """Quote what is selected, the chosen message, or the assistant's last one."""
        text = self.screen.get_selected_text()
        if not text:
            chosen = self.chat.selected or self._newest_of(frozenset({EntryKind.ASSISTANT}))
            text = chosen.text if chosen is not None else ""
        if text:
            self.post_message(self.Quoted(text))

    def action_rewrite(self) -> None:
        """Change the chosen message of the user, or the last one, and send it again."""
        selected = self.chat.selected
        is_own = selected is not None and selected.kind in _OWN and selected.key != "answers"
        entry = selected if is_own else self._newest_of(_OWN)
        if entry is not None:
            self.post_message(self.Rewritten(entry))

    def _newest_of(self, kinds: frozenset[EntryKind]) -> Entry | None:
        """Return the newest entry of some kinds, which may be far from where one reads."""
        self.return_to_newest()
        return self._last(kinds)

    def _last(self, kinds: frozenset[EntryKind]) -> Entry | None:
        return next(
            (
                one
                for one in reversed(self.chat.entries)
                if one.kind in kinds and one.key != "answers"
            ),
            None,
        )

    # --- search ----------------------------------------------------------------------------

    def action_find(self) -> None:
        """Ask for the words."""
        line = self.query_one(FindLine)
        self.add_class("-finding")
        line.action_select_all()
        self.chat.hand_keys_to(line)

    @on(Input.Submitted)
    def _find(self, event: Input.Submitted) -> None:
        event.stop()
        self._sought = event.value
        self.return_to_newest()
        self.chat.find(self._sought)
        self.query_one(FindLine).leave_to(self.chat)
        if self._sought:
            self.action_find_on(-1)
        else:
            self.action_end_find()

    @on(FindLine.Closed)
    def action_end_find(self) -> None:
        """Search no more."""
        self.stop_asking()
        self._sought = ""
        self.chat.find("")
        self.remove_class("-finding")
        self.chat.focus()
        self._frame.say_nothing()

    def action_find_on(self, direction: int) -> None:
        """Go to the next match: the older one, or the newer one."""
        if self.chat.find_next(direction):
            self._tell_found(direction, found=True)
        elif self._past.has_more(direction):
            where = "older" if direction < 0 else "newer"
            self._frame.say(f"Looking for “{self._sought}” in {where} messages…", "Esc stops")
            self.seek(direction, partial(self._tell_found, direction))
        else:
            self._tell_found(direction, found=False)

    def _tell_found(self, direction: int, found: bool) -> None:
        if found:
            self._frame.say(f"“{self._sought}”", "n older  N newer  / other words")
        elif not self.chat.has_found:
            self._frame.say(f"“{self._sought}” is not in this chat.", "/ other words")
        elif direction < 0:
            self._frame.say(f"There is no older “{self._sought}” in this chat.", "N newer")
        else:
            self._frame.say(f"There is no newer “{self._sought}” in this chat.", "n older")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now only."""
        if action in {"find_on", "end_find"}:
            return bool(self._sought)
        return action != "rewrite" or self._last(_OWN) is not None
