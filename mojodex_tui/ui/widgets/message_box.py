"""Where the user writes to the assistant."""

from dataclasses import dataclass

from textual.binding import Binding
from textual.message import Message

from mojodex_tui.ui.widgets.typed_text import TypedText

_NEW_LINE = "ctrl+j,shift+enter,ctrl+enter,shift+\r"


class MessageBox(TypedText):
    """A text of several lines that Enter sends.

    Terminals deliver Shift+Enter and Ctrl+Enter under several names, or not at all; `^J` always
    comes through, so it is the key that is offered for a new line.
    """

    BINDINGS = [
        Binding("enter", "submit", "send", id="message.send"),
        Binding(_NEW_LINE, "new_line", "new line", id="message.new_line", key_display="^J"),
        Binding("escape", "leave", "To the chat", id="message.leave", show=False),
        Binding("up", "older", "Older message", id="message.older", show=False),
        Binding("down", "newer", "Newer message", id="message.newer", show=False),
    ]

    @dataclass
    class Submitted(Message):
        """The user wants this sent."""

        text: str

    class Left(Message):
        """The user wants out of the box; the text stays."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False)
        self._sent: tuple[str, ...] = ()
        self._recalled: int | None = None
        self._own = ""

    async def acts(self, key: str) -> bool:
        """Send, or begin a line; else do what a key does in any text."""
        if key == "enter":
            self.action_submit()
        elif key in _NEW_LINE.split(","):
            self.action_new_line()
        else:
            return await super().acts(key)
        return True

    @property
    def sent(self) -> tuple[str, ...]:
        """What was sent before, the oldest first."""
        return self._sent

    def remember(self, sent: tuple[str, ...]) -> None:
        """Take what was sent before, the oldest first, for Up and Down at the edges."""
        self._sent = sent
        self._recalled = None

    def action_submit(self) -> None:
        """Hand the text over and empty the box; a blank box has nothing to send."""
        text = self.text.strip()
        if not text:
            return
        self._recalled = None
        self.clear()
        self.post_message(self.Submitted(text))

    def action_new_line(self) -> None:
        """Begin a new line."""
        self.replace("\n", *self.selection)

    def action_leave(self) -> None:
        """Ask for the focus to go elsewhere."""
        self.post_message(self.Left())

    def action_older(self) -> None:
        """Bring back an earlier message."""
        at = len(self._sent) if self._recalled is None else self._recalled
        if self._recalled is None:
            self._own = self.text
        self._recall(at - 1)

    def action_newer(self) -> None:
        """Come back towards what is being written."""
        if self._recalled is not None:
            self._recall(self._recalled + 1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave Up and Down to the cursor, but at the edges of the text."""
        row = self.cursor_location[0]
        if action == "older":
            at = len(self._sent) if self._recalled is None else self._recalled
            return row == 0 and at > 0
        if action == "newer":
            return self._recalled is not None and row == self.document.line_count - 1
        return super().check_action(action, parameters)

    def _recall(self, index: int) -> None:
        """Show the message at `index`, or the user's own text after the last one."""
        ended = index >= len(self._sent)
        self._recalled = None if ended else index
        self.load_text(self._own if ended else self._sent[index])
        self.move_cursor(self.document.end)
