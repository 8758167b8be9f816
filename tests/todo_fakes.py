"""A list of To-Dos made of values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from mojodex_tui.client.errors import NotFound, NotSupportedByServer
from mojodex_tui.client.port.todos import TodoListing
from mojodex_tui.wire.todo_extensions import (
    Digest,
    ExportFormat,
    ExtractedNow,
    Jobs,
    TodoHistory,
    TodoRow,
    TodoScheduling,
    Undoable,
)

if TYPE_CHECKING:
    from mojodex_tui.client.errors import ApiError

TODAY = date(2026, 11, 20)
"""A Friday."""
MADE = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


def todo(pk: int, description: str, day: date, **more: object) -> TodoRow:
    """Return a To-Do that was read, of the run of the same key."""
    return TodoRow.model_validate(
        {
            "todo_pk": pk,
            "user_task_execution_fk": 1,
            "description": description,
            "scheduled_date": day,
            "creation_date": MADE,
            "read_by_user": MADE,
            "execution_title": "Steering committee, budget",
            **more,
        }
    )


@dataclass
class FakeTodos:
    """Answers with what the test put in, and notes what it was asked.

    A list in `failures` under a method's name makes its next calls fail, one a call.
    """

    kept: TodoListing = field(
        default_factory=lambda: TodoListing((), today=TODAY, has_extras=True, n_done=0)
    )
    seen: TodoListing | None = None
    found: ExtractedNow = field(default_factory=ExtractedNow)
    told: Digest = field(
        default_factory=lambda: Digest(
            subject="Your day", text="Nothing is due today.", html="", line="nothing due"
        )
    )
    running: Jobs = field(default_factory=Jobs)
    failures: dict[str, list[ApiError]] = field(default_factory=dict)
    calls: list[tuple[str, object]] = field(default_factory=list)

    def asked(self, name: str) -> list[object]:
        """Return with what a method was called, once for each call."""
        return [given for called, given in self.calls if called == name]

    def _note(self, name: str, given: object = None, *, extra: bool = False) -> None:
        self.calls.append((name, given))
        if pending := self.failures.get(name):
            raise pending.pop(0)
        if extra and not self.kept.has_extras:
            raise NotSupportedByServer("The server does not know this.")

    def _row(self, pk: int) -> TodoRow:
        for row in self.kept.rows:
            if row.todo_pk == pk:
                return row
        raise NotFound("There is no such To-Do.")

    def _change(self, pk: int, **changes: object) -> TodoRow:
        changed = self._row(pk).model_copy(update=changes)
        rows = tuple(changed if row.todo_pk == pk else row for row in self.kept.rows)
        self.kept = replace(self.kept, rows=rows)
        return changed

    async def listing(self) -> TodoListing:
        self._note("listing")
        return self.kept

    async def seen_listing(self) -> TodoListing | None:
        return self.seen

    async def create(self, description: str, day: date, execution_pk: int | None = None) -> TodoRow:
        self._note("create", (description, day, execution_pk), extra=True)
        made = todo(100 + len(self.kept.rows), description, day, by_user=True)
        self.kept = replace(self.kept, rows=(*self.kept.rows, made))
        return made

    async def reword(self, todo_pk: int, description: str) -> TodoRow:
        self._note("reword", (todo_pk, description), extra=True)
        return self._change(todo_pk, description=description)

    async def export(self, kind: ExportFormat) -> bytes:
        self._note("export", kind, extra=True)
        return f"To-Dos as {kind}".encode()

    async def set_mail(self, *, wanted: bool) -> None:
        self._note("set_mail", wanted, extra=True)
        self.kept = replace(self.kept, wants_mail=wanted)

    async def digest(self) -> Digest:
        self._note("digest", extra=True)
        return self.told

    async def jobs(self) -> Jobs:
        self._note("jobs", extra=True)
        return self.running

    async def mark_read(self, todo_pks: Sequence[int]) -> None:
        self._note("mark_read", tuple(todo_pks))

    async def finish(self, todo_pk: int) -> None:
        self._note("finish", todo_pk)
        self._change(todo_pk, completed=MADE)

    async def delete(self, todo_pk: int, cause: str) -> None:
        self._note("delete", (todo_pk, cause))
        rows = tuple(row for row in self.kept.rows if row.todo_pk != todo_pk)
        self.kept = replace(self.kept, rows=rows)

    async def move(self, todo_pk: int, day: date) -> TodoRow:
        self._note("move", (todo_pk, day), extra=True)
        moves = self._row(todo_pk).n_moves + 1
        return self._change(todo_pk, scheduled_date=day, n_moves=moves)

    async def undo(self, todo_pk: int, what: Undoable) -> TodoRow:
        self._note("undo", (todo_pk, what), extra=True)
        if what is Undoable.DONE:
            return self._change(todo_pk, completed=None)
        return self._row(todo_pk)

    async def history(self, todo_pk: int) -> TodoHistory:
        self._note("history", todo_pk, extra=True)
        first = TodoScheduling(scheduled_date=date(2026, 11, 18), creation_date=MADE)
        moved = TodoScheduling(
            scheduled_date=TODAY, creation_date=MADE, reason="Wednesday was full."
        )
        return TodoHistory(todo=self._row(todo_pk), schedulings=(first, moved))

    async def look_now(self) -> ExtractedNow:
        self._note("look_now", extra=True)
        return self.found
