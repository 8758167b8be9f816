"""A session: the conversation and the draft it is about, side by side or in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from mojodex_tui.client.errors import ApiError
from mojodex_tui.client.port import OutboxChange, OutboxKind, OutboxStatus
from mojodex_tui.state import session as sessions
from mojodex_tui.state.session import Said, SessionState
from mojodex_tui.state.session_words import about, quoted
from mojodex_tui.ui.keys import binding_of
from mojodex_tui.ui.messages import SessionChanged
from mojodex_tui.ui.screens.draft_ways import DraftWays
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.screens.session_answer import SessionAnswer
from mojodex_tui.ui.screens.session_draft import SessionDraft
from mojodex_tui.ui.screens.session_files import SessionFiles
from mojodex_tui.ui.screens.session_onward import SessionOnward
from mojodex_tui.ui.screens.session_panes import SessionPanes
from mojodex_tui.ui.screens.session_run import SessionRun
from mojodex_tui.ui.screens.session_sending import SessionSending
from mojodex_tui.ui.screens.session_talk import SessionTalk
from mojodex_tui.ui.screens.session_writing import SessionWriting
from mojodex_tui.ui.session_pages import SessionPages
from mojodex_tui.ui.type_ahead import TypeAhead
from mojodex_tui.ui.widgets.conversation import Conversation
from mojodex_tui.ui.widgets.message_box import MessageBox
from mojodex_tui.ui.widgets.session_title import SessionTitle
from mojodex_tui.wire.events import ExecutionStarted
from mojodex_tui.wire.heard import Channel, LiveEvent, Resynchronise, TokenAppended, TokenReplaced

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex, Unsubscribe
    from mojodex_tui.state.runs import Run


class SessionScreen(Framed):
    """Keeps what a session is, as it is told, and hands it to those who show it.

    Args:
        mojodex: The backend the run is on.
        run: What to show.
    """

    PLACE = "History"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "step_out", "back", id="session.back", show=False),
        Binding("y", "copy", "copy", id="session.copy", tooltip="Copy the message or the draft"),
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

    def __init__(self, mojodex: Mojodex, run: Run) -> None:
        super().__init__()
        self._mojodex = mojodex
        self._run = run
        self._pages = SessionPages(mojodex, run)
        self._is_overtaken = False
        self._unsubscribe: Unsubscribe | None = None
        self._type_ahead = TypeAhead(self)
        self._begun: Run | None = None

    def compose_body(self) -> Iterator[Widget]:
        """Lay out the title and the panes, each within those who have keys for it."""
        mojodex, run = self._mojodex, self._run
        with SessionOnward(mojodex, run), SessionRun(mojodex, run), SessionAnswer(mojodex.api, run):
            yield SessionTitle(run.title, run.came_from)
            with SessionSending(mojodex, run, self._expect_answer), SessionPanes(id="session"):
                yield SessionTalk(mojodex.api, run.session_id)
                yield SessionDraft(mojodex, run, id="draft-side")
                yield Static(id="glimpse", markup=False)
                yield SessionFiles(mojodex.api, run)

    # --- start and end ---------------------------------------------------------------------

    def on_mount(self) -> None:
        """Show what is known, ask for the rest, and listen."""
        self._unsubscribe = self._mojodex.outbox.subscribe(self._follow_outbox)
        self._take_up_typed()
        self._open()

    @work(group="typed")
    async def _take_up_typed(self) -> None:
        """Go on with what was typed before, then with what is being typed."""
        self._type_ahead.release_to(await self.query_one(SessionSending).bring_back())

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
        await self.query_one(SessionSending).keep_typed()
        await self.query_one(SessionDraft).keep_typed()

    @property
    def _is_open(self) -> bool:
        """Whether the panes are there; while a screen is closed they go before it does."""
        return not self._pruning and bool(self.query(Conversation))

    # --- asking ----------------------------------------------------------------------------

    @work(group="open", exclusive=True)
    async def _open(self) -> None:
        """Show what was seen last, then what the backend has; listen from the start."""
        self._listen()
        self.query_one(SessionFiles).fetch()
        seen = await self._pages.seen()
        if seen is not None:
            self.state = seen
        await self._fetch()

    @on(SessionAnswer.Silent)
    @work(group="open", exclusive=True)
    async def _refetch(self) -> None:
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
        try:
            fresh = await self.shell.ask(self._pages.newest)
        except ApiError as error:
            self.say_failed(error, "The session could not be fetched; what was seen last is shown.")
            return
        if not self._is_open:
            return
        self.say_nothing()
        before = self.state
        self.query_one(SessionTalk).open(has_older=self._pages.has_older)
        self.state = state = fresh if before is None else sessions.resynchronised(before, fresh)
        said = tuple(one.text for one in state.entries if isinstance(one, Said) and one.by_user)
        self.query_one(MessageBox).remember(said)

    # --- hearing ---------------------------------------------------------------------------

    @work(group="listen")
    async def _listen(self) -> None:
        async with aclosing(self._mojodex.live.listen(self._run.session_id)) as events:
            async for event in events:
                self._hear(event)

    def _hear(self, event: LiveEvent) -> None:
        """Take in what the session says."""
        if not self._is_open:
            return
        self.query_one(SessionAnswer).hear()
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
        self._change(partial(sessions.apply, event=event))

    def _grow(self, event: TokenAppended | TokenReplaced) -> None:
        """Let the text grow in the pane that shows it."""
        if event.channel is not Channel.MESSAGE:
            self.query_one(SessionDraft).grow(event)
            return
        whole = isinstance(event, TokenReplaced)
        text = event.text if isinstance(event, TokenReplaced) else event.suffix
        self.query_one(Conversation).say(text, from_start=whole)

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

    def _follow_outbox(self, change: OutboxChange) -> None:
        """Show how what the user wrote gets on."""
        item = change.item
        if item.session_id != self._run.session_id or not self._is_open:
            return
        self._change(partial(sessions.after_sending, change=change))
        self.query_one(SessionSending).show_entries()
        if item.kind is OutboxKind.MESSAGE and item.status is OutboxStatus.DELIVERED:
            self.query_one(SessionFiles).fetch()

    # --- what it is now --------------------------------------------------------------------

    @on(SessionChanged)
    def _take_change(self, message: SessionChanged) -> None:
        # What the user changed may be missing, too, in an answer that is on its way.
        self._is_overtaken = True
        self._change(message.change)

    def _expect_answer(self) -> None:
        self._change(sessions.asked)

    def _change(self, change: Callable[[SessionState], SessionState]) -> None:
        if self.state is not None:
            self.state = change(self.state)

    def watch_state(self, before: SessionState | None, state: SessionState | None) -> None:
        """Show the session as it is now."""
        if state is None or not self._is_open:
            return
        self.query_one(SessionRun).follow(state)
        self.query_one(SessionOnward).follow(state)
        self.query_one(SessionSending).follow(before, state)
        self.query_one(SessionDraft).follow(before, state)
        self.query_one(SessionPanes).follow(before, state)
        self.query_one(SessionAnswer).follow(before, state)

    # --- from one pane to another ----------------------------------------------------------

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

    @on(SessionWriting.CommandGiven)
    async def _do_command(self, message: SessionWriting.CommandGiven) -> None:
        """Do what the key of a command does, where that key acts."""
        chat, command = self.query_one(Conversation), message.command
        found = binding_of(self, command.binding)
        # Most of these keys act only where nothing is written.
        self.set_focus(chat)
        if found is None or not await self.app.run_action(found[1].action, found[0]):
            self.warn(f"/{command.name} cannot be done now.")
        if self.focused is chat:
            self.set_focus(self.query_one(MessageBox))

    # --- keys ------------------------------------------------------------------------------

    async def action_step_out(self) -> None:
        """Leave the editor, or the session."""
        draft = self.query_one(SessionDraft)
        if draft.pane.editing:
            await draft.leave_editor()
        else:
            await self.keep_typed()
            self.app.pop_screen()

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

    def action_copy(self) -> None:
        """Copy the message under the cursor, or the draft."""
        chat = self.query_one(Conversation)
        if self.focused is chat and chat.selected is not None:
            self.copy_text(chat.selected.text)
        else:
            self.query_one(SessionDraft).copy()
