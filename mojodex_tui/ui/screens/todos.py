"""The To-Dos: what is late, due and coming, and what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from mojodex_tui.client.errors import ApiError, NotSupportedByServer
from mojodex_tui.state.runs import run_of
from mojodex_tui.state.settings import why_mail_is_fixed
from mojodex_tui.state.times import here_and_now
from mojodex_tui.state.todos import TodosState, View, state_of, told_due, told_history
from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.screens.reading import Reading
from mojodex_tui.ui.screens.save_file import SaveFileScreen
from mojodex_tui.ui.screens.todo_actions import TodoActions
from mojodex_tui.ui.widgets.todo_list import TodoList
from mojodex_tui.ui.widgets.todo_tabs import TodoTabs
from mojodex_tui.wire.todo_extensions import ExportFormat

if TYPE_CHECKING:
    from mojodex_tui.client.port.todos import TodoListing
    from mojodex_tui.state.runs import Run
    from mojodex_tui.wire.todo_extensions import TodoRow

SEEN_SECONDS: Final = 2.0
"""How long a To-Do is on the screen before it counts as read."""

_POINTED: Final = {"finish", "delete", "move", "later", "earlier", "why", "source", "reword"}
_EXTRAS: Final = {
    "move", "later", "earlier", "move_overdue", "look_now", "create", "reword", "export", "digest",
}  # fmt: skip


class TodoFilter(Input):
    """Where the list is filtered; Down and Enter go on in the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,enter", "screen.to_list", "To-Dos", id="todos.to_list"),
        Binding("escape", "screen.clear_filter", "all", id="todos.clear"),
    ]


