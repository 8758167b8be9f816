"""The catalog: find a task, and start it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Static

from mojodex_tui.client.errors import ApiError, SignInNeeded
from mojodex_tui.state.catalog import CatalogState, TaskEntry, entry_of
from mojodex_tui.state.glance import glance_of
from mojodex_tui.state.runs import run_of
from mojodex_tui.state.times import here_and_now
from mojodex_tui.ui.messages import ConnectionChanged, Opened
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.screens.reading import Reading
from mojodex_tui.ui.widgets.task_details import TaskDetails, details
from mojodex_tui.ui.widgets.task_list import TaskList

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex
    from mojodex_tui.wire.extensions import CatalogProblem

_SLOW_AFTER = 0.3
"""Seconds after which waiting is worth a word."""


class SearchBox(Input):
    """Where the catalog is searched; Down and Enter go on in the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "form", id="search.form", tooltip="Open the first task's form"),
        Binding("down", "screen.to_list", "tasks", id="search.down"),
        Binding("escape", "screen.clear_search", "clear", id="search.clear"),
    ]


class CatalogScreen(Framed):
    """The tasks the user may run, at once from the cache, then as the backend has them.

    Args:
        seen: The tasks as they were last seen; shown until more is known.
    """

    PLACE = "Tasks"
    AUTO_FOCUS = "SearchBox"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "to_search", "search", id="catalog.search"),
        Binding("escape", "to_search", "search", id="catalog.back", show=False),
        Binding("f5", "refresh_tasks", "refresh", id="catalog.refresh", show=False),
        Binding(
            "f3",
            "read_problems",
            "task files",
            id="catalog.problems",
            tooltip="Read what is wrong in the task files that could not be used",
            show=False,
        ),
    ]

    catalog: reactive[CatalogState] = reactive(CatalogState())
    problems: reactive[tuple[CatalogProblem, ...]] = reactive((), bindings=True)
    """The task files that could not be read."""

    def __init__(self, seen: CatalogState | None = None) -> None:
        super().__init__()
        if seen is not None:
            self.set_reactive(CatalogScreen.catalog, seen)

    def compose_body(self) -> Iterator[Widget]:
        """Lay out search, list and details."""
        with Horizontal(classes="search"):
            yield Static("Search", classes="label")
            yield SearchBox(
                placeholder="type what you want to do", compact=True, select_on_focus=False
            )
            yield Static(classes="count")
        with Container(classes="panes"):
            yield TaskList().data_bind(CatalogScreen.catalog)
            yield Static(classes="state")
            yield TaskDetails()
        yield Static(classes="problems")

    def on_mount(self) -> None:
        """Say that something is awaited, once it takes long enough to be noticed."""
        self.query_one(TaskList).border_title = "Tasks"
        self.set_timer(_SLOW_AFTER, self._show_state)

    # --- what is shown ---------------------------------------------------------------------

    def watch_catalog(self, catalog: CatalogState) -> None:
        """Show how many there are, or why there are none."""
        if self.is_mounted:
            self.query_one(".count", Static).update(catalog.count if catalog.tasks else "")
            self._show_state()

    def _show_state(self) -> None:
        words = self._state_words()
        state = self.query_one(".state", Static)
        state.update(words)
        self.set_class(bool(words), "-without-tasks")

    def _state_words(self) -> str:
        """Return what stands in place of a list that has nothing to show."""
        catalog = self.catalog
        if catalog.groups():
            return ""
        if catalog.tasks:
            return f"No task answers “{catalog.query.strip()}”. Esc shows all of them."
        if self.failure is not None:
            return f"There are no tasks to show yet. {self.failure.sentence} F5 tries again."
        if catalog.is_loading:
            return "Fetching your tasks…"
        return "No task is given to you on this server yet: ask whoever runs it. F5 looks again."

    def watch_problems(self, problems: tuple[CatalogProblem, ...]) -> None:
        """Say on one line that task files are broken."""
        if not self.is_mounted:
            return
        line = self.query_one(".problems", Static)
        line.set_class(bool(problems), "-said")
        if problems:
            files = len({problem.file for problem in problems})
            count = "1 task file" if files == 1 else f"{files} task files"
            line.update(f"! {count} cannot be used: {problems[0].file}. F3 tells why.")

    @on(TaskList.Pointed)
    def _show_details(self, event: TaskList.Pointed) -> None:
        self.query_one(TaskDetails).show(event.task, self.catalog, here_and_now())

    # --- fetching --------------------------------------------------------------------------

    def on_opened(self, event: Opened) -> None:
        """Show what is cached, then what the backend says."""
        way = event.way
        if way.server is not None:  # what was seen at a glance is this computer's
            self.catalog = CatalogState()
        if way.server is None or way.mojodex.account.value is not None:
            self.fetch(way.mojodex)
        else:
            self.say_failed(SignInNeeded(), "No tasks yet.")
            self.catalog = replace(self.catalog, is_loading=False)

    def on_connection_changed(self, event: ConnectionChanged) -> None:
        """Fetch what could not be fetched before, as soon as there is a way again."""
        is_signed_out = isinstance(self.failure, SignInNeeded)
        if self.failure is not None and not is_signed_out and event.connection.cause is None:
            self.action_refresh_tasks()

    @work(group="refresh", exclusive=True)
    async def action_refresh_tasks(self) -> None:
        """Fetch the tasks again."""
        self.fetch(await self.shell.opened())

    @work(group="tasks", exclusive=True)
    async def fetch(self, mojodex: Mojodex) -> None:
        """Show what is cached, then what the backend says."""
        await self._show_cached(mojodex)
        try:
            offered = await self.shell.ask(mojodex.api.catalog)
            executions = await mojodex.api.executions()
            info = await mojodex.api.backend_info()
        except ApiError as error:
            self.catalog = replace(self.catalog, is_loading=False)
            seen = "These are the tasks as last seen." if self.catalog.tasks else "No tasks yet."
            self.say_failed(error, seen)
            self._show_state()
            return
        self.say_nothing()
        self.catalog = replace(
            self.catalog,
            tasks=tuple(map(entry_of, offered)),
            runs=tuple(map(run_of, executions)),
            is_loading=False,
        )
        self.problems = () if info is None else info.catalog_problems
        await self._keep_glance(mojodex)

    async def _keep_glance(self, mojodex: Mojodex) -> None:
        """Have what is shown at once by the next start."""
        await mojodex.cache.keep_glance(glance_of(self.catalog))

    async def _show_cached(self, mojodex: Mojodex) -> None:
        tasks = await mojodex.cache.catalog()
        self.catalog = replace(
            self.catalog,
            tasks=tuple(map(entry_of, tasks)),
            runs=tuple(map(run_of, await mojodex.cache.executions())),
            pins=await mojodex.pins.pinned(),
            recent=await mojodex.pins.recent(),
            is_loading=not tasks,
        )

    def on_screen_resume(self) -> None:
        """Show what was used since as recently used."""
        if self.catalog.tasks:
            self._refresh_use()

    @work(group="use", exclusive=True)
    async def _refresh_use(self) -> None:
        mojodex = await self.shell.opened()
        self.catalog = replace(self.catalog, recent=await mojodex.pins.recent())
        await self._keep_glance(mojodex)

    # --- keys ------------------------------------------------------------------------------

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        self.catalog = replace(self.catalog, query=event.value)

    @on(Input.Submitted)
    def _open_first(self) -> None:
        self.query_one(TaskList).action_task("form")

    @on(TaskList.Typed)
    def _search_on(self, event: TaskList.Typed) -> None:
        search = self.query_one(SearchBox)
        search.focus()
        search.insert_text_at_cursor(event.letter)

    @on(TaskList.LeftUpwards)
    def action_to_search(self) -> None:
        """Go to the search box."""
        self.query_one(SearchBox).focus()

    def action_to_list(self) -> None:
        """Go to the list."""
        self.query_one(TaskList).focus()

    def action_clear_search(self) -> None:
        """Show all tasks again."""
        self.query_one(SearchBox).value = ""

    def action_read_problems(self) -> None:
        """Show what is wrong in the task files."""
        lines = [
            f"{problem.file}\n    {problem.key}: {problem.reason}" for problem in self.problems
        ]
        self.app.push_screen(Reading("Task files that cannot be used", "\n\n".join(lines)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to read problems only when there are some."""
        if action == "read_problems":
            return bool(self.problems)
        if action == "to_search":
            return not isinstance(self.focused, SearchBox)
        return super().check_action(action, parameters)

    @on(TaskList.Asked)
    def _do(self, event: TaskList.Asked) -> None:
        task = event.task
        match event.what:
            case "pin":
                self._toggle_pin(task)
            case "details":
                if self.failure is not None:
                    self.action_explain_failure()
                else:
                    text = details(task, self.catalog, here_and_now())
                    self.app.push_screen(Reading(task.name, text))
            case _ if not task.can_run:
                self.warn(f"{task.name} is not in your plan: ask your administrator.")
            case "form":
                self.shell.open_form(task)
            case "rerun":
                self.shell.open_form(task, with_last_inputs=True)
            case "chat":
                self.shell.open_chat(task)

    @work(group="pin")
    async def _toggle_pin(self, task: TaskEntry) -> None:
        mojodex = await self.shell.opened()
        await mojodex.pins.pin(task.task_pk, pinned=not self.catalog.is_pinned(task))
        self.catalog = replace(self.catalog, pins=await mojodex.pins.pinned())
        await self._keep_glance(mojodex)
