"""The draft's side of a session: its versions, the user's changes to it, its ways out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from mojodex_tui.state import session as sessions
from mojodex_tui.state.session import DraftShown, Phase, SessionState
from mojodex_tui.state.session_words import draft_title
from mojodex_tui.state.spelling import corrected
from mojodex_tui.state.versions import Working
from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.editor import NoEditor, edit
from mojodex_tui.ui.messages import (
    DraftChanged,
    DraftToEdit,
    DraftToSave,
    NewestPreferred,
    SessionChanged,
    VersionRestored,
)
from mojodex_tui.ui.screens.draft_versions import DraftVersions
from mojodex_tui.ui.screens.draft_ways import DraftWays
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.screens.question import Question
from mojodex_tui.ui.widgets.draft_offers import DraftOffers
from mojodex_tui.ui.widgets.draft_pane import DraftPane
from mojodex_tui.ui.working_copy import WorkingCopy
from mojodex_tui.wire.heard import Channel, TokenAppended, TokenReplaced

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex, Unsubscribe
    from mojodex_tui.state.runs import Run

_KEEP_AFTER = 0.25
"""Seconds after the last key until the working copy is on disk."""


class SessionDraft(Container):
    """Shows the draft of a session, and does what the user wants done with it.

    The session's state stays the screen's: it is told here by `follow`, and what is to become of
    it goes up as a message.

    Args:
        mojodex: The backend the run is on.
        run: Whose draft it is.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "edit", "edit", id="draft.edit", tooltip="Change the draft yourself"),
        Binding(
            "E",
            "edit_outside",
            "editor",
            id="draft.editor",
            tooltip="Change the draft in your own editor, and save it",
            show=False,
        ),
        Binding("ctrl+s", "save", "save", id="draft.save", tooltip="Save your version"),
        Binding("x", "give_up", "give up", id="draft.give_up", tooltip="Give up your changes"),
    ]

    class BroughtBack(Message):
        """The editor is open on what was not saved the last time."""

    def __init__(self, mojodex: Mojodex, run: Run, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._mojodex = mojodex
        self._run = run
        self._working_copy = WorkingCopy(mojodex, run, self._tell_saved)
        self._state: SessionState | None = None
        self._shown: DraftShown | None = None
        """What is read in the pane: the session's draft, or a version on its way to the server."""
        self._asked_back = False
        self._may_edit = False
        """What was not saved the last time is known; before, an edit would write over it."""
        self._seconds = 0
        self._unsubscribe: Unsubscribe | None = None

    def compose(self) -> Iterator[Widget]:
        """Lay out the pane, and what is offered under it."""
        yield DraftVersions(self._mojodex, self._run, lambda: self._working_copy.value)
        yield DraftOffers()

    def on_mount(self) -> None:
        """Hear what becomes of the user's versions."""
        self._unsubscribe = self._working_copy.listen()

    def on_unmount(self) -> None:
        """Hear no more of the outbox."""
        if self._unsubscribe is not None:
            self._unsubscribe()

    @property
    def pane(self) -> DraftPane:
        """Where the draft is read and changed."""
        return self.query_one(DraftPane)

    @property
    def target(self) -> Widget:
        """What takes the keys when this side has the focus."""
        return self.pane.target

    @property
    def draft(self) -> DraftShown | None:
        """The version that is shown, if there is one."""
        return None if self._state is None else self._state.draft

    @property
    def _frame(self) -> Framed:
        # Only screens of ours compose this.
        return cast("Framed", self.screen)

    # --- what is shown ---------------------------------------------------------------------

    def grow(self, event: TokenAppended | TokenReplaced) -> None:
        """Let the title or the body grow."""
        pane = self.pane
        match event.channel, event:
            case Channel.DRAFT_TITLE, TokenReplaced(text=text):
                pane.begin_title(text)
            case Channel.DRAFT_TITLE, TokenAppended(suffix=text):
                pane.grow_title(text)
            case _, TokenReplaced(text=text):
                pane.begin_body(text)
            case _, TokenAppended(suffix=text):
                pane.grow_body(text)

    def follow(self, before: SessionState | None, state: SessionState) -> None:
        """Show the draft of `state`, unless it is growing or is shown already."""
        self._state = state
        self.query_one(DraftWays).follow(state)
        self.query_one(DraftVersions).follow(state)
        self.query_one(DraftOffers).state = state
        was_drafting = before is not None and before.phase is Phase.DRAFTING
        same = before is not None and before.draft == state.draft and not was_drafting
        if state.draft is not None and state.phase is not Phase.DRAFTING and not same:
            self._show(state.draft, from_top=not was_drafting)
        if state.draft is not None and not self._asked_back:
            self._asked_back = True
            self._bring_back()
        self.refresh_bindings()

    def show_standing(self, seconds: int) -> None:
        """Show what is being done, for how many seconds, and what there is."""
        self._seconds = seconds
        if self._state is not None:
            pane = self.pane
            pane.border_title = draft_title(
                self._state,
                pane.words,
                seconds,
                editing=pane.editing,
                working=self._working_copy.value,
            )

    def _show(self, draft: DraftShown, *, from_top: bool = False) -> None:
        self._shown = draft
        self.pane.show(draft, from_top=from_top)

    def copy(self) -> None:
        """Copy the draft."""
        self.query_one(DraftWays).action_copy()

    def _show_again(self) -> None:
        """Show what was shown before the editor, or what became of it."""
        if self._shown is not None:
            self.pane.show(self._shown)
        self.show_standing(self._seconds)
        self.refresh_bindings()

    # --- the user's own version ------------------------------------------------------------

    def action_edit(self) -> None:
        """Change the draft, or go on changing it."""
        shown, state = self._shown, self._state
        if shown is None or state is None:
            return
        working = self._working_copy.value
        if working is None:
            self._working_copy.value = working = Working(shown.body, state.versions)
        self.pane.edit(working.body)
        self.show_standing(self._seconds)
        self.refresh_bindings()

    async def action_edit_outside(self) -> None:
        """Change the draft in the user's own editor; what comes back is saved as a version."""
        shown, state = self._shown, self._state
        if shown is None or state is None:
            return
        working = self._working_copy.value or Working(shown.body, state.versions)
        try:
            body = edit(self.app, working.body)
        except NoEditor as error:
            self._frame.warn(str(error))
            return
        if body != shown.body:
            await self._working_copy.keep(replace(working, body=body))
            await self._save(Working(body, working.base))

    async def leave_editor(self) -> None:
        """Go back to reading; what was changed is kept."""
        await self.keep_typed()
        self.pane.stop_editing()
        working, shown = self._working_copy.value, self._shown
        if working is not None and shown is not None and working.body == shown.body:
            await self._working_copy.forget()
        self._show_again()

    async def keep_typed(self) -> None:
        """Have the working copy on disk."""
        working = self._working_copy.value
        if self.pane.editing and working is not None:
            await self._working_copy.keep(replace(working, body=self.pane.editor.text))

    @work(group="bring back")
    async def _bring_back(self) -> None:
        """Open the editor again on a working copy that was not saved."""
        working = await self._working_copy.bring_back()
        self._may_edit = True
        self.refresh_bindings()
        if working is None or self.draft is None:
            return
        if working.body == self.draft.body:
            await self._working_copy.forget()
            return
        self.action_edit()
        self.post_message(self.BroughtBack())
        self.notify("Your changes that were not saved are back. ^S saves them.", timeout=6)

    @on(DraftPane.Changed)
    def _follow_editing(self) -> None:
        self._keep_soon()

    @work(group="keep edit", exclusive=True)
    async def _keep_soon(self) -> None:
        await asyncio.sleep(_KEEP_AFTER)
        await self.keep_typed()

    async def action_save(self) -> None:
        """Save what stands in the editor; what was not changed is not saved."""
        await self.leave_editor()
        if self._working_copy.value is not None:
            await self._save(self._working_copy.value)

    @on(DraftToSave)
    async def _save_seen(self, message: DraftToSave) -> None:
        message.stop()
        await self._save(Working(message.body, message.seen))

    async def _save(self, working: Working) -> None:
        """Save the user's text as one version, unless one came that the user has not seen."""
        state = self._state
        if state is None or state.draft is None:
            return
        if state.versions > working.base:
            self.query_one(DraftVersions).settle_conflict()
            return
        await self._hand_over(state.draft.title, working.body)
        await self._working_copy.forget()

    async def _hand_over(self, title: str, body: str) -> None:
        """Send a version of the user's, and show it."""
        if self.draft is not None:
            self._shown = version = replace(self.draft, title=title, body=body)
            self.pane.show_own(version)
            await self._working_copy.send(version)

    def _tell_saved(self, version: DraftShown) -> None:
        saved = partial(
            sessions.edited,
            title=version.title,
            body=version.body,
            produced_text_pk=version.produced_text_pk,
            version_pk=version.version_pk,
        )
        self.post_message(SessionChanged(saved))

    # --- both wrote ------------------------------------------------------------------------

    @on(NewestPreferred)
    async def _prefer_newest(self, message: NewestPreferred) -> None:
        """Keep both: the user's text as a version, and on top of it the one that came."""
        message.stop()
        if self.draft is not None:
            await self._hand_over(self.draft.title, message.body)
            await self._working_copy.forget()
            await self._hand_over(message.newest.title, message.newest.body)

    @on(DraftChanged)
    async def _take_changed(self, message: DraftChanged) -> None:
        """Keep what a comparison made of the draft."""
        message.stop()
        if self._state is not None:
            before = self._working_copy.value
            base = self._state.versions if before is None else before.base
            await self._working_copy.keep(Working(message.body, base))
            self._show_again()

    @on(DraftToEdit)
    def _edit_changed(self, message: DraftToEdit) -> None:
        message.stop()
        self.action_edit()

    @work(group="give up")
    async def action_give_up(self) -> None:
        """Give up the changes that were not saved, once the user is sure."""
        sentence = "Your changes to the draft that were not saved go. The versions stay."
        if await ask(self, Question("Give up your changes?", sentence)):
            await self._working_copy.forget()
            self._show_again()

    async def correct(self, wrong: str, right: str, *, by_server: bool) -> None:
        """Put a word right in the draft, and in what the user has made of it.

        Args:
            wrong: The word as it stands there.
            right: The word as it is to be.
            by_server: The server has done so already, and only what is kept here is left.
        """
        self.query_one(DraftVersions).forget()
        working, shown = self._working_copy.value, self._shown
        if working is not None:
            await self._working_copy.keep(
                replace(working, body=corrected(working.body, wrong, right))
            )
        if by_server or shown is None:
            self.notify(f"“{right}” stands everywhere, and is remembered.", timeout=4)
            return
        title, body = corrected(shown.title, wrong, right), corrected(shown.body, wrong, right)
        if (title, body) == (shown.title, shown.body):
            self._frame.say("This server keeps no vocabulary, and the draft has no such word.")
            return
        await self._hand_over(title, body)
        self._frame.say("This server keeps no vocabulary: the draft alone was put right.")

    # --- what else is there --------------------------------------------------------------

    @on(VersionRestored)
    async def _restore(self, message: VersionRestored) -> None:
        message.stop()
        version = message.version
        await self._hand_over(version.title, version.body)
        self.notify(f"{version.name} is back as the newest version.", timeout=4)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now only."""
        state, draft, working = self._state, self.draft, self._working_copy.value
        if not self.is_attached or state is None or draft is None:
            return False
        editing = self.pane.editing or self.pane.choosing
        match action:
            case "save":
                return self.pane.editing
            case "edit" | "edit_outside":
                return self._may_edit and not editing and state.phase is not Phase.DRAFTING
            case "give_up":
                return not editing and working is not None
            case _:
                return True