class TodosScreen(TodoActions):
    """The To-Dos, at once as last seen, then as the backend has them.

    Args:
        run: The run whose To-Dos alone are shown; `None` for those of all.
    """

    PLACE = "To-Dos"
    AUTO_FOCUS = "TodoList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "view(-1)", "view", id="todos.view_left", show=False),
        Binding("right", "view(1)", "view", id="todos.view_right", show=False),
        Binding("slash", "to_filter", "filter", id="todos.filter"),
        Binding("enter", "source", "source", id="todos.source", tooltip="Open where it came from"),
        Binding("i", "why", "why", id="todos.why", tooltip="Why it is on this day"),
        Binding(
            "l",
            "look_now",
            "look now",
            id="todos.look",
            tooltip="Look for To-Dos in finished runs now",
        ),
        Binding(
            "D",
            "digest",
            "the day",
            id="todos.digest",
            tooltip="What is due today, and what was moved and why",
            show=False,
        ),
        Binding(
            "w",
            "export",
            "file",
            id="todos.export",
            tooltip="Write the open ones to a calendar (.ics) or a list (.md)",
            show=False,
        ),
        Binding(
            "M",
            "switch_mail",
            "mail",
            id="todos.mail",
            tooltip="Have the day mailed in the morning, or not",
            show=False,
        ),
        Binding("r,f5", "refresh_todos", "refresh", id="todos.refresh", show=False),
        Binding("escape", "leave", "back", id="todos.leave", show=False),
    ]

    _seen: frozenset[int] = frozenset()
    """What was unread and on the screen a moment ago."""

    def __init__(self, run: Run | None = None) -> None:
        super().__init__()
        self.run = run
        of_run, view = (None, View.TODAY) if run is None else (run.execution_pk, View.ALL)
        self.set_reactive(TodosScreen.todos, TodosState(of_run=of_run, view=view))

    def compose_body(self) -> Iterator[Widget]:
        """Lay out views and filter, the list, and what is told of the To-Do under the cursor."""
        with Horizontal(classes="search"):
            yield TodoTabs().data_bind(TodosScreen.todos)
            yield Static("Filter", classes="label")
            yield TodoFilter(placeholder="a word", compact=True, select_on_focus=False)
        with Container(classes="panes"):
            todos = TodoList().data_bind(TodosScreen.todos)
            todos.border_title = "To-Dos" if self.run is None else f"To-Dos of {self.run.title}"
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
        was_empty = self.has_class("-empty")
        self.set_class(bool(words), "-empty")
        if was_empty and not words and self.focused is None:
            # At once, so that it takes the key that comes next: only what is shown can have it.
            self.app.stylesheet.update(self)
            self.query_one(TodoList).focus()
        self.query_one(TodoList).border_subtitle = _told_next(todos)
        if not todos.is_loading:
            self.shell.note_due(todos.due())

    def _state_words(self) -> str:
        todos = self.todos
        if todos.parts():
            return ""
        if todos.is_loading:
            return "Fetching your To-Dos…"
        if self.failure is not None and not todos.rows:
            return f"There is nothing to show yet. {self.failure.sentence} F5 tries again."
        if todos.query.strip():
            return f"No To-Do here answers “{todos.query.strip()}”. Esc shows all of them."
        if todos.all_parts():
            upcoming = todos.counts()[View.UPCOMING]
            coming = f" {upcoming} to come: Right shows them." if upcoming else ""
            return f"Nothing under {todos.view}.{coming}"
        later = (
            "l looks now, n writes one by hand."
            if todos.has_extras
            else "The server looks 10 to 20 minutes after a run ends; F5 asks again."
        )
        if self.run is not None:
            return f"This run has no To-Dos. {later}"
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

    def action_view(self, steps: str) -> None:
        """Show the view beside this one."""
        self.todos = replace(self.todos, view=self.todos.view.beside(int(steps)))

    @on(TodoTabs.Chosen)
    def _choose_view(self, event: TodoTabs.Chosen) -> None:
        self.todos = replace(self.todos, view=event.view)

    @on(Input.Changed)
    def _filter(self, event: Input.Changed) -> None:
        self.todos = replace(self.todos, query=event.value)

    def action_to_filter(self) -> None:
        """Go to the filter."""
        self.query_one(TodoFilter).focus()

    def action_to_list(self) -> None:
        """Go to the list."""
        self.query_one(TodoList).focus()

    def action_clear_filter(self) -> None:
        """Show all again."""
        self.query_one(TodoFilter).value = ""
        self.action_to_list()

    async def action_leave(self) -> None:
        """Go back: to the run, or to the tasks."""
        if self.run is not None:
            self.dismiss(None)
        elif self.todos.query:
            self.action_clear_filter()
        else:
            await self.app.run_action("app.catalog")

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
        now = self.todos
        self.todos = replace(
            state_of(listing, today, pending, is_loading=is_loading),
            view=now.view,
            query=now.query,
            of_run=now.of_run,
        )

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

    # --- looking behind --------------------------------------------------------------------

    @work(group="why", exclusive=True)
    async def action_why(self) -> None:
        """Show every day the To-Do was put on, and why."""
        row = self.pointed
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
        row = self.pointed
        if row is None:
            return
        if self.run is not None:
            self.dismiss(None)
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

    @work(group="digest", exclusive=True)
    async def action_digest(self) -> None:
        """Show what is due today, and what was moved and why."""
        try:
            digest = await self.shell.ask(self.shell.mojodex.todos.digest)
        except ApiError as error:
            self.say_failed(error, "The day could not be summed up.")
            return
        failure = f"\n\nThe last mail did not go out. {digest.failure}" if digest.failure else ""
        self.app.push_screen(Reading(digest.subject, digest.text.strip() + failure))

    # --- files and mail --------------------------------------------------------------------

    @work(group="export", exclusive=True)
    async def action_export(self) -> None:
        """Write the open To-Dos to a file; its ending says as what."""
        path = await ask(self, SaveFileScreen(Path.cwd() / "todos.ics", ("ics", "md")))
        if path is None:
            return
        kind = ExportFormat.ICALENDAR if path.suffix == ".ics" else ExportFormat.MARKDOWN
        todos = self.shell.mojodex.todos
        try:
            content = await self.shell.ask(partial(todos.export, kind))
            await asyncio.to_thread(path.write_bytes, content)
        except ApiError as error:
            self.say_failed(error, f"{path.name} was not written.")
        except OSError as error:
            self.warn(f"{path} was not written: {error.strerror or error}.")
        else:
            self.say(f"Wrote {path}.")

    @work(group="mail", exclusive=True)
    async def action_switch_mail(self) -> None:
        """Have the day mailed in the morning, or not."""
        if why := why_mail_is_fixed(self.todos):
            self.say(f"{why} D shows the day.")
            return
        wanted = not self.todos.wants_mail
        todos = self.shell.mojodex.todos
        try:
            await self.shell.ask(partial(todos.set_mail, wanted=wanted))
        except ApiError as error:
            self.say_failed(error, "Nothing was changed.")
            return
        self.say(
            "From the next working day on, the morning's mail comes at 8."
            if wanted
            else "No more mails in the morning."
        )
        self.fetch()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done to the To-Do under the cursor, on this server."""
        if action in _EXTRAS and not self.todos.has_extras:
            return False
        is_listed = self.query(TodoList) and self.focused is not self.query_one(TodoFilter)
        if action in {"view", "leave"}:
            return bool(is_listed)
        if action in _POINTED:
            row = self.pointed if is_listed else None
            is_open = row is not None and not self.todos.is_done(row)
            return row is not None and (is_open or action in {"why", "source", "delete", "reword"})
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


def _told_next(todos: TodosState) -> str:
    """Return when something happens by itself, or what this server cannot do."""
    if todos.next_night is None:
        return "" if todos.has_extras else "this server cannot move or reopen"
    mail = f", mail {todos.next_morning.astimezone():%a %H:%M}" if todos.next_morning else ""
    return f"late ones get a new day {todos.next_night.astimezone():%a %H:%M}{mail}"


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' * (number != 1)}"
