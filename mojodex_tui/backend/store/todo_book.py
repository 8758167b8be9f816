"""To-Dos that tools list and add, in the database."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.store.engines import Engines
from mojodex_tui.backend.store.tables.conversations import Execution, Session
from mojodex_tui.backend.store.tables.todos import Todo, TodoScheduling
from mojodex_tui.backend.tools.ports import ExecutionUnknown, OpenTodo


class SqlTodoBook:
    """The To-Dos of all users; each call is a transaction of its own.

    Args:
        engines: where they are.
    """

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    async def open(self, user_id: str) -> list[OpenTodo]:
        """Return a user's open To-Dos, each with the day it was last planned for."""
        last = (
            select(func.max(TodoScheduling.todo_scheduling_pk))
            .where(TodoScheduling.todo_fk == Todo.todo_pk)
            .correlate(Todo)
            .scalar_subquery()
        )
        found = (
            select(Todo.todo_pk, Todo.description, TodoScheduling.scheduled_date)
            .join(Execution, Execution.user_task_execution_pk == Todo.user_task_execution_fk)
            .join(Session, Session.session_id == Execution.session_id)
            .outerjoin(TodoScheduling, TodoScheduling.todo_scheduling_pk == last)
            .where(
                Session.user_id == user_id,
                Todo.completed.is_(None),
                Todo.deleted_by_user.is_(None),
                Todo.deleted_by_mojo.is_(None),
            )
            .order_by(TodoScheduling.scheduled_date, Todo.todo_pk)
        )
        async with AsyncSession(self._engines.reader) as session:
            return [OpenTodo(*row) for row in (await session.execute(found)).all()]

    async def add(self, user_id: str, execution_pk: int, description: str, due: date) -> int:
        """Add a To-Do and the day it is planned for, and return its key.

        Raises:
            ExecutionUnknown: the user has no such execution.
        """
        owned = (
            select(Execution.user_task_execution_pk)
            .join(Session, Session.session_id == Execution.session_id)
            .where(
                Execution.user_task_execution_pk == execution_pk,
                Execution.deleted_by_user.is_(None),
                Session.user_id == user_id,
            )
        )
        async with AsyncSession(self._engines.writer) as session, session.begin():
            if await session.scalar(owned) is None:
                raise ExecutionUnknown(f"The user has no execution {execution_pk}.")
            todo = Todo(user_task_execution_fk=execution_pk, description=description)
            session.add(todo)
            await session.flush()
            session.add(TodoScheduling(todo_fk=todo.todo_pk, scheduled_date=due))
            return todo.todo_pk
