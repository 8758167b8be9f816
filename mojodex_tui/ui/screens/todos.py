"""The To-Dos: what is late, due and coming, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from mojodex_tui.client.errors import ApiError, NotSupportedByServer
from mojodex_tui.state.runs import run_of
from mojodex_tui.state.times import here_and_now
from mojodex_tui.state.todos import (
    Deed,
    Pending,
    TodosState,
    state_of,
    told_due,
    told_history,
)
from mojodex_tui.ui.messages import TodoSent
from mojodex_tui.ui.screens.day_prompt import DayPrompt
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.screens.picking import Picking
from mojodex_tui.ui.screens.reading import Reading
from mojodex_tui.ui.todo_deeds import UNDO_SECONDS
from mojodex_tui.ui.widgets.todo_list import TodoList
from mojodex_tui.wire.todo_extensions import Undoable

if TYPE_CHECKING:
    from mojodex_tui.client.todo_port import TodoListing
    from mojodex_tui.wire.todo_extensions import TodoRow

SEEN_SECONDS: Final = 2.0
"""How long a To-Do is on the screen before it counts as read."""

_UNDO_WORDS: Final = f"u undo ({UNDO_SECONDS:g} s)"
_CAUSES: Final = ("not mine", "not a task", "double", "other")
_POINTED: Final = {"finish", "delete", "move", "later", "earlier", "why", "source"}
_EXTRAS: Final = {"move", "later", "earlier", "look_now"}


class TodosScreen(Framed):
    """The To-Dos, at once as last seen, then as the backend has them."""

    PLACE = "To-Dos"
    AUTO_FOCUS = "TodoList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,d", "finish", "done", id="todos.done", tooltip="Say that it is done"),
        Binding("u", "undo", "undo", id="todos.undo", tooltip="Take the last thing back"),
        Binding("s", "move", "move", id="todos.move", tooltip="Put it on another day"),
        Binding("plus", "later", "one day later", id="todos.later", show=False),
        Binding("minus", "earlier", "one day earlier", id="todos.earlier", show=False),
        Binding(
            "x",
            "delete",
            "delete",
            id="todos.delete",
            tooltip="Delete it, and say why, so that it is not found again",
        ),
        Binding("enter", "source", "source", id="todos.source", tooltip="Open where it came from"),
        Binding("i", "why", "why", id="todos.why", tooltip="Why it is on this day"),
        Binding(
            "l",
            "look_now",
            "look now",
            id="todos.look",
            tooltip="Look for To-Dos in finished runs now",
        ),
        Binding("r,f5", "refresh_todos", "refresh", id="todos.refresh", show=False),
        Binding("escape", "app.catalog", "tasks", id="todos.leave", show=False),
    ]

    todos: reactive[TodosState] = reactive(TodosState(), bindings=True)

    _moved: tuple[int, date] | None = None
    """The To-Do moved last, and the day it was on."""
    _finished: int | None = None
    """The To-Do done last whose deed was sent."""
    _seen: frozenset[int] = frozenset()
    """What was unread and on the screen a moment ago."""

    def compose_body(self) -> Iterator[Widget]:
        """Lay out the list and what is told of the To-Do under the cursor."""
        with Container(classes="panes"):
            todos = TodoList().data_bind(TodosScreen.todos)
            todos.border_title = "To-Dos"
            yield todos
            yield Static(classes="state", markup=False)
            told = Static(id="todo")
            told.border_title = "To-Do"
            yield told

    def on_mount(self) -> None:
        """Fetch the To-Dos; those that stay on the screen are read."""
        self.fetch()
        self.set_interval(SEEN_SECONDS, self._look_what_is_read)

    # --- showing ---------------------------------------------------------------------------

    def watch_todos(self, todos: TodosState) -> None:
        """Say what comes next, or why there is nothing."""
        if not self.query(TodoList):
            return
        words = self._state_words()
        self.query_one(".state", Static).update(words)
        self.set_class(bool(words), "-empty")
        subtitle = ""
        if todos.next_night is not None:
            subtitle = f"late ones get a new day {todos.next_night.astimezone():%a %H:%M}"
        elif not todos.has_extras:
            subtitle = "this server cannot move or reopen"
        self.query_one(TodoList).border_subtitle = subtitle

    def _state_words(self) -> str:
        if self.todos.parts():
            return ""
        if self.todos.is_loading:
            return "Fetching your To-Dos…"
        if self.failure is not None:
            return f"There is nothing to show yet. {self.failure.sentence} F5 tries again."
        later = (
            "l looks now."
            if self.todos.has_extras
            else "The server looks 10 to 20 minutes after a run ends; F5 asks again."
        )
        return (
            "Nothing to do. What you say you will do, in the notes and messages of a task, "
            f"is found once the task is finished. {later} ^N starts a task."
        )

    @on(TodoList.Pointed)
    def _tell(self, event: TodoList.Pointed) -> None:
        event.stop()
        row = event.row
        told = Content("") if row is None else _told(row, self.todos)
        self.query_one("#todo", Static).update(told)
        self.refresh_bindings()

    @property
    def _pointed(self) -> TodoRow | None:
        return self.query_one(TodoList).pointed

    # --- fetching --------------------------------------------------------------------------

    @work(group="todos", exclusive=True)
    async def fetch(self) -> None:
        """Show what was last seen, then what the backend says."""
        asked = self.shell.mojodex.todos
        if self.todos.is_loading:
            seen = await asked.seen_listing()
            if seen is not None:
                self._show(seen, is_loading=True)
        try:
            listing = await self.shell.ask(asked.listing)
        except ApiError as error:
            self.say_failed(error, "These are the To-Dos as last seen.")
            self.todos = replace(self.todos, is_loading=False)
            self.watch_todos(self.todos)  # the failure is part of what is shown
            return
        if self.failure is not None:
            self.say_nothing()
        self._show(listing)

    def _show(self, listing: TodoListing, *, is_loading: bool = False) -> None:
        pending = self.shell.todo_deeds.pending
        today = here_and_now().date()
        self.todos = state_of(listing, today, pending, is_loading=is_loading)

    @work(group="refresh", exclusive=True)
    async def action_refresh_todos(self) -> None:
        """Send what could not be sent, and fetch again."""
        await self.shell.todo_deeds.send_all()
        self.fetch()

    @work(group="look", exclusive=True)
    async def action_look_now(self) -> None:
        """Look for To-Dos in finished runs."""
        self.say("Looking for To-Dos in what you finished…")
        try:
            found = await self.shell.ask(self.shell.mojodex.todos.look_now)
        except ApiError as error:
            self.say_failed(error, "Nothing was looked at.")
            return
        runs = len(found.user_task_execution_pks)
        self.say(
            f"Looked at {_many(runs, 'run')}, found {_many(found.n_todos, 'To-Do')}."
            + (f" {found.failure}" if found.failure else "")
        )
        self.fetch()

    @work(group="read")
    async def _look_what_is_read(self) -> None:
        if self.app.screen is not self or self.is_too_small:
            return
        unread = self.query_one(TodoList).visible_unread()
        stayed, self._seen = tuple(sorted(unread & self._seen)), unread
        if not stayed:
            return
        try:
            await self.shell.mojodex.todos.mark_read(stayed)
        except ApiError:
            return  # still unread, and said to be so; tried again in a moment
        self.todos = self.todos.with_read(stayed, here_and_now())

    # --- done and deleted ------------------------------------------------------------------

    @work(group="deed")
    async def action_finish(self) -> None:
        """Say that the To-Do is done."""
        row = self._pointed
        if row is not None:
            await self._hold(Pending(row.todo_pk, Deed.FINISH, row.description))

    @work(group="deed")
    async def action_delete(self) -> None:
        """Delete the To-Do, with a cause."""
        row = self._pointed
        if row is None:
            return
        lines = [Content(cause) for cause in _CAUSES]
        place = await self.app.push_screen_wait(Picking("Why is it deleted?", lines))
        if place is not None:
            cause = _CAUSES[place]
            await self._hold(Pending(row.todo_pk, Deed.DELETE, row.description, cause))

    async def _hold(self, deed: Pending) -> None:
        deeds = self.shell.todo_deeds
        await deeds.hold(deed)
        self._moved = self._finished = None
        self.todos = replace(self.todos, pending=deeds.pending)
        self.say(deed.words, _UNDO_WORDS)
        # The application's timer: the deed is sent wherever the user went meanwhile.
        self.app.set_timer(UNDO_SECONDS, partial(self._send, deed))

    def _send(self, deed: Pending) -> None:
        self.app.run_worker(self.shell.todo_deeds.send(deed), group="deeds")

    @on(TodoSent)
    def _note_sent(self, event: TodoSent) -> None:
        deed, error = event.deed, event.error
        pending = self.shell.todo_deeds.pending
        if error is None:
            if deed.deed is Deed.FINISH:
                self._finished = deed.todo_pk
            self.say_nothing()
            self.todos = replace(self.todos.after(deed, here_and_now()), pending=pending)
            return
        self.todos = replace(self.todos, pending=pending)
        kept = "is kept, and sent later" if deed in pending else "was not accepted"
        self.say_failed(error, f"“{deed.description}”: this {kept}.")

    # --- moving ----------------------------------------------------------------------------

    @work(group="move")
    async def action_move(self) -> None:
        """Ask for another day."""
        row = self._pointed
        if row is None:
            return
        busy = Counter(each.scheduled_date for each in self.todos.rows if each.completed is None)
        prompt = DayPrompt(f"Move “{row.description}”", self.todos.today, dict(busy))
        day = await self.app.push_screen_wait(prompt)
        if day is not None:
            await self._move(row, day)

    @work(group="move")
    async def action_later(self) -> None:
        """Move by a day."""
        if (row := self._pointed) is not None:
            day = max(row.scheduled_date, self.todos.today - timedelta(days=1))
            await self._move(row, day + timedelta(days=1))

    @work(group="move")
    async def action_earlier(self) -> None:
        """Move back by a day, but not into the past."""
        if (row := self._pointed) is None:
            return
        day = row.scheduled_date - timedelta(days=1)
        if day < self.todos.today:
            self.say("It cannot be moved into the past.")
            return
        await self._move(row, day)

    async def _move(self, row: TodoRow, day: date) -> None:
        todos = self.shell.mojodex.todos
        try:
            moved = await self.shell.ask(partial(todos.move, row.todo_pk, day))
        except ApiError as error:
            self.say_failed(error, "It stays on its day.")
            return
        self._moved, self._finished = (row.todo_pk, row.scheduled_date), None
        self.todos = self.todos.with_row(moved)
        self.say(f"“{row.description}” is moved: {told_due(moved, self.todos.today)}.", "u undo")

    # --- taking back -----------------------------------------------------------------------

    @work(group="undo", exclusive=True)
    async def action_undo(self) -> None:
        """Take back what was done last."""
        deeds = self.shell.todo_deeds
        taken = None if self._moved is not None else await deeds.take_back()
        if taken is not None:
            self.todos = replace(self.todos, pending=deeds.pending)
            self.say(f"“{taken.description}” is back.")
        elif self._moved is not None:
            await self._reverse(self._moved[0], Undoable.MOVE)
        elif self._pointed is not None and self._pointed.completed is not None:
            await self._reverse(self._pointed.todo_pk, Undoable.DONE)
        elif self._finished is not None:
            await self._reverse(self._finished, Undoable.DONE)
        else:
            self.say("There is nothing to take back.")

    async def _reverse(self, todo_pk: int, what: Undoable) -> None:
        todos = self.shell.mojodex.todos
        try:
            row = await self.shell.ask(partial(todos.undo, todo_pk, what))
        except NotSupportedByServer:
            self.say("It is sent, and this server takes nothing back.")
            return
        except ApiError as error:
            self.say_failed(error, "It stays as it is.")
            return
        self._moved = self._finished = None
        self.todos = self.todos.with_row(row)
        self.say(f"“{row.description}” is back: {told_due(row, self.todos.today)}.")

    # --- looking behind --------------------------------------------------------------------

    @work(group="why", exclusive=True)
    async def action_why(self) -> None:
        """Show every day the To-Do was put on, and why."""
        row = self._pointed
        if row is None:
            return
        todos = self.shell.mojodex.todos
        try:
            history = await self.shell.ask(partial(todos.history, row.todo_pk))
        except NotSupportedByServer:
            text = "This server does not tell why. The reason of a move is in your morning mail."
        except ApiError as error:
            self.say_failed(error, "Why it is on this day could not be fetched.")
            return
        else:
            text = told_history(history, self.todos.today)
        self.app.push_screen(Reading("Why this day", f"{row.description}\n\n{text}"))

    @on(TodoList.OptionSelected)
    def _choose(self, event: TodoList.OptionSelected) -> None:
        event.stop()
        self.action_source()

    @work(group="source", exclusive=True)
    async def action_source(self) -> None:
        """Open the run the To-Do came from."""
        row = self._pointed
        if row is None:
            return
        if row.by_user:
            self.say("You wrote this one yourself: there is no run behind it.")
            return
        api = self.shell.mojodex.api
        try:
            found = await self.shell.ask(partial(api.execution, row.user_task_execution_fk))
        except ApiError as error:
            self.say_failed(error, "Its run cannot be opened.")
            return
        self.shell.open_session(run_of(found))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done to the To-Do under the cursor, on this server."""
        if action in _EXTRAS and not self.todos.has_extras:
            return False
        if action in _POINTED:
            row = self._pointed if self.query(TodoList) else None
            is_open = row is not None and not self.todos.is_done(row)
            return row is not None and (is_open or action in {"why", "source", "delete"})
        return super().check_action(action, parameters)


def _told(row: TodoRow, todos: TodosState) -> Content:
    """Return all that is known of a To-Do."""
    source = "Made by hand" if row.by_user else f"From {row.execution_title or 'a finished run'}"
    made = row.source or ""
    moved = f"   moved {row.n_moves} times" if row.n_moves > 1 else "   moved" * row.n_moves
    return Content.assemble(
        (row.description, "bold"),
        (f"\nDue  {told_due(row, todos.today)}{moved}   i why", "$quiet-text"),
        (f"\n{source}", "$quiet-text"),
        f"\n“{made}”" if made else "",
    )


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' * (number != 1)}"
