"""To-Dos as the list shows them, with what the user did to them and can still take back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from mojodex_tui.state.days import told_day
from mojodex_tui.state.search import plain

if TYPE_CHECKING:
    from pydantic import JsonValue

    from mojodex_tui.client.port.todos import TodoListing
    from mojodex_tui.wire.todo_extensions import TodoHistory, TodoRow


class Part(StrEnum):
    """The parts of the list, from the top."""

    OVERDUE = "Overdue"
    TODAY = "Today"
    UPCOMING = "Upcoming"
    DONE = "Done"


class View(StrEnum):
    """What of the list is shown, in the order of the tabs."""

    TODAY = "Today"
    UPCOMING = "Upcoming"
    OVERDUE = "Overdue"
    DONE = "Done"
    ALL = "All"

    def beside(self, steps: int) -> View:
        """Return the view some tabs to the right, round the end."""
        views = tuple(View)
        return views[(views.index(self) + steps) % len(views)]


_SHOWN: Mapping[View, frozenset[Part]] = {
    # With what is done today: the day's work stays in sight.
    View.TODAY: frozenset({Part.OVERDUE, Part.TODAY, Part.DONE}),
    View.UPCOMING: frozenset({Part.UPCOMING}),
    View.OVERDUE: frozenset({Part.OVERDUE}),
    View.DONE: frozenset({Part.DONE}),
    View.ALL: frozenset(Part),
}


class Deed(StrEnum):
    """What waits for its moment to be taken back to pass."""

    FINISH = "finish"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Pending:
    """What the user did to a To-Do, not yet sent."""

    todo_pk: int
    deed: Deed
    description: str
    cause: str = ""
    """Why it is deleted."""

    @property
    def words(self) -> str:
        """What was done."""
        done = "Done" if self.deed is Deed.FINISH else f"Deleted, {self.cause}"
        return f"{done}: “{self.description}”."

    def kept(self) -> Mapping[str, JsonValue]:
        """Return what is put on disk."""
        return {
            "todo_pk": self.todo_pk,
            "deed": self.deed.value,
            "description": self.description,
            "cause": self.cause,
        }


def pending_of(kept: JsonValue) -> tuple[Pending, ...]:
    """Return what was put on disk; what cannot be read was never promised, and is left out."""
    found = []
    for each in kept if isinstance(kept, list) else []:
        match each:
            case {
                "todo_pk": int(pk),
                "deed": ("finish" | "delete") as deed,
                "description": str(description),
                "cause": str(cause),
            }:
                found.append(Pending(pk, Deed(deed), description, cause))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class TodosState:
    """The To-Dos a screen knows; what it shows follows from it."""

    rows: tuple[TodoRow, ...] = ()
    today: date = date.min
    pending: tuple[Pending, ...] = ()
    has_extras: bool = True
    """Whether the server moves, reopens and explains."""
    next_night: datetime | None = None
    n_done: int | None = None
    is_loading: bool = True
    """Nothing is known yet, not even from the cache."""
    sends_mail: bool = False
    wants_mail: bool = False
    next_morning: datetime | None = None
    view: View = View.ALL
    query: str = ""
    """What was typed to filter the list."""
    of_run: int | None = None
    """The execution whose To-Dos alone are shown, if it is one."""

    def parts(self) -> tuple[tuple[Part, tuple[TodoRow, ...]], ...]:
        """Return what is shown: the parts that hold something."""
        return tuple(
            (part, rows)
            for part, all_rows in self.all_parts()
            if part in _SHOWN[self.view]
            and (rows := tuple(row for row in all_rows if self._is_shown(part, row)))
        )

    def _is_shown(self, part: Part, row: TodoRow) -> bool:
        if part is Part.DONE and self.view is View.TODAY and row.completed is not None:
            return row.completed.astimezone().date() == self.today
        searched = plain(f"{row.description} {row.execution_title or ''}")
        return all(word in searched for word in plain(self.query).split())

    def counts(self) -> Mapping[View, int]:
        """Return how many To-Dos each view has, without those only kept in sight."""
        numbers = {part: len(rows) for part, rows in self.all_parts()}
        done = numbers.get(Part.DONE, 0)
        if self.n_done is not None and self.of_run is None:
            done = max(done, self.n_done)
        return {
            View.TODAY: numbers.get(Part.TODAY, 0),
            View.UPCOMING: numbers.get(Part.UPCOMING, 0),
            View.OVERDUE: numbers.get(Part.OVERDUE, 0),
            View.DONE: done,
        }

    def all_parts(self) -> tuple[tuple[Part, tuple[TodoRow, ...]], ...]:
        """Return the parts that hold something, each by day; the last done come first."""
        parts: dict[Part, list[TodoRow]] = {part: [] for part in Part}
        deeds = {pending.todo_pk: pending.deed for pending in self.pending}
        for row in sorted(self.rows, key=lambda row: (row.scheduled_date, row.todo_pk)):
            deed = deeds.get(row.todo_pk)
            is_here = self.of_run in {None, row.user_task_execution_fk}
            if is_here and deed is not Deed.DELETE:
                part = Part.DONE if deed is Deed.FINISH else self.part_of(row)
                parts[part].append(row)
        parts[Part.DONE].sort(key=lambda row: self._done_key(row, deeds), reverse=True)
        return tuple((part, tuple(rows)) for part, rows in parts.items() if rows)

    def part_of(self, row: TodoRow) -> Part:
        """Return where a To-Do belongs."""
        if row.completed is not None:
            return Part.DONE
        if row.scheduled_date == self.today:
            return Part.TODAY
        return Part.OVERDUE if row.scheduled_date < self.today else Part.UPCOMING

    @staticmethod
    def _done_key(row: TodoRow, deeds: Mapping[int, Deed]) -> tuple[bool, str]:
        done = row.completed
        return row.todo_pk in deeds, "" if done is None else done.isoformat()

    def is_done(self, row: TodoRow) -> bool:
        """Whether a To-Do is done, or about to be said so."""
        return row.completed is not None or any(row.todo_pk == it.todo_pk for it in self.pending)

    def overdue(self) -> tuple[TodoRow, ...]:
        """Return what is late and open."""
        return dict(self.all_parts()).get(Part.OVERDUE, ())

    def due(self) -> int:
        """Return how many To-Dos are late or due today, of all executions."""
        numbers = {part: len(rows) for part, rows in replace(self, of_run=None).all_parts()}
        return numbers.get(Part.OVERDUE, 0) + numbers.get(Part.TODAY, 0)

    def row(self, todo_pk: int | None) -> TodoRow | None:
        """Return a To-Do by its key."""
        return next((row for row in self.rows if row.todo_pk == todo_pk), None)

    def with_row(self, changed: TodoRow) -> TodosState:
        """Return the state with one To-Do as it is now, new or not."""
        others = tuple(row for row in self.rows if row.todo_pk != changed.todo_pk)
        return replace(self, rows=(*others, changed))

    def with_read(self, todo_pks: Iterable[int], now: datetime) -> TodosState:
        """Return the state with To-Dos read."""
        read = set(todo_pks)
        rows = (
            row.model_copy(update={"read_by_user": now}) if row.todo_pk in read else row
            for row in self.rows
        )
        return replace(self, rows=tuple(rows))

    def after(self, sent: Pending, now: datetime) -> TodosState:
        """Return the state after something was sent."""
        row = self.row(sent.todo_pk)
        if row is None:
            return self
        if sent.deed is Deed.FINISH:
            return self.with_row(row.model_copy(update={"completed": row.completed or now}))
        return replace(self, rows=tuple(row for row in self.rows if row.todo_pk != sent.todo_pk))


def state_of(
    listing: TodoListing, today: date, pending: tuple[Pending, ...], *, is_loading: bool = False
) -> TodosState:
    """Return what a screen knows after an answer.

    Args:
        listing: The answer.
        today: The day on this computer, for servers that do not tell the user's.
        pending: What is not sent yet.
        is_loading: Whether a newer answer is awaited.
    """
    return TodosState(
        rows=listing.rows,
        today=listing.today or today,
        pending=pending,
        has_extras=listing.has_extras,
        next_night=listing.next_night,
        n_done=listing.n_done,
        is_loading=is_loading,
        sends_mail=listing.sends_mail,
        wants_mail=listing.wants_mail,
        next_morning=listing.next_morning,
    )


def told_list(todos: TodosState) -> str:
    """Return what is late, due and coming as lines, for where there is no screen."""
    lines = []
    for part, rows in todos.parts():
        if part is not Part.DONE:
            lines.append(f"{part.value} ({len(rows)})")
            lines += [f"  - {row.description}  {told_due(row, todos.today)}" for row in rows]
    return "\n".join(lines) or "Nothing is due."


def told_due(row: TodoRow, today: date) -> str:
    """Return when a To-Do is due, and how late it is."""
    late = (today - row.scheduled_date).days
    words = told_day(row.scheduled_date, today)
    return f"{words}  -{late} d" if late > 0 and row.completed is None else words


def told_history(history: TodoHistory, today: date) -> str:
    """Return why a To-Do is on its day: every day it was put on, by whom, and the reason."""
    lines = []
    before: date | None = None
    for step in history.schedulings:
        by = "You" if step.by_user else "Mojo"
        day = told_day(step.scheduled_date, today)
        made = told_day(step.creation_date.astimezone().date(), today)
        if before is None:
            lines.append(f"{made}  {by} put it on {day}.")
        else:
            lines.append(f"{made}  {by} moved it from {told_day(before, today)} to {day}.")
        if step.reason:
            lines.append(f"    “{step.reason}”")
        before = step.scheduled_date
    return "\n".join(lines)
