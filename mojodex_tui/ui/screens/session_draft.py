"""The draft's side of a session: its versions, the user's changes to it, its ways out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import on, work
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from mojodex_tui.client.errors import ApiError
from mojodex_tui.client.port import OutboxChange, OutboxKind, OutboxStatus
from mojodex_tui.state.session import DraftShown, Phase, SessionState
from mojodex_tui.state.session_words import draft_title
from mojodex_tui.ui.clipboard import copy
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.screens.save_file import SaveFileScreen, file_name
from mojodex_tui.ui.widgets.draft_pane import DraftPane
from mojodex_tui.ui.working_copy import WorkingCopy
from mojodex_tui.wire.heard import Channel, TokenAppended, TokenReplaced
from mojodex_tui.wire.produced_texts import SavedProducedText

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

    @dataclass
    class VersionFetched(Message):
        """Another version is to be shown."""

        version: DraftShown

    @dataclass
    class Saved(Message):
        """The server has the user's own version."""

        version: DraftShown
        """Its index is not known here."""

    class BroughtBack(Message):
        """The editor is open on what was not saved the last time."""

    def __init__(self, mojodex: Mojodex, run: Run, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._mojodex = mojodex
        self._run = run
        self._working_copy = WorkingCopy(mojodex, run)
        self._state: SessionState | None = None
        self._being_saved: DraftShown | None = None
        self._seconds = 0
        self._unsubscribe: Unsubscribe | None = None

    def compose(self) -> Iterator[Widget]:
        """Lay out the pane."""
        yield DraftPane(id="draft")

    def on_mount(self) -> None:
        """Hear what becomes of the user's versions."""
        self._unsubscribe = self._mojodex.outbox.subscribe(self._follow_outbox)

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
        return self.pane.editor if self.pane.editing else self.pane.view

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
        pane = self.pane
        pane.versions = state.versions
        pane.is_growing = state.phase is Phase.DRAFTING
        was_drafting = before is not None and before.phase is Phase.DRAFTING
        same = before is not None and before.draft == state.draft and not was_drafting
        if state.draft is not None and state.phase is not Phase.DRAFTING and not same:
            pane.show(state.draft, from_top=not was_drafting)

    def show_standing(self, seconds: int) -> None:
        """Show what is being done, for how many seconds, and what there is."""
        self._seconds = seconds
        if self._state is not None:
            pane = self.pane
            pane.border_title = draft_title(self._state, pane.words, seconds, editing=pane.editing)

    def _show_again(self) -> None:
        """Show the draft as it is in the session, after the editor."""
        if self._state is not None and self._state.draft is not None:
            self.pane.show(self._state.draft)
        self.show_standing(self._seconds)

    # --- the user's own version ------------------------------------------------------------

    async def leave_editor(self) -> None:
        """Go back to reading; the working copy is kept."""
        await self.keep_typed()
        self.pane.stop_editing()
        self._show_again()

    async def keep_typed(self) -> None:
        """Have the working copy on disk."""
        pane, state = self.pane, self._state
        if pane.editing and state is not None and state.draft is not None:
            await self._working_copy.keep(pane.editor.text)

    async def bring_back(self) -> None:
        """Open the editor again on a working copy that was not saved."""
        working = await self._working_copy.bring_back()
        if working is None or self._state is None or self._state.draft is None:
            return
        if working == self._state.draft.body:
            await self._working_copy.forget()
            return
        self.pane.edit(working)
        self.post_message(self.BroughtBack())
        self._frame.say("Your changes that were not saved are back.", "^S saves them")

    @on(DraftPane.Changed)
    def _follow_editing(self) -> None:
        self._keep_soon()

    @work(group="keep edit", exclusive=True)
    async def _keep_soon(self) -> None:
        await asyncio.sleep(_KEEP_AFTER)
        await self.keep_typed()

    @on(DraftPane.Edited)
    async def _save(self, edited: DraftPane.Edited) -> None:
        """Save the user's version."""
        state = self._state
        if state is None or state.draft is None:
            return
        if edited.body == state.draft.body:
            await self._working_copy.forget()
            self._show_again()
            return
        self._being_saved = replace(state.draft, body=edited.body)
        self.pane.show(self._being_saved)
        await self._working_copy.save(state.draft.produced_text_pk, state.draft.title, edited.body)

    def _follow_outbox(self, change: OutboxChange) -> None:
        """Count the user's version once the server has it."""
        item, saved, answer = change.item, self._being_saved, change.answer
        if (
            saved is None
            or item.session_id != self._run.session_id
            or item.kind is not OutboxKind.EDIT
            or item.status is not OutboxStatus.DELIVERED
            or not isinstance(answer, SavedProducedText)
        ):
            return
        self._being_saved = None
        there = replace(
            saved,
            produced_text_pk=answer.produced_text_pk,
            version_pk=answer.produced_text_version_pk,
        )
        self.post_message(self.Saved(there))

    # --- other versions --------------------------------------------------------------------

    @on(DraftPane.VersionWanted)
    def _show_version(self, wanted: DraftPane.VersionWanted) -> None:
        self._fetch_version(wanted.index)

    @work(group="version", exclusive=True)
    async def _fetch_version(self, index: int) -> None:
        """Show an older or newer version."""
        state = self._state
        if state is None or state.draft is None:
            return
        try:
            version = await self._mojodex.api.produced_text_version(self._run.execution_pk, index)
        except ApiError as error:
            self._frame.say_failed(error, "That version could not be fetched.")
            return
        if version.produced_text_version_pk is None:
            return
        shown = DraftShown(
            title=version.produced_text_title or "",
            body=version.produced_text_production or "",
            produced_text_pk=state.draft.produced_text_pk,
            version_pk=version.produced_text_version_pk,
            index=index,
        )
        self.post_message(self.VersionFetched(shown))

    # --- ways out --------------------------------------------------------------------------

    def copy(self) -> None:
        """Copy the draft that is shown, if there is one."""
        if self._state is not None and self._state.draft is not None:
            self._copy(self.pane.view.text)

    @work(group="copy")
    async def _copy(self, text: str) -> None:
        self.notify(await copy(self.app, text), timeout=4)

    @on(DraftPane.FileWanted)
    def _write_wanted_file(self) -> None:
        self._write_file()

    @work(group="file")
    async def _write_file(self) -> None:
        """Write the draft to a Markdown file."""
        if self._state is None or self._state.draft is None:
            return
        title = self._state.draft.title or self._state.title
        suggestion = Path.cwd() / file_name(title)
        path = await self.app.push_screen_wait(SaveFileScreen(suggestion))
        if path is None:
            return
        text = self.pane.view.text.rstrip() + "\n"
        try:
            await asyncio.to_thread(path.write_text, text, encoding="utf-8")
        except OSError as error:
            self._frame.say(f"{path} was not written: {error.strerror or error}.")
        else:
            self.notify(f"Wrote {path} ({len(text.split())} words).", timeout=4)
