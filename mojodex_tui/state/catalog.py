"""The tasks a user may run: how they are grouped, found and ranked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from mojodex_tui.state.runs import Run
from mojodex_tui.state.search import plain

if TYPE_CHECKING:
    from mojodex_tui.client.port import CatalogTask

RECENT_LIMIT = 3
"""How many tasks the group of the recently used ones holds."""


@dataclass(frozen=True, slots=True)
class TaskEntry:
    """A task, as the catalog shows it."""

    task_pk: int
    name: str
    description: str = ""
    icon: str = ""
    user_task_pk: int | None = None
    """Without it the task cannot be run."""
    steps: tuple[str, ...] = ()
    is_workflow: bool = False
    enabled: bool = True
    group: str = ""
    """The system name of the heading it stands under."""
    gives: str = ""
    """The system name of what it produces."""

    @property
    def can_run(self) -> bool:
        """Whether the user has this task."""
        return self.enabled and self.user_task_pk is not None

    @property
    def kind(self) -> str:
        """What it stands under in the catalog."""
        return self.group or self.gives


@dataclass(frozen=True, slots=True)
class Group:
    """A heading and the tasks under it."""

    heading: str
    tasks: tuple[TaskEntry, ...]


class Match(IntEnum):
    """How well a task answers a search; smaller is better."""

    WORD_START = 0
    LETTERS_IN_ORDER = 1
    DESCRIPTION = 2
    NONE = 3


@dataclass(frozen=True, slots=True)
class CatalogState:
    """What the catalog knows; what it shows follows from it."""

    tasks: tuple[TaskEntry, ...] = ()
    pins: tuple[int, ...] = ()
    """The `task_pk` of each pinned task, in the order of pinning."""
    recent: tuple[int, ...] = ()
    """The `task_pk` of each task that was used, the newest first."""
    runs: tuple[Run, ...] = ()
    """The newest first."""
    query: str = ""
    is_loading: bool = True
    """Nothing is known yet, not even from the cache."""

    def runs_of(self, task: TaskEntry) -> tuple[Run, ...]:
        """Return the runs of `task`, the newest first."""
        return tuple(
            run
            for run in self.runs
            if run.user_task_pk is not None and run.user_task_pk == task.user_task_pk
        )

    def is_pinned(self, task: TaskEntry) -> bool:
        """Whether the user keeps `task` at the top."""
        return task.task_pk in self.pins

    def groups(self) -> tuple[Group, ...]:
        """Return what to show: matches if something is searched, else every task once."""
        shown = self._matches() if self.query.strip() else self._all()
        return tuple(group for group in shown if group.tasks)

    @property
    def count(self) -> str:
        """How many tasks are shown, in words."""
        total = len(self.tasks)
        if not self.query.strip():
            return f"{total} task{'' if total == 1 else 's'}"
        return f"{sum(len(group.tasks) for group in self.groups())} of {total} tasks"

    def _all(self) -> list[Group]:
        usable = {task.task_pk: task for task in self.tasks if task.can_run}
        pinned = [usable.pop(pk) for pk in self.pins if pk in usable]
        known = [pk for pk in self.recent if pk in usable][:RECENT_LIMIT]
        recent = [usable.pop(pk) for pk in known]
        singles = [task for task in usable.values() if not task.is_workflow]
        kinds = sorted({task.kind for task in singles}, key=lambda kind: (not kind, kind))
        nameless = "Other tasks" if len(kinds) > 1 else "Tasks"
        return [
            Group("Pinned", tuple(pinned)),
            Group("Recent", tuple(recent)),
            *(
                Group(
                    readable(kind) or nameless,
                    tuple(task for task in singles if task.kind == kind),
                )
                for kind in kinds
            ),
            Group("Workflows", tuple(task for task in usable.values() if task.is_workflow)),
            Group("Not in your plan", tuple(task for task in self.tasks if not task.can_run)),
        ]

    def _matches(self) -> list[Group]:
        recency = {pk: place for place, pk in enumerate(self.recent)}
        never = len(recency)
        found = sorted(
            (task for task in self.tasks if match(task, self.query) is not Match.NONE),
            key=lambda task: (
                match(task, self.query),
                not self.is_pinned(task),
                recency.get(task.task_pk, never),
                task.name,
            ),
        )
        return [
            Group("Found", tuple(task for task in found if task.can_run)),
            Group("Not in your plan", tuple(task for task in found if not task.can_run)),
        ]


def readable(system_name: str) -> str:
    """Return a system name, such as `meeting_minutes`, as words."""
    return system_name.replace("_", " ").strip().capitalize()


def match(task: TaskEntry, query: str) -> Match:
    """Return how well `task` answers `query`: as well as its worst word does."""
    name, description = plain(task.name), plain(task.description)
    return max(
        (_match_word(word, name, description) for word in plain(query).split()),
        default=Match.WORD_START,
    )


def _match_word(word: str, name: str, description: str) -> Match:
    if any(part.startswith(word) for part in name.split()):
        return Match.WORD_START
    letters = iter(name)
    if all(letter in letters for letter in word):
        return Match.LETTERS_IN_ORDER
    return Match.DESCRIPTION if word in description else Match.NONE


def entry_of(offered: CatalogTask) -> TaskEntry:
    """Return what the catalog shows of a task."""
    task = offered.task
    return TaskEntry(
        task_pk=task.task_pk,
        user_task_pk=task.user_task_pk,
        name=task.task_name or f"Task {task.task_pk}",
        description=task.task_description or "",
        icon=task.task_icon or "",
        steps=tuple(step.step_name_for_user or "" for step in task.steps),
        is_workflow=task.task_type == "workflow",
        enabled=task.enabled,
        group=task.group or "",
        gives=task.output_type or "",
    )
