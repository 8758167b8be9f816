"""What a task asks for and gives."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content
from textual.widgets import Static

from mojodex_tui.state.catalog import CatalogState, TaskEntry, readable
from mojodex_tui.state.times import told

_RUNS_SHOWN = 5
_CHAT_ADVICE = " starts by chat: say it in your own words, and the assistant asks what is missing."


def facts(task: TaskEntry) -> list[tuple[str, str]]:
    """Return what is known of a task, by name."""
    kind = "workflow, you validate each step" if task.is_workflow else "one draft, with a chat"
    return [
        (name, value)
        for name, value in (
            ("Gives", readable(task.gives)),
            ("Kind", kind),
            ("Steps", " > ".join(step for step in task.steps if step)),
        )
        if value
    ]


def details(task: TaskEntry, catalog: CatalogState, now: datetime) -> Content:
    """Return all about a task, to read.

    Args:
        task: The task.
        catalog: What is known besides.
        now: On this computer's clock.
    """
    parts: list[Content | str] = [task.description, ""]
    parts += [Content.assemble((f"{name:<9}", "$quiet-text"), value) for name, value in facts(task)]
    runs = catalog.runs_of(task)
    if runs:
        parts += ["", Content.assemble(("YOUR LAST RUNS", "bold $heading"))]
        for run in runs[:_RUNS_SHOWN]:
            when = "" if run.started is None else told(run.started, now)
            parts.append(Content.assemble(run.title, (f"  {when}", "$quiet-text")))
    if task.can_run:
        parts += [
            "",
            Content.assemble(("c", "bold $primary"), (_CHAT_ADVICE, "$quiet-text")),
        ]
    else:
        parts += ["", "It is not in your plan: ask your administrator."]
    return Content("\n").join(parts)


class TaskDetails(Static):
    """The pane beside the list, or the two lines under it."""

    def show(self, task: TaskEntry | None, catalog: CatalogState, now: datetime) -> None:
        """Show a task.

        Args:
            task: The task the cursor stands on.
            catalog: What is known besides.
            now: On this computer's clock.
        """
        if task is None:
            self.border_title = None
            self.update("")
            return
        self.border_title = task.name
        if self.screen.has_class("-wide"):
            self.update(details(task, catalog, now))
        else:
            self.update(_in_short(task, catalog, now))


def _in_short(task: TaskEntry, catalog: CatalogState, now: datetime) -> Content:
    """Return the two lines there is room for under the list."""
    runs = catalog.runs_of(task)
    last = runs[0].started if runs else None
    told_facts = [f"{name}: {value}" for name, value in facts(task)[:2]]
    if last is not None:
        told_facts.append(f"Last run: {told(last, now)}")
    return Content.assemble(task.description, "\n", ("   ".join(told_facts), "$quiet-text"))
