"""A session: the conversation and the draft it is about, side by side or in turn."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.markup import escape
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static, TextArea

from mojodex_tui.client.errors import ApiError
from mojodex_tui.client.port import OutboxChange, OutboxKind, OutboxStatus, StopOutcome
from mojodex_tui.files import FileUnreadable, is_recording, named_files
from mojodex_tui.state import session as sessions
from mojodex_tui.state.attachments import attached_line
from mojodex_tui.state.runs import NO_EXECUTION
from mojodex_tui.state.session import Phase, Said, SessionState
from mojodex_tui.state.session_words import about, chat_title, home_title, last_word, quoted
from mojodex_tui.ui.attaching import Attaching
from mojodex_tui.ui.clipboard import copy
from mojodex_tui.ui.keys import binding_of
from mojodex_tui.ui.outgoing import Outgoing
from mojodex_tui.ui.screens.attach_prompt import AttachPrompt
from mojodex_tui.ui.screens.draft_versions import DraftVersions
from mojodex_tui.ui.screens.draft_ways import DraftWays
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.screens.session_draft import SessionDraft
from mojodex_tui.ui.screens.session_run import SessionRun
from mojodex_tui.ui.screens.session_talk import SessionTalk
from mojodex_tui.ui.screens.session_writing import SessionWriting
from mojodex_tui.ui.type_ahead import TypeAhead
from mojodex_tui.ui.widgets.conversation import Conversation
from mojodex_tui.ui.widgets.entry import EntryKind
from mojodex_tui.ui.widgets.message_box import MessageBox
from mojodex_tui.ui.widgets.session_title import SessionTitle
from mojodex_tui.wire.events import ExecutionStarted
from mojodex_tui.wire.heard import Channel, LiveEvent, Resynchronise, TokenAppended, TokenReplaced
from mojodex_tui.wire.messages import SentMessage

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex, Unsubscribe
    from mojodex_tui.state.runs import Run

_KEEP_AFTER = 0.25
"""Seconds after the last key until what is typed is on disk."""

_SILENCE = 20.0
"""Seconds without a word, while one is awaited, after which it is asked whether one was lost."""

_TWICE = 1.0
"""Seconds within which a second Esc stops what is being written."""


class SessionScreen(Framed):
    """Follows a run, shows its draft while it is written, and takes the user's words.

    Args:
        mojodex: The backend the run is on.
        run: What to show.
    """

    PLACE = "History"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "next_pane(1)", "pane", id="session.next_pane"),
        Binding("shift+tab", "next_pane(-1)", "pane back", id="session.previous_pane", show=False),
        Binding("escape", "step_out", "back", id="session.back", show=False),
        Binding("ctrl+c", "copy_or_stop", "copy or stop", id="session.stop", show=False),
        Binding("y", "copy", "copy", id="session.copy", tooltip="Copy the message or the draft"),
        Binding("r", "retry", "again", id="chat.retry", tooltip="Send or ask again"),
        Binding("x", "drop", "drop", id="chat.drop", tooltip="Do not send this message"),
        Binding("end", "follow", "follow", id="session.follow", show=False),
        Binding("f5", "refresh_session", "refresh", id="session.refresh", show=False),
        Binding(
            "t",
            "todos_of_run",
            "To-Dos",
            id="session.todos",
            tooltip="The To-Dos that were found in this run",
            show=False,
        ),
        Binding(
            "f3",
            "inspect_chain",
            "chain",
            id="session.chain",
            tooltip="Inspect the chain: every node behind this session",
            show=False,
        ),
    ]

    state: reactive[SessionState | None] = reactive(None, bindings=True)
    pane: reactive[str] = reactive("chat")
    """Which of `chat` and `draft` shows where there is room for one only."""

    def __init__(self, mojodex: Mojodex, run: Run) -> None:
        super().__init__()
        self._mojodex = mojodex
        self._run = run
        self._older_offset: int | None = None
        self._began = monotonic()
        self._heard = monotonic()
        self._is_overtaken = False
        self._escaped = -_TWICE
        self._unsubscribe: Unsubscribe | None = None
        self._outgoing = Outgoing(mojodex, run)
        self._attaching = Attaching(mojodex.api, run.session_id)
        self._typed = ""
        self._type_ahead = TypeAhead(self)
        self._seeks_older = False
        self._begun: Run | None = None

    def compose_body(self) -> Iterator[Widget]:
        """Lay out the title, both panes and the message box."""
        yield SessionTitle(self._run.title, self._run.came_from)
        with SessionRun(self._mojodex, self._run, id="session", classes="-no-draft"):
            yield SessionTalk()
            yield SessionDraft(self._mojodex, self._run, id="draft-side")
            yield Static(id="glimpse", markup=False)
            yield SessionWriting(id="writing")

    # --- start and end ---------------------------------------------------------------------

    def on_mount(self) -> None:
        """Show what is known, ask for the rest, and listen."""
        box = self.query_one(MessageBox)
        box.border_title = "Message"
        box.border_subtitle = "Enter send  ^J new line  / commands  @file"
        chat = self.query_one(Conversation)
        chat.border_title = "Chat"
        self.watch(chat, "scroll_y", self._look_for_older, init=False)
        self._unsubscribe = self._mojodex.outbox.subscribe(self._follow_outbox)
        self.set_interval(0.5, self._tick)
        self._take_up_typed(box)
        self._open()

    @work(group="typed")
    async def _take_up_typed(self, box: MessageBox) -> None:
        """Go on with what was typed before, then with what is being typed."""
        self._typed = await self._outgoing.bring_back()
        box.load_text(self._typed)
        box.move_cursor(box.document.end)
        self._type_ahead.release_to(box)

    @on(events.Key)
    @on(events.Paste)
    def _hold_early(self, event: events.Key | events.Paste) -> None:
        self._type_ahead.hold(event)

    def on_unmount(self) -> None:
        """Hear no more of the outbox."""
        if self._unsubscribe is not None:
            self._unsubscribe()

    async def keep_typed(self) -> None:
        """Have the message and the working copy of the draft on disk."""
        await self._outgoing.keep_message(self.query_one(MessageBox).text)
        await self.query_one(SessionDraft).keep_typed()

    @property
    def _is_open(self) -> bool:
        """Whether the panes are there; while a screen is closed they go before it does."""
        return bool(self.query(Conversation))

    @work(group="listen")
    async def _listen(self) -> None:
        async with aclosing(self._mojodex.live.listen(self._run.session_id)) as events:
            async for event in events:
                self._hear(event)

    @work(group="open", exclusive=True)
    async def _open(self) -> None:
        """Show what was seen last, then what the backend has; listen from the start."""
        self._listen()
        self._fetch_attached()
        cache = self._mojodex.cache
        execution = await cache.execution(self._run.execution_pk)
        if execution is not None:
            rows = await cache.messages(self._run.session_id)
            self.state = sessions.loaded(execution, rows)
        await self._fetch()

    async def _fetch(self) -> None:
        """Ask for the run and its newest messages, until nothing happened meanwhile.

        What is heard before the answer comes may be missing in it.
        """
        self._is_overtaken = True
        while self._is_overtaken:
            self._is_overtaken = False
            await self._fetch_once()

    async def _fetch_once(self) -> None:
        api, run = self._mojodex.api, self._run

        async def both() -> tuple[SessionState, int | None]:
            if run.execution_pk == NO_EXECUTION:
                history = await api.messages(run.session_id)
                return sessions.without_task(run.session_id, history.rows), history.older_offset
            execution = await api.execution(run.execution_pk)
            history = await api.messages(run.session_id)
            return sessions.loaded(execution, history.rows), history.older_offset

        try:
            fresh, self._older_offset = await self.shell.ask(both)
        except ApiError as error:
            self.say_failed(error, "The session could not be fetched; what was seen last is shown.")
            return
        if not self._is_open:
            return
        self.say_nothing()
        before = self.state
        self.state = fresh if before is None else sessions.resynchronised(before, fresh)
        self._remember_sent()
        self.call_after_refresh(self._look_for_older)

    def _look_for_older(self) -> None:
        """Fetch the page before, when the reader comes near the start of what is here."""
        if not self._is_open or self._older_offset is None:
            return
        chat = self.query_one(Conversation)
        if chat.scroll_y < chat.size.height:
            offset, self._older_offset = self._older_offset, None
            self._fetch_older(offset)

    @work(group="older")
    async def _fetch_older(self, offset: int) -> None:
        session_id = self._run.session_id
        try:
            page = await self.shell.ask(lambda: self._mojodex.api.messages(session_id, offset))
        except ApiError as error:
            self._older_offset = offset
            self.say_failed(error, "Older messages could not be fetched.")
            return
        if self.state is not None:
            self._older_offset = page.older_offset
            self.state = sessions.with_older(self.state, page.rows)
            self.call_after_refresh(self._look_for_older)
            if self._is_open and self._seeks_older:
                self._seeks_older = False
                self.query_one(SessionTalk).go_on(is_more=True)

    @on(SessionTalk.OlderWanted)
    def _search_older(self) -> None:
        """Fetch the page before for a search; if it is being fetched already, wait for it."""
        self._seeks_older = True
        if self._older_offset is not None:
            offset, self._older_offset = self._older_offset, None
            self._fetch_older(offset)
        elif not self._is_fetching_older:
            self._seeks_older = False
            self.query_one(SessionTalk).go_on(is_more=False)

    @property
    def _is_fetching_older(self) -> bool:
        return any(one.group == "older" and one.is_running for one in self.workers)

    def _remember_sent(self) -> None:
        """Give the message box what Up brings back."""
        entries = self.state.entries if self.state is not None else ()
        said = tuple(one.text for one in entries if isinstance(one, Said) and one.by_user)
        self.query_one(MessageBox).remember(said)

    # --- hearing ---------------------------------------------------------------------------

    def _hear(self, event: LiveEvent) -> None:
        """Take in what the session says."""
        if not self._is_open:
            return
        self._heard = monotonic()
        match event:
            case TokenAppended() | TokenReplaced():
                self._grow(event)
            case Resynchronise():
                self._refetch()
            case ExecutionStarted(user_task_execution_pk=pk) if pk != self._run.execution_pk:
                self._begun = replace(self._run, execution_pk=pk, in_home=True)
                self._go_on_with_task()
            case _:
                self._is_overtaken = True
        if self.state is not None:
            self.state = sessions.apply(self.state, event)

    def on_screen_resume(self) -> None:
        """Go on with the task that began while something else was in front."""
        self._go_on_with_task()

    @work(group="begun")
    async def _go_on_with_task(self) -> None:
        """Show the run of the task that a home chat has begun, with its draft."""
        if self._begun is not None and self.is_active:
            run, self._begun = self._begun, None
            await self.keep_typed()
            self.shell.open_session(run)

    def _grow(self, event: TokenAppended | TokenReplaced) -> None:
        """Let the text grow in the pane that shows it."""
        if event.channel is not Channel.MESSAGE:
            self.query_one(SessionDraft).grow(event)
            return
        whole = isinstance(event, TokenReplaced)
        text = event.text if isinstance(event, TokenReplaced) else event.suffix
        self.query_one(Conversation).say(text, from_start=whole)

    @work(group="open", exclusive=True)
    async def _refetch(self) -> None:
        await self._fetch()

    def watch_state(self, before: SessionState | None, state: SessionState | None) -> None:
        """Show the session as it is now."""
        if state is None or not self._is_open:
            return
        old_phase = before.phase if before is not None else Phase.IDLE
        if state.phase is not old_phase:
            self._phase_changed(old_phase, state.phase)
        self.query_one(SessionRun).follow(state)
        self._show_entries()
        self._show_draft(before, state)
        self._show_standing()

    def _phase_changed(self, old: Phase, new: Phase) -> None:
        """Start the clock, bring the draft to the front, or send what was queued."""
        if not old.is_busy:
            self._began = monotonic()
        if new is Phase.DRAFTING:
            self.pane = "draft"
        elif new is Phase.TALKING:
            self.pane = "chat"
        elif new is Phase.IDLE:
            self._send_queued()

    def _show_entries(self) -> None:
        """Show what was said, and what waits."""
        if self.state is not None and self._is_open:
            self.query_one(Conversation).show(
                self.state.entries,
                self._outgoing.waiting(),
                is_writing=self.state.phase is Phase.TALKING,
            )
            glimpse = self.query_one("#glimpse", Static)
            glimpse.update(text := last_word(self.state))
            glimpse.set_class(not text, "-empty")
            self.refresh_bindings()

    def _show_draft(self, before: SessionState | None, state: SessionState) -> None:
        """Make room for the draft, and show it."""
        has_draft = state.draft is not None or state.phase is Phase.DRAFTING
        self._lay_out({"-no-draft": not has_draft})
        if not has_draft:
            self.pane = "chat"
        self.query_one(SessionDraft).follow(before, state)
        is_new = state.draft is not None and (before is None or before.draft is None)
        if is_new and not state.phase.is_busy:
            self.pane = "draft"

    @on(DraftVersions.VersionFetched)
    def _show_version(self, message: DraftVersions.VersionFetched) -> None:
        if self.state is not None:
            self.state = sessions.showing(self.state, message.version)

    @on(SessionDraft.Saved)
    def _count_version(self, message: SessionDraft.Saved) -> None:
        if self.state is not None:
            version = message.version
            self.state = sessions.edited(
                self.state,
                title=version.title,
                body=version.body,
                produced_text_pk=version.produced_text_pk,
                version_pk=version.version_pk,
            )

    @on(SessionRun.Asked)
    def _expect_quick_change(self, message: SessionRun.Asked) -> None:
        if self.state is not None:
            self.state = sessions.requested(self.state, message.message_pk, message.text)

    @on(SessionRun.Renamed)
    def _take_title(self, message: SessionRun.Renamed) -> None:
        if self.state is not None:
            self.state = sessions.renamed(self.state, message.title)

    @on(SessionRun.SpellingCorrected)
    async def _take_spelling(self, message: SessionRun.SpellingCorrected) -> None:
        draft = self.query_one(SessionDraft)
        await draft.correct(message.wrong, message.right, by_server=message.by_server)
        if message.by_server:
            self._refetch()

    @on(DraftWays.PassageChosen)
    def _ask_about(self, message: DraftWays.PassageChosen) -> None:
        self.query_one(SessionWriting).put(about(message.text))

    @on(SessionTalk.Quoted)
    def _quote(self, message: SessionTalk.Quoted) -> None:
        self.query_one(SessionWriting).put(quoted(message.text))

    @on(SessionTalk.Rewritten)
    async def _rewrite(self, message: SessionTalk.Rewritten) -> None:
        """Take a message of the user back into the box; one that was sent stays where it is."""
        entry = message.entry
        self.query_one(SessionWriting).put(entry.text)
        if entry.kind in {EntryKind.UNSENT, EntryKind.QUEUED}:
            await self._outgoing.drop(entry.key)
            self._show_entries()

    @on(SessionWriting.CommandGiven)
    async def _do_command(self, message: SessionWriting.CommandGiven) -> None:
        """Do what the key of a command does, where that key acts."""
        chat, command = self.query_one(Conversation), message.command
        found = binding_of(self, command.binding)
        # Most of these keys act only where nothing is written.
        self.set_focus(chat)
        if found is None or not await self.app.run_action(found[1].action, found[0]):
            self.say(f"/{command.name} cannot be done now.")
        if self.focused is chat:
            self.set_focus(self.query_one(MessageBox))

    @on(SessionDraft.BroughtBack)
    def _show_working_copy(self) -> None:
        self.pane = "draft"

    def _tick(self) -> None:
        """Count the seconds, and look after an answer that is long in coming."""
        self._show_standing()
        busy = self.state is not None and self.state.phase.is_busy
        if busy and monotonic() - self._heard > _SILENCE:
            self._heard = monotonic()
            self._refetch()

    def _show_standing(self) -> None:
        """Show what is being done, for how long, and what there is."""
        state = self.state
        if state is None or not self._is_open:
            return
        seconds = int(monotonic() - self._began)
        title = self.query_one(SessionTitle)
        title.title = home_title(state) if self._run.in_home else state.title
        title.has_draft = not self.query_one("#session").has_class("-no-draft")
        title.pane = self.pane
        title.versions = state.versions
        self.query_one(SessionDraft).show_standing(seconds)
        self.query_one(Conversation).border_title = chat_title(state, seconds)

    def watch_pane(self, pane: str) -> None:
        """Bring a pane to the front, where there is room for one only."""
        if self.is_mounted:
            self._lay_out({"-show-draft": pane == "draft"})
            self.query_one(SessionTitle).pane = pane

    def _lay_out(self, classes: dict[str, bool]) -> None:
        """Lay the panes out anew, often just when the first word of a draft arrives.

        These classes mean something to the panes alone: styling all that is inside them as well
        would take longer than the word took to get here.
        """
        panes = self.query_one("#session")
        panes.update_classes(classes, update=False)
        self.app.stylesheet.update_nodes([panes, *panes.children])

    # --- writing ---------------------------------------------------------------------------

    @on(MessageBox.Submitted)
    async def _submit(self, message: MessageBox.Submitted) -> None:
        """Send the message, or queue it behind the answer that is being written."""
        message.stop()
        if self.state is not None and self.state.phase.is_busy:
            await self._outgoing.queue(message.text)
        else:
            self._expect_answer()
            await self._outgoing.send(message.text)
        self._typed = ""
        await self._outgoing.keep_message("")
        self._show_entries()

    def _expect_answer(self) -> None:
        if self.state is not None:
            self.state = sessions.asked(self.state)

    @work(group="queue")
    async def _send_queued(self) -> None:
        """Send the first of what was queued; the others wait for its answer."""
        if self._outgoing.queued:
            # First, because the answer may be quicker than the disk.
            self._expect_answer()
            await self._outgoing.send_next()
            self._show_entries()

    @on(TextArea.Changed, "#message")
    def _follow_typing(self, changed: TextArea.Changed) -> None:
        self._typed = changed.text_area.text
        self._keep_message_soon()

    @work(group="keep message", exclusive=True)
    async def _keep_message_soon(self) -> None:
        await asyncio.sleep(_KEEP_AFTER)
        await self._outgoing.keep_message(self._typed)

    def _follow_outbox(self, change: OutboxChange) -> None:
        """Show how what the user wrote gets on."""
        item = change.item
        if item.session_id != self._run.session_id or self.state is None:
            return
        if item.status is OutboxStatus.REFUSED:
            self.state = replace(self.state, phase=Phase.IDLE)
        elif item.status is OutboxStatus.DELIVERED:
            match item.kind, change.answer:
                case OutboxKind.MESSAGE, SentMessage(message_pk=int(pk), text=text):
                    self.state = sessions.sent(self.state, pk, item.id, text or item.text)
                    self._fetch_attached()
                case OutboxKind.RUN, _ if self.state.execution.start_date is None:
                    self._expect_answer()  # else its start was told, and perhaps its end
        self._show_entries()

    # --- keys: panes -----------------------------------------------------------------------

    def action_next_pane(self, step: int) -> None:
        """Go to the next pane, and bring it to the front."""
        panes: list[Widget] = [self.query_one(MessageBox), self.query_one(Conversation)]
        if not self.query_one("#session").has_class("-no-draft"):
            panes.append(self.query_one(SessionDraft).target)
        at = panes.index(self.focused) if self.focused in panes else 0
        self._go_to(panes[(at + step) % len(panes)])

    def _go_to(self, target: Widget) -> None:
        """Give a pane the focus, in front."""
        if target is not self.query_one(MessageBox):
            self.pane = "chat" if target is self.query_one(Conversation) else "draft"
        # At once, so that the key that comes next finds it there: only what is shown can have it.
        self.app.stylesheet.update(self)
        self.set_focus(target)

    @on(MessageBox.Left)
    def _leave_box(self, message: MessageBox.Left) -> None:
        message.stop()
        if not self._stop_if_twice():
            chat, draft = self.query_one(Conversation), self.query_one(SessionDraft).pane
            self._go_to(draft.view if self.pane == "draft" and not draft.editing else chat)

    async def action_step_out(self) -> None:
        """Leave the editor, or the session; the second of two quick presses stops the answer."""
        draft = self.query_one(SessionDraft)
        if self._stop_if_twice():
            return
        if draft.pane.editing:
            await draft.leave_editor()
        else:
            await self.keep_typed()
            self.app.pop_screen()

    def _stop_if_twice(self) -> bool:
        """Stop the answer if Esc was pressed a moment ago; say whether it was."""
        now = monotonic()
        twice = now - self._escaped < _TWICE
        self._escaped = now
        busy = self.state is not None and self.state.phase.is_busy
        if twice and busy:
            self._stop()
        return twice and busy

    def action_follow(self) -> None:
        """Follow the text of the pane in front again."""
        shown = self.query_one(SessionDraft).pane.view if self.pane == "draft" else None
        (shown or self.query_one(Conversation)).action_scroll_end()

    def action_refresh_session(self) -> None:
        """Ask for everything again."""
        self._refetch()

    def action_todos_of_run(self) -> None:
        """Show the To-Dos that were found in this run."""
        self.shell.open_todos(self._run)

    def action_inspect_chain(self) -> None:
        """Show the chain behind the session; it may go on elsewhere afterwards."""
        from mojodex_tui.ui.screens.chain import ChainScreen

        named = self._run if self.state is None else replace(self._run, title=self.state.title)
        self.app.push_screen(ChainScreen(self._mojodex, named), self._come_back)

    def _come_back(self, _: None) -> None:
        self._refetch()

    # --- keys: stopping and copying --------------------------------------------------------

    def action_copy_or_stop(self) -> None:
        """Copy what is selected; else stop the answer; else say how to leave."""
        selected = self.get_selected_text()
        if selected:
            self._copy(selected)
        elif self.state is not None and self.state.phase.is_busy:
            self._stop()
        else:
            raise SkipAction

    @work(group="stop", exclusive=True)
    async def _stop(self) -> None:
        if self.state is None:
            return
        self.state = replace(self.state, stopping=True)
        try:
            outcome = await self._mojodex.api.stop(self._run.session_id)
        except ApiError as error:
            self.state = replace(self.state, stopping=False)
            self.say_failed(error, "It could not be stopped.")
            return
        if outcome is StopOutcome.STOPPED:
            return  # the end comes as an event, like every other end
        self.state = replace(self.state, stopping=False, phase=Phase.IDLE)
        if outcome is StopOutcome.NOT_POSSIBLE:
            self.say("This server cannot stop. It goes on writing; the result will be kept.")

    def action_copy(self) -> None:
        """Copy the message under the cursor, or the draft."""
        selected = self.query_one(Conversation).selected
        if self.focused is self.query_one(Conversation) and selected is not None:
            self._copy(selected.text)
        else:
            self.query_one(SessionDraft).copy()

    @work(group="copy")
    async def _copy(self, text: str) -> None:
        self.notify(await copy(self.app, text), timeout=4)

    # --- keys: messages that were not sent or answered -------------------------------------

    async def action_retry(self) -> None:
        """Send the chosen unsent message again, or ask again for the missing answer."""
        if await self._outgoing.retry(self.query_one(Conversation).selected_key):
            return
        state = self.state
        if state is None or state.phase.is_busy:
            return
        if await self._outgoing.ask_again(state):
            self._expect_answer()
        else:
            self.query_one(SessionRun).retry_quick_change()

    async def action_drop(self) -> None:
        """Give up a message that was not sent or is queued; without any, remove the last file."""
        if self._outgoing.unsent or self._outgoing.queued:
            await self._outgoing.drop(self.query_one(Conversation).selected_key)
            self._show_entries()
        elif self._attaching.files:
            self._remove_file()

    # --- files of the next message ---------------------------------------------------------

    @work(group="attached", exclusive=True)
    async def _fetch_attached(self) -> None:
        try:
            await self.shell.ask(self._attaching.fetch)
        except ApiError:
            return  # the run itself could not be fetched either, which is told
        self._show_attached()

    def _show_attached(self) -> None:
        """Show over the message box what goes with the message."""
        if self._is_open:
            line = attached_line(self._attaching.files)
            title = "   ".join(filter(None, ("Message", escape(line))))
            self.query_one(MessageBox).border_title = title
            self.refresh_bindings()

    @on(MessageBox.FileWanted)
    @work(group="attach")
    async def _add_files(self) -> None:
        typed = await self.app.push_screen_wait(AttachPrompt())
        if typed == "@":
            self.query_one(MessageBox).insert(typed)
        elif typed is not None:
            await self._attach_files(named_files(typed))

    async def _attach_files(self, paths: tuple[Path, ...]) -> None:
        for path in paths:
            if is_recording(path):
                await self._send_recording(path)
                continue
            try:
                text = await self.shell.ask(partial(self._attaching.attach, path))
            except ApiError as error:
                self.say_failed(error, f"{path.name} was not attached.")
                break
            except FileUnreadable as error:
                self.say(str(error))
                break
            if text is not None:
                self.query_one(MessageBox).insert(text)
                self.say(f"This server takes no files: the text of {path.name} was inserted.")
            elif (notice := self._attaching.files[-1].notice) is not None:
                self.say(f"{path.name}: {notice}")
        self._show_attached()

    async def _send_recording(self, path: Path) -> None:
        try:
            await self._outgoing.send_recording(path)
        except FileUnreadable as error:
            self.say(str(error))
        else:
            self.say(f"{path.name} is on its way as a spoken message.")

    @work(group="detach")
    async def _remove_file(self) -> None:
        try:
            await self.shell.ask(self._attaching.detach_last)
        except ApiError as error:
            self.say_failed(error, "The file still goes with your message.")
        self._show_attached()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now only."""
        unsent = bool(self._outgoing.unsent)
        if action == "retry":
            return unsent or (self.state is not None and self.state.lacks_answer)
        if action == "drop":
            return unsent or bool(self._outgoing.queued or self._attaching.files)
        return super().check_action(action, parameters)
