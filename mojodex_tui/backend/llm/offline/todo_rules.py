"""The rules about To-Dos, behind the port that a model's writer stands behind too.

The rules are imported on first use: their patterns take tens of milliseconds to build, and a start
needs none of them.
"""

import asyncio

from mojodex_tui.backend.domain.todos import (
    ExtractionBrief,
    FoundTodo,
    Reminder,
    ReminderBrief,
    Rescheduling,
    ReschedulingBrief,
)
from mojodex_tui.backend.llm.port import Usage


class TodoRules:
    """Finds, moves and tells by rules; costs nothing."""

    async def extract(self, brief: ExtractionBrief) -> tuple[tuple[FoundTodo, ...], Usage | None]:
        """Return the To-Dos of a text."""
        from mojodex_tui.backend.llm.offline import todos

        # Rules over a long text take some tens of milliseconds: other users should not wait.
        return await asyncio.to_thread(todos.extract, brief), None

    async def reschedule(self, brief: ReschedulingBrief) -> tuple[Rescheduling, Usage | None]:
        """Return a new day for an overdue To-Do."""
        from mojodex_tui.backend.llm.offline import todo_days

        return todo_days.reschedule(brief), None

    async def remind(self, brief: ReminderBrief) -> tuple[Reminder, Usage | None]:
        """Return the mail of a morning."""
        from mojodex_tui.backend.llm.offline import todo_days

        return todo_days.remind(brief), None
