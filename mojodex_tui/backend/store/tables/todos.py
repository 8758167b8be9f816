"""To-Dos and their days (wire protocol §12)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from mojodex_tui.backend.store.tables.base import Table, now


class Todo(Table):
    """Something to do that an execution brought up."""

    __tablename__ = "md_todo"

    todo_pk: Mapped[int] = mapped_column(primary_key=True)
    user_task_execution_fk: Mapped[int] = mapped_column(
        ForeignKey("md_user_task_execution.user_task_execution_pk"), index=True
    )
    description: Mapped[str] = mapped_column(Text)
    creation_date: Mapped[datetime] = mapped_column(default=now)
    completed: Mapped[datetime | None]
    read_by_user: Mapped[datetime | None]
    deleted_by_user: Mapped[datetime | None]
    deleted_by_mojo: Mapped[datetime | None]
    deletion_justification: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    """The sentence it came from; like all below, an original server has no such column."""
    deletion_cause: Mapped[str | None] = mapped_column(Text)
    """Why the user did not want it."""
    by_user: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Made by hand."""


class TodoScheduling(Table):
    """A day a To-Do was planned for."""

    __tablename__ = "md_todo_scheduling"

    todo_scheduling_pk: Mapped[int] = mapped_column(primary_key=True)
    todo_fk: Mapped[int] = mapped_column(ForeignKey("md_todo.todo_pk"), index=True)
    scheduled_date: Mapped[date]
    creation_date: Mapped[datetime] = mapped_column(default=now)
    reschedule_justification: Mapped[str | None] = mapped_column(Text)
    by_user: Mapped[bool] = mapped_column(default=False, server_default=false())
