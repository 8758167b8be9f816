"""To-Dos that tools list and add, in the database."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.store.engines import Engines
from mojodex_tui.backend.store.tables.conversations import Execution, Session
from mojodex_tui.backend.store.todos import SqlTodos
from mojodex_tui.backend.tools.ports import ExecutionUnknown, OpenTodo

_MOST = 200


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SqlTodoBook:
    """The To-Dos of all users; each call is a transaction of its own.

    Args:
        engines: where they are.
        clock: tells when.
    """

    def __init__(self, engines: Engines, clock: Callable[[], datetime] = _utc_now) -> None:
        self._engines = engines
        self._clock = clock

    async def open(self, user_id: str) -> list[OpenTodo]:
        """Return a user's open To-Dos, each with the day it was last planned for."""
        async with AsyncSession(self._engines.reader) as session:
            found = await SqlTodos(session).open_from(user_id, date.min, Page(_MOST))
        return [OpenTodo(todo.pk, todo.description, todo.day) for todo in found]

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
            return await SqlTodos(session).add(execution_pk, description, due, self._clock())
