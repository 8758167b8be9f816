"""What the queries for To-Dos have in common (wire protocol §7, §8)."""

from datetime import date, datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import aliased

from mojodex_tui.backend.domain.todos import Todo, View
from mojodex_tui.backend.store.tables import todos
from mojodex_tui.backend.store.tables.catalog import UserTask
from mojodex_tui.backend.store.tables.conversations import (
    Execution,
    ProducedText,
    ProducedTextVersion,
)

Columns = TypeVarTuple("Columns")

TODO = todos.Todo
PLANNED = todos.TodoScheduling

OPEN = and_(
    TODO.completed.is_(None), TODO.deleted_by_user.is_(None), TODO.deleted_by_mojo.is_(None)
)
KEPT = and_(TODO.deleted_by_user.is_(None), TODO.deleted_by_mojo.is_(None))
BY_DAY = (PLANNED.scheduled_date, TODO.todo_pk)

TodoQuery = Select[todos.Todo, str, date, int, str | None]
"""To-Dos, each with its owner, its day, how often it was moved, and its execution's title."""


def owned(query: Select[*Columns]) -> Select[*Columns]:
    """Join To-Dos with the day they are on now, and with whose they are."""
    newer = aliased(PLANNED)
    latest = (
        select(func.max(newer.todo_scheduling_pk))
        .where(newer.todo_fk == TODO.todo_pk)
        .correlate(TODO)
        .scalar_subquery()
    )
    return (
        query.select_from(TODO)
        .join(Execution, Execution.user_task_execution_pk == TODO.user_task_execution_fk)
        .join(UserTask, UserTask.user_task_pk == Execution.user_task_fk)
        .join(PLANNED, PLANNED.todo_scheduling_pk == latest)
    )


def todos_of(user_id: str | None = None) -> TodoQuery:
    """Select the To-Dos of a user, or of all."""
    every = aliased(PLANNED)
    moves = (
        select(func.count() - 1)
        .where(every.todo_fk == TODO.todo_pk)
        .correlate(TODO)
        .scalar_subquery()
    )
    query = owned(select(TODO, UserTask.user_id, PLANNED.scheduled_date, moves, Execution.title))
    return query if user_id is None else query.where(UserTask.user_id == user_id)


def in_view(view: View, today: date) -> ColumnElement[bool]:
    """Return the condition for being in a part of the list."""
    match view:
        case View.OVERDUE:
            return and_(OPEN, PLANNED.scheduled_date < today)
        case View.TODAY:
            return and_(OPEN, PLANNED.scheduled_date == today)
        case View.UPCOMING:
            return and_(OPEN, PLANNED.scheduled_date > today)
        case View.DONE:
            return and_(KEPT, TODO.completed.is_not(None))
        case View.ALL:
            return KEPT


def unextracted() -> Select[int, str, datetime]:
    """Select executions with a text that were not looked at, with owner and latest version."""
    return (
        select(
            Execution.user_task_execution_pk,
            UserTask.user_id,
            func.max(ProducedTextVersion.creation_date),
        )
        .join(UserTask, UserTask.user_task_pk == Execution.user_task_fk)
        .join(ProducedText, ProducedText.user_task_execution_fk == Execution.user_task_execution_pk)
        .join(
            ProducedTextVersion,
            ProducedTextVersion.produced_text_fk == ProducedText.produced_text_pk,
        )
        .where(
            Execution.todos_extracted.is_(None),
            Execution.deleted_by_user.is_(None),
            ProducedText.deleted_by_user.is_(None),
        )
        .group_by(Execution.user_task_execution_pk, UserTask.user_id)
        .order_by(Execution.user_task_execution_pk)
    )


def todo_of(row: Row[todos.Todo, str, date, int, str | None]) -> Todo:
    """Return the To-Do of a row."""
    todo, user_id, day, moves, title = row
    return Todo(
        pk=todo.todo_pk,
        user_id=user_id,
        execution_pk=todo.user_task_execution_fk,
        description=todo.description,
        day=day,
        created=todo.creation_date,
        completed=todo.completed,
        read=todo.read_by_user,
        deleted=todo.deleted_by_user or todo.deleted_by_mojo,
        source=todo.source,
        by_user=todo.by_user,
        moves=moves,
        title=title,
    )
