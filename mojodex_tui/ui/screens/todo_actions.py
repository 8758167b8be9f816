"""What can be done to To-Dos on a screen that lists them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive

from mojodex_tui.client.errors import ApiError, NotSupportedByServer
from mojodex_tui.state.days import told_day
from mojodex_tui.state.times import here_and_now
from mojodex_tui.state.todos import Deed, Pending, TodosState, told_due
from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.messages import TodoSent
from mojodex_tui.ui.screens.day_prompt import DayPrompt
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.screens.line_prompt import LinePrompt
from mojodex_tui.ui.screens.picking import Picking
from mojodex_tui.ui.todo_deeds import UNDO_SECONDS
from mojodex_tui.ui.widgets.todo_list import TodoList
from mojodex_tui.wire.todo_extensions import Undoable

if TYPE_CHECKING:
    from mojodex_tui.wire.todo_extensions import TodoRow

_UNDO_WORDS: Final = f"u undo ({UNDO_SECONDS:g} s)"
_CAUSES: Final = ("not mine", "not a task", "double", "other")


class TodoActions(Framed):
    """Does things to the To-Do under the cursor; a subclass lays out the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,d", "finish", "done", id="todos.done", tooltip="Say that it is done"),
        Binding("u", "undo", "undo", id="todos.undo", tooltip="Take the last thing back"),
        Binding("s", "move", "move", id="todos.move", tooltip="Put it on another day"),
        Binding("plus", "later", "one day later", id="todos.later", show=False),
        Binding("minus", "earlier", "one day earlier", id="todos.earlier", show=False),
        Binding(
            "O",
            "move_overdue",
            "move overdue",
            id="todos.overdue",
            tooltip="Put everything that is overdue on another day",
            show=False,
        ),
        Binding(
            "x",
            "delete",
            "delete",
            id="todos.delete",
            tooltip="Delete it, and say why, so that it is not found again",
        ),
        Binding("n", "create", "new", id="todos.create", tooltip="Write a To-Do by hand"),
        Binding("e", "reword", "edit", id="todos.edit", tooltip="Say it in other words"),
    ]

    todos: reactive[TodosState] = reactive(TodosState(), bindings=True)

    _moved: tuple[tuple[int, date], ...] = ()
    """The To-Dos moved last, and the days they were on."""
    _finished: int | None = None
    """The To-Do done last whose deed was sent."""

    @property
    def pointed(self) -> TodoRow | None:
        """The To-Do under the cursor."""
        return self.query_one(TodoList).pointed

    # --- done and deleted ------------------------------------------------------------------

    @work(group="deed")
    async def action_finish(self) -> None:
        """Say that the To-Do is done."""
        row = self.pointed
        if row is not None:
            await self._hold(Pending(row.todo_pk, Deed.FINISH, row.description))

    @work(group="deed")
    async def action_delete(self) -> None:
        """Delete the To-Do, with a cause."""
        row = self.pointed
        if row is None:
            return
        lines = [Content(cause) for cause in _CAUSES]
        place = await ask(self, Picking("Why is it deleted?", lines))
        if place is not None:
            cause = _CAUSES[place]
            await self._hold(Pending(row.todo_pk, Deed.DELETE, row.description, cause))

    async def _hold(self, deed: Pending) -> None:
        deeds = self.shell.todo_deeds
        await deeds.hold(deed)
        self._moved, self._finished = (), None
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
        row = self.pointed
        if row is None:
            return
        prompt = DayPrompt(f"Move “{row.description}”", self.todos.today, self._busy())
        day = await ask(self, prompt)
        if day is not None:
            await self._move(row, day)

    @work(group="move")
    async def action_later(self) -> None:
        """Move by a day."""
        if (row := self.pointed) is not None:
            day = max(row.scheduled_date, self.todos.today - timedelta(days=1))
            await self._move(row, day + timedelta(days=1))

    @work(group="move")
    async def action_earlier(self) -> None:
        """Move back by a day, but not into the past."""
        if (row := self.pointed) is None:
            return
        day = row.scheduled_date - timedelta(days=1)
        if day < self.todos.today:
            self.warn("It cannot be moved into the past.")
            return
        await self._move(row, day)

    @work(group="move")
    async def action_move_overdue(self) -> None:
        """Ask for a day for everything that is overdue."""
        late = self.todos.overdue()
        if not late:
            self.say("Nothing is overdue.")
            return
        title = f"Move {len(late)} overdue To-Do{'s' * (len(late) != 1)}"
        day = await ask(self, DayPrompt(title, self.todos.today, self._busy()))
        if day is None:
            return
        moved = []
        for row in late:
            if not await self._put_on(row, day):
                break
            moved.append((row.todo_pk, row.scheduled_date))
        if moved:
            self._moved, self._finished = tuple(moved), None
        if len(moved) == len(late):
            self.say(f"{len(moved)} moved to {told_day(day, self.todos.today)}.", "u undo")

    async def _move(self, row: TodoRow, day: date) -> None:
        moved = await self._put_on(row, day)
        if moved is not None:
            self._moved, self._finished = ((row.todo_pk, row.scheduled_date),), None
            words = told_due(moved, self.todos.today)
            self.say(f"“{row.description}” is moved: {words}.", "u undo")

    async def _put_on(self, row: TodoRow, day: date) -> TodoRow | None:
        todos = self.shell.mojodex.todos
        try:
            moved = await self.shell.ask(partial(todos.move, row.todo_pk, day))
        except ApiError as error:
            self.say_failed(error, f"“{row.description}” stays on its day.")
            return None
        self.todos = self.todos.with_row(moved)
        return moved

    def _busy(self) -> dict[date, int]:
        return dict(
            Counter(each.scheduled_date for each in self.todos.rows if each.completed is None)
        )

    # --- taking back -----------------------------------------------------------------------

    @work(group="undo", exclusive=True)
    async def action_undo(self) -> None:
        """Take back what was done last."""
        deeds = self.shell.todo_deeds
        taken = None if self._moved else await deeds.take_back()
        if taken is not None:
            self.todos = replace(self.todos, pending=deeds.pending)
            self.say(f"“{taken.description}” is back.")
        elif self._moved:
            for todo_pk, _ in self._moved:
                await self._reverse(todo_pk, Undoable.MOVE)
        elif self._finished is not None:
            await self._reverse(self._finished, Undoable.DONE)
        elif self.pointed is not None and self.pointed.completed is not None:
            await self._reverse(self.pointed.todo_pk, Undoable.DONE)
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
        self._moved, self._finished = (), None
        self.todos = self.todos.with_row(row)
        self.say(f"“{row.description}” is back: {told_due(row, self.todos.today)}.")

    # --- written by hand -------------------------------------------------------------------

    @work(group="write")
    async def action_create(self) -> None:
        """Ask for a new To-Do, and for its day."""
        words = await ask(self, LinePrompt("A new To-Do", "what is to be done"))
        if not words:
            return
        title = f"When: “{words}”"
        day = await ask(self, DayPrompt(title, self.todos.today, self._busy()))
        if day is None:
            self.say("Nothing was added.")
            return
        todos, run = self.shell.mojodex.todos, self.todos.of_run
        try:
            made = await self.shell.ask(partial(todos.create, words, day, run))
        except ApiError as error:
            self.say_failed(error, f"“{words}” was not added.")
            return
        self.todos = self.todos.with_row(made)
        self.say(f"Added: “{made.description}”, {told_due(made, self.todos.today)}.")

    @work(group="write")
    async def action_reword(self) -> None:
        """Ask for other words."""
        row = self.pointed
        if row is None:
            return
        prompt = LinePrompt("In other words", "what is to be done", row.description)
        words = await ask(self, prompt)
        if not words or words == row.description:
            return
        todos = self.shell.mojodex.todos
        try:
            self.todos = self.todos.with_row(
                await self.shell.ask(partial(todos.reword, row.todo_pk, words))
            )
        except ApiError as error:
            self.say_failed(error, "It keeps its words.")
