"""Executions in the database (wire protocol §3)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Row, Select, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.conversations import Execution, ExecutionDetail, TodoCount
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.store.results import changed
from mojodex_tui.backend.store.tables import catalog, conversations, runtime, todos
from mojodex_tui.backend.store.tasks import SqlTasks
from mojodex_tui.backend.store.texts import SqlTexts

_ROW = conversations.Execution


class SqlExecutions:
    """Executions, inside one transaction."""

    def __init__(self, session: AsyncSession, *, lock: bool = False) -> None:
        self._session = session
        self._lock = lock

    async def add(
        self,
        user_task_pk: int,
        session_id: str,
        inputs: Sequence[JsonObject],
        parent_pk: int | None,
    ) -> int:
        """Keep a new execution and return its key."""
        row = _ROW(
            user_task_fk=user_task_pk,
            session_id=session_id,
            json_input_values=[*inputs],
            predefined_action_from_user_task_execution_fk=parent_pk,
        )
        self._session.add(row)
        await self._session.flush()
        return row.user_task_execution_pk

    async def get(self, pk: int) -> Execution | None:
        """Return an execution, deleted or not."""
        query = _executions().where(_ROW.user_task_execution_pk == pk)
        return await self._first(query.with_for_update(of=_ROW) if self._lock else query)

    async def unstarted(self, user_task_pk: int) -> Execution | None:
        """Return an execution nobody has begun to use, if there is one."""
        said = select(conversations.Message.message_pk).where(
            conversations.Message.session_id == _ROW.session_id
        )
        return await self._first(
            _executions()
            .where(
                _ROW.user_task_fk == user_task_pk,
                _ROW.start_date.is_(None),
                _ROW.deleted_by_user.is_(None),
                _ROW.predefined_action_from_user_task_execution_fk.is_(None),
                ~said.exists(),
            )
            .order_by(_ROW.user_task_execution_pk.desc())
        )

    async def latest_of_session(self, session_id: str) -> Execution | None:
        """Return the newest execution of a session."""
        return await self._first(
            _executions()
            .where(_ROW.session_id == session_id)
            .order_by(_ROW.user_task_execution_pk.desc())
        )

    async def change(self, execution: Execution) -> None:
        """Keep the execution as it is now."""
        await self._session.execute(
            update(_ROW)
            .where(_ROW.user_task_execution_pk == execution.pk)
            .values(
                json_input_values=[*execution.inputs],
                start_date=execution.start_date,
                end_date=execution.end_date,
                title=execution.title,
                summary=execution.summary,
            )
        )

    async def set_title_once(self, pk: int, title: str, summary: str) -> bool:
        """Give an execution its first title; false if it has one."""
        result = await self._session.execute(
            update(_ROW)
            .where(_ROW.user_task_execution_pk == pk, _ROW.title.is_(None))
            .values(title=title, summary=summary)
        )
        return changed(result) > 0

    async def delete(self, pk: int, moment: datetime) -> None:
        """Take an execution out of the lists."""
        await self._session.execute(
            update(_ROW).where(_ROW.user_task_execution_pk == pk).values(deleted_by_user=moment)
        )

    async def detail(self, pk: int) -> ExecutionDetail | None:
        """Return an execution with all a client shows of it."""
        details = await self._details(_executions().where(_ROW.user_task_execution_pk == pk))
        return details[0] if details else None

    async def started(
        self, user_id: str, page: Page, title_part: str | None, user_task_pks: Collection[int]
    ) -> list[ExecutionDetail]:
        """Return a page of the started executions of a user, the newest first."""
        query = _executions().where(
            catalog.UserTask.user_id == user_id,
            _ROW.start_date.is_not(None),
            _ROW.deleted_by_user.is_(None),
        )
        if title_part:
            query = query.where(_ROW.title.icontains(title_part, autoescape=True))
        if user_task_pks:
            query = query.where(_ROW.user_task_fk.in_(user_task_pks))
        return await self._details(
            query.order_by(_ROW.user_task_execution_pk.desc()).limit(page.limit).offset(page.offset)
        )

    async def _first(
        self, query: Select[conversations.Execution, catalog.UserTask]
    ) -> Execution | None:
        row = (await self._session.execute(query.limit(1))).first()
        return _execution(row) if row else None

    async def _details(
        self, query: Select[conversations.Execution, catalog.UserTask]
    ) -> list[ExecutionDetail]:
        """Return executions with all around them, in a fixed number of queries."""
        executions = [_execution(row) for row in await self._session.execute(query)]
        pks = {execution.pk for execution in executions}
        tasks = await SqlTasks(self._session).by_pks({e.task_pk for e in executions})
        latest = await SqlTexts(self._session).latest_of_executions(pks)
        counts = await self._todo_counts(pks)
        failures = await self._failures({e.session_id: e.pk for e in executions})
        return [
            ExecutionDetail(
                execution=execution,
                task=tasks[execution.task_pk],
                latest=latest.get(execution.pk),
                todos=counts.get(execution.pk, TodoCount()),
                failure=failures.get(execution.pk),
            )
            for execution in executions
        ]

    async def _todo_counts(self, pks: Collection[int]) -> dict[int, TodoCount]:
        todo = todos.Todo
        unread = case((todo.read_by_user.is_(None) & todo.completed.is_(None), 1), else_=0)
        rows = await self._session.execute(
            select(todo.user_task_execution_fk, func.count(), func.sum(unread))
            .where(
                todo.user_task_execution_fk.in_(pks),
                todo.deleted_by_user.is_(None),
                todo.deleted_by_mojo.is_(None),
            )
            .group_by(todo.user_task_execution_fk)
        )
        return {pk: TodoCount(total, int(new)) for pk, total, new in rows}

    async def _failures(self, sessions: dict[str, int]) -> dict[int, str]:
        """Return why the last answer is missing, where it is and nobody works on it."""
        message = conversations.Message
        last = (
            select(func.max(message.message_pk))
            .where(message.session_id.in_(sessions), message.sender == "mojo")
            .group_by(message.session_id)
        )
        awaited = select(runtime.AnswerDue.session_id)
        rows = await self._session.scalars(
            select(message).where(
                message.message_pk.in_(last),
                message.event_name == "error",
                message.session_id.not_in(awaited),
            )
        )
        return {sessions[row.session_id]: str(row.message.get("error")) for row in rows}


def _executions() -> Select[conversations.Execution, catalog.UserTask]:
    return select(_ROW, catalog.UserTask).join(
        catalog.UserTask, catalog.UserTask.user_task_pk == _ROW.user_task_fk
    )


def _execution(row: Row[conversations.Execution, catalog.UserTask]) -> Execution:
    execution, owned = row
    return Execution(
        pk=execution.user_task_execution_pk,
        user_task_pk=execution.user_task_fk,
        user_id=owned.user_id,
        task_pk=owned.task_fk,
        session_id=execution.session_id,
        inputs=tuple(execution.json_input_values),
        start_date=execution.start_date,
        end_date=execution.end_date,
        title=execution.title,
        summary=execution.summary,
        deleted=execution.deleted_by_user is not None,
        todos_extracted=execution.todos_extracted,
    )
