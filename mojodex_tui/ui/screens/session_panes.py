"""The panes of a session: which of them is in front, how much room each has, and the way round."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from mojodex_tui.state.session import Phase, SessionState
from mojodex_tui.state.session_words import last_word
from mojodex_tui.ui.screens.session_draft import SessionDraft
from mojodex_tui.ui.widgets.conversation import Conversation
from mojodex_tui.ui.widgets.message_box import MessageBox

if TYPE_CHECKING:
    from mojodex_tui.ui.widgets.strip_view import StripView


_SHARES = (25, 33, 40, 50, 60)
"""Per cent of the width the chat may have beside the draft; each is a class in the styles."""

_USUAL_SHARE = 2


class SessionPanes(Container):
    """Lays out conversation, draft and message box: side by side, or in turn where it is narrow.

    Where only one of them has room, the last word of the conversation stays in sight under the
    draft.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "next_pane(1)", "pane", id="session.next_pane"),
        Binding("shift+tab", "next_pane(-1)", "pane back", id="session.previous_pane", show=False),
        Binding("end", "follow", "follow", id="session.follow", show=False),
        Binding(
            "z",
            "zoom",
            "zoom",
            id="session.zoom",
            tooltip="Give this pane all the room, or show both again",
            show=False,
        ),
        Binding(
            "less_than_sign",
            "resize(-1)",
            "resize",
            id="session.narrower_chat",
            tooltip="Give the chat less room, and the draft more",
            show=False,
        ),
        Binding(
            "greater_than_sign",
            "resize(1)",
            "wider chat",
            id="session.wider_chat",
            tooltip="Give the chat more room, and the draft less",
            show=False,
        ),
    ]

    front: reactive[str] = reactive("chat")
    """Which of `chat` and `draft` shows where there is room for one only."""
    has_draft: reactive[bool] = reactive(False, bindings=True)
    zoomed: reactive[bool] = reactive(False)
    """One pane at a time, also where there is room for both."""
    share: reactive[int] = reactive(_USUAL_SHARE)
    """Which of the shares of the width the chat has."""

    def follow(self, before: SessionState | None, state: SessionState) -> None:
        """Make room for the draft, and bring to the front what is being written."""
        self._show_glimpse(state)
        self.has_draft = state.draft is not None or state.phase is Phase.DRAFTING
        if before is None or state.phase is not before.phase:
            if state.phase is Phase.DRAFTING:
                self.front = "draft"
            elif state.phase is Phase.TALKING:
                self.front = "chat"
        is_new = state.draft is not None and (before is None or before.draft is None)
        if not self.has_draft:
            self.front = "chat"
        elif is_new and not state.phase.is_busy:
            self.front = "draft"

    def _show_glimpse(self, state: SessionState) -> None:
        glimpse = self.query_one("#glimpse", Static)
        glimpse.update(text := last_word(state))
        glimpse.set_class(not text, "-empty")

    def watch_has_draft(self, has_draft: bool) -> None:
        """Give the draft its room, or take it back."""
        self._lay_out({"-no-draft": not has_draft})

    def watch_front(self, front: str) -> None:
        """Bring a pane to the front, where there is room for one only."""
        self._lay_out({"-show-draft": front == "draft"})

    def watch_zoomed(self, zoomed: bool) -> None:
        """Show one pane, or both."""
        self._lay_out({"-split": not zoomed})

    def watch_share(self, share: int) -> None:
        """Move the line between the panes."""
        self._lay_out({f"-chat-{one}": place == share for place, one in enumerate(_SHARES)})

    def _lay_out(self, classes: dict[str, bool]) -> None:
        """Lay the panes out anew, often just when the first word of a draft arrives.

        These classes mean something to the panes alone: styling all that is inside them as well
        would take longer than the word took to get here.
        """
        self.update_classes(classes, update=False)
        self.app.stylesheet.update_nodes([self, *self.children])

    # --- keys ------------------------------------------------------------------------------

    def action_next_pane(self, step: int) -> None:
        """Go to the next pane, and bring it to the front."""
        panes: list[Widget] = [self.query_one(MessageBox), self.query_one(Conversation)]
        if self.has_draft:
            panes.append(self.query_one(SessionDraft).target)
        focused = self.screen.focused
        at = panes.index(focused) if focused in panes else 0
        self._go_to(panes[(at + step) % len(panes)])

    def _go_to(self, target: Widget) -> None:
        """Give a pane the focus, in front."""
        if target is not self.query_one(MessageBox):
            self.front = "chat" if target is self.query_one(Conversation) else "draft"
        # At once, so that the key that comes next finds it there: only what is shown can have it.
        self.app.stylesheet.update(self.screen)
        self.screen.set_focus(target)

    def action_zoom(self) -> None:
        """Show the pane that has the focus alone, or both again."""
        if not self.zoomed:
            is_chat = self.screen.focused is self.query_one(Conversation)
            self.front = "chat" if is_chat else "draft"
        self.zoomed = not self.zoomed

    def action_resize(self, step: int) -> None:
        """Give the chat more room, or less."""
        self.share = max(0, min(len(_SHARES) - 1, self.share + step))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what changes the room only where both panes have some."""
        if action not in {"zoom", "resize"}:
            return True
        has_room = self.has_draft and self.screen.has_class("-wide")
        return has_room and (action == "zoom" or not self.zoomed)

    @on(MessageBox.Left)
    def _leave_box(self) -> None:
        chat, draft = self.query_one(Conversation), self.query_one(SessionDraft).pane
        self._go_to(draft.view if self.front == "draft" and not draft.editing else chat)

    @on(SessionDraft.BroughtBack)
    def _show_working_copy(self) -> None:
        self.front = "draft"

    def action_follow(self) -> None:
        """Follow the text of the pane in front again."""
        shown: StripView = self.query_one(Conversation)
        if self.front == "draft":
            shown = self.query_one(SessionDraft).pane.view
        shown.action_scroll_end()
