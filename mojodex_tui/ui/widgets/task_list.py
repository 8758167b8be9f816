"""The tasks of the catalog under their headings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mojodex_tui.state.catalog import CatalogState, Group, TaskEntry
from mojodex_tui.ui.widgets.icons import slot

_NAME_CELLS = 30
"""Cells kept for names, so that the descriptions stand under each other."""


class TaskList(OptionList):
    """Shows the groups of a catalog; letters that are no key here go on in the search."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "form", id="catalog.form", tooltip="Open the task's form"),
        Binding(
            "c", "task('chat')", "chat", id="catalog.chat", tooltip="Start the task by chatting"
        ),
        Binding(
            "p", "task('pin')", "pin", id="catalog.pin", tooltip="Keep the task at the top, or not"
        ),
        Binding(
            "r",
            "task('rerun')",
            "rerun",
            id="catalog.rerun",
            tooltip="Open the form with what you gave last time",
        ),
        Binding(
            "i", "task('details')", "details", id="catalog.details", tooltip="Read all about it"
        ),
        Binding(
            "h",
            "app.talk",
            "just talk",
            id="catalog.talk",
            tooltip="Say what you need; the home chat finds the task",
        ),
        Binding("j", "cursor_down", "Down", id="catalog.down", show=False),
        Binding("k", "cursor_up", "Up", id="catalog.up", show=False),
        Binding("g", "first", "First", id="catalog.first", show=False),
        Binding("G", "last", "Last", id="catalog.last", show=False),
    ]

    catalog: reactive[CatalogState] = reactive(CatalogState(), init=False)

    @dataclass
    class Asked(Message):
        """The user wants something done with a task."""

        what: str
        """`form`, `chat`, `pin`, `rerun` or `details`."""
        task: TaskEntry

    @dataclass
    class Pointed(Message):
        """The cursor stands on a task."""

        task: TaskEntry | None

    @dataclass
    class Typed(Message):
        """A letter that is no key here: it belongs to the search."""

        letter: str

    @dataclass
    class LeftUpwards(Message):
        """The cursor was moved up from the first task."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._tasks: dict[str, TaskEntry] = {}

    @property
    def pointed(self) -> TaskEntry | None:
        """The task under the cursor."""
        option = self.highlighted_option
        return None if option is None or option.id is None else self._tasks.get(option.id)

    def watch_catalog(self, before: CatalogState, catalog: CatalogState) -> None:
        """Show the groups; the cursor stays on its task unless something else is searched."""
        kept = self.pointed if before.query == catalog.query else None
        groups = catalog.groups()
        self._tasks = {str(task.task_pk): task for group in groups for task in group.tasks}
        options: list[Option] = []
        for group in groups:
            options.append(_heading(group))
            options += [Option(_line(task), id=str(task.task_pk)) for task in group.tasks]
        self.set_options(options)
        if kept is not None and str(kept.task_pk) in self._tasks:
            self.highlighted = self.get_option_index(str(kept.task_pk))
        else:
            self.highlighted = None
            self.action_first()

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Tell which task is pointed at; show a group's heading with its first task."""
        super().watch_highlighted(highlighted)
        if highlighted == 1:
            self.scroll_to(y=0, animate=False, immediate=True)
        self.post_message(self.Pointed(self.pointed))

    def action_cursor_up(self) -> None:
        """Move up; from the first task, leave for the search."""
        if self.highlighted is None or self.highlighted <= 1:
            self.post_message(self.LeftUpwards())
        else:
            super().action_cursor_up()

    def action_task(self, what: str) -> None:
        """Ask for something to be done with the task under the cursor."""
        if self.pointed is not None:
            self.post_message(self.Asked(what, self.pointed))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask for the form of the chosen task."""
        event.stop()
        self.action_task("form")

    def on_key(self, event: events.Key) -> None:
        """Give letters that are no key here to the search."""
        if event.character and event.character.isalpha() and event.key not in self._own_keys:
            event.stop()
            event.prevent_default()
            self.post_message(self.Typed(event.character))

    @property
    def _own_keys(self) -> set[str]:
        return set(self.screen.active_bindings)


def _heading(group: Group) -> Option:
    return Option(Content.assemble((group.heading.upper(), "bold $heading")), disabled=True)


def _line(task: TaskEntry) -> Content:
    name = task.name
    if cell_len(name) > _NAME_CELLS:
        name = set_cell_size(name, _NAME_CELLS - 1) + "…"
    steps = f"{len(task.steps)} steps  " if task.is_workflow and task.steps else ""
    about = steps + task.description if task.can_run else "ask your administrator"
    return Content.assemble(
        f" {slot(task.icon)} ",
        (set_cell_size(name, _NAME_CELLS), "" if task.can_run else "$quiet-text"),
        " ",
        (about, "$quiet-text"),
    )
