"""To-Dos in the database (wire protocol §7, §8)."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    Select,
    String,
    and_,
    case,
    cast,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.jobs import JobName
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.domain.todos import (
    Counts,
    DueExecution,
    Move,
    Rejected,
    Scheduling,
    Todo,
    View,
)
from mojodex_tui.backend.store.results import changed
from mojodex_tui.backend.store.tables import accounts
from mojodex_tui.backend.store.tables.catalog import UserTask
from mojodex_tui.backend.store.tables.conversations import (
    Execution,
    ProducedTextVersion,
    Session,
)
from mojodex_tui.backend.store.tables.jobs import JobRun
from mojodex_tui.backend.store.todo_queries import (
    BY_DAY,
    KEPT,
    OPEN,
    PLANNED,
    TODO,
    TodoQuery,
    in_view,
    owned,
    todo_of,
    todos_of,
    unextracted,
)
from mojodex_tui.backend.store.users import user_of

_NOTEBOOK = "todos"
"""How the session begins that To-Dos made by hand hang on."""
_MOST_PARENTS = 50


class SqlTodos:
    """To-Dos, inside one transaction."""

    def __init__(self, session: AsyncSession, *, lock: bool = False) -> None:
        self._session = session
        self._lock = lock

    async def get(self, user_id: str, pk: int) -> Todo | None:
        """Return a To-Do of a user, deleted or not."""
        query = todos_of(user_id).where(TODO.todo_pk == pk)
        found = await self._list(query.with_for_update(of=TODO) if self._lock else query)
        return found[0] if found else None

    async def of_execution(self, execution_pk: int, page: Page) -> list[Todo]:
        """Return a page of an execution's To-Dos, done or not, by day."""
        return await self._page(
            todos_of().where(TODO.user_task_execution_fk == execution_pk, KEPT).order_by(*BY_DAY),
            page,
        )

    async def open_from(self, user_id: str, first: date, page: Page) -> list[Todo]:
        """Return a page of a user's open To-Dos from a day on, by day."""
        return await self._page(
            todos_of(user_id).where(OPEN, PLANNED.scheduled_date >= first).order_by(*BY_DAY), page
        )

    async def viewed(self, user_id: str, view: View, today: date, page: Page) -> list[Todo]:
        """Return a page of one part of a user's To-Dos."""
        query = todos_of(user_id).where(in_view(view, today))
        if view is View.DONE:
            query = query.order_by(TODO.completed.desc(), TODO.todo_pk)
        return await self._page(query.order_by(*BY_DAY), page)

    async def counts(self, user_id: str, today: date) -> Counts:
        """Return how many To-Dos a user has in each part."""
        parts = [in_view(view, today) for view in (View.OVERDUE, View.TODAY, View.UPCOMING)]
        parts += [in_view(View.DONE, today), and_(OPEN, TODO.read_by_user.is_(None))]
        query = owned(select(*(func.sum(case((part, 1), else_=0)) for part in parts)))
        row = (await self._session.execute(query.where(UserTask.user_id == user_id))).one()
        return Counts(*(int(number or 0) for number in row))

    async def count_unread(self, user_id: str, first: date) -> int:
        """Return how many open To-Dos from a day on a user has not read."""
        query = owned(select(func.count())).where(
            UserTask.user_id == user_id,
            OPEN,
            TODO.read_by_user.is_(None),
            PLANNED.scheduled_date >= first,
        )
        return await self._session.scalar(query) or 0

    async def total(self, user_id: str) -> int:
        """Return how many To-Dos a user ever had."""
        query = owned(select(func.count())).where(UserTask.user_id == user_id)
        return await self._session.scalar(query) or 0

    async def add(
        self,
        execution_pk: int,
        description: str,
        day: date,
        moment: datetime,
        *,
        source: str | None = None,
        by_user: bool = False,
    ) -> int:
        """Keep a new To-Do, put on a day, and return its key."""
        row = TODO(
            user_task_execution_fk=execution_pk,
            description=description,
            creation_date=moment,
            # Who made it has read it.
            read_by_user=moment if by_user else None,
            source=source,
            by_user=by_user,
        )
        self._session.add(row)
        await self._session.flush()
        await self.put_on(row.todo_pk, day, moment, None, by_user=by_user)
        return row.todo_pk

    async def change(self, todo: Todo, cause: str | None = None) -> None:
        """Keep a To-Do as it is now; the cause says why the user deleted it."""
        await self._session.execute(
            update(TODO)
            .where(TODO.todo_pk == todo.pk)
            .values(
                description=todo.description,
                completed=todo.completed,
                read_by_user=todo.read,
                deleted_by_user=todo.deleted,
                deletion_cause=cause,
            )
        )

    async def mark_read(
        self, user_id: str, execution_pk: int | None, moment: datetime
    ) -> list[int]:
        """Mark what a user has not read, of one execution or all, and return it."""
        query = owned(select(TODO.todo_pk)).where(
            UserTask.user_id == user_id, KEPT, TODO.read_by_user.is_(None)
        )
        if execution_pk is not None:
            query = query.where(TODO.user_task_execution_fk == execution_pk)
        pks = [*await self._session.scalars(query.order_by(TODO.todo_pk))]
        await self._session.execute(
            update(TODO).where(TODO.todo_pk.in_(pks)).values(read_by_user=moment)
        )
        return pks

    async def schedulings(self, pk: int) -> list[Scheduling]:
        """Return the days a To-Do was put on, in that order."""
        rows = await self._session.scalars(
            select(PLANNED).where(PLANNED.todo_fk == pk).order_by(PLANNED.todo_scheduling_pk)
        )
        return [
            Scheduling(
                row.todo_scheduling_pk,
                row.scheduled_date,
                row.creation_date,
                row.reschedule_justification,
                row.by_user,
            )
            for row in rows
        ]

    async def put_on(
        self,
        pk: int,
        day: date,
        moment: datetime,
        reason: str | None,
        *,
        by_user: bool,
    ) -> None:
        """Put a To-Do on another day."""
        self._session.add(
            PLANNED(
                todo_fk=pk,
                scheduled_date=day,
                creation_date=moment,
                reschedule_justification=reason,
                by_user=by_user,
            )
        )
        await self._session.flush()

    async def take_back(self, scheduling_pk: int) -> None:
        """Forget that a To-Do was put on a day."""
        await self._session.delete(await self._session.get_one(PLANNED, scheduling_pk))
        await self._session.flush()

    async def related(self, execution_pk: int) -> list[Todo]:
        """Return the To-Dos of an execution and of those it goes on from."""
        pks: list[int] = []
        following: int | None = execution_pk
        while following is not None and following not in pks and len(pks) < _MOST_PARENTS:
            pks.append(following)
            following = await self._session.scalar(
                select(Execution.predefined_action_from_user_task_execution_fk).where(
                    Execution.user_task_execution_pk == following
                )
            )
        return await self._list(
            todos_of().where(TODO.user_task_execution_fk.in_(pks)).order_by(*BY_DAY)
        )

    async def rejected(self, user_id: str, most: int) -> list[Rejected]:
        """Return what a user lately deleted, the newest first."""
        rows = await self._session.execute(
            owned(select(TODO.description, TODO.deletion_cause))
            .where(UserTask.user_id == user_id, TODO.deleted_by_user.is_not(None))
            .order_by(TODO.deleted_by_user.desc())
            .limit(most)
        )
        return [Rejected(description, cause) for description, cause in rows]

    async def notebook(self, user_id: str, moment: datetime) -> int | None:
        """Return the execution that To-Dos made by hand hang on; `None` if there can be none.

        On the wire every To-Do belongs to an execution (§7.1). This one is in no list, because it
        is made as a deleted one.
        """
        known = await self._session.scalar(
            select(Execution.user_task_execution_pk)
            .join(Session, Session.session_id == Execution.session_id)
            .where(Session.user_id == user_id, Session.starting_mode == _NOTEBOOK)
        )
        if known is not None:
            return known
        owned = await self._session.scalar(
            select(func.min(UserTask.user_task_pk)).where(UserTask.user_id == user_id)
        )
        if owned is None:
            return None
        session_id = uuid.uuid4().hex
        self._session.add(
            Session(
                session_id=session_id,
                user_id=user_id,
                creation_date=moment,
                starting_mode=_NOTEBOOK,
                deleted_by_user=True,
            )
        )
        await self._session.flush()
        row = Execution(
            user_task_fk=owned,
            session_id=session_id,
            json_input_values=[],
            todos_extracted=moment,
            deleted_by_user=moment,
        )
        self._session.add(row)
        await self._session.flush()
        return row.user_task_execution_pk

    async def due_for_extraction(
        self, before: datetime, moment: datetime, after_pk: int, most: int
    ) -> list[DueExecution]:
        """Return executions whose latest version is older and that were not looked at, by key.

        Those that somebody is on, or that failed and are tried again later, are left out.
        """
        busy = select(JobRun.job_run_pk).where(
            JobRun.job == JobName.EXTRACTION,
            JobRun.subject == cast(Execution.user_task_execution_pk, String),
            or_(JobRun.next_try > moment, JobRun.claimed_until > moment),
        )
        query = unextracted().where(Execution.user_task_execution_pk > after_pk, ~busy.exists())
        return await self._due(
            query.having(func.max(ProducedTextVersion.creation_date) <= before).limit(most)
        )

    async def extractable(self, user_id: str, execution_pk: int | None) -> list[DueExecution]:
        """Return a user's executions that were not looked at, however new their version is."""
        query = unextracted().where(UserTask.user_id == user_id)
        if execution_pk is not None:
            query = query.where(Execution.user_task_execution_pk == execution_pk)
        return await self._due(query)

    async def mark_extracted(self, execution_pk: int, moment: datetime) -> bool:
        """Note that an execution was looked at; false if it was before."""
        result = await self._session.execute(
            update(Execution)
            .where(
                Execution.user_task_execution_pk == execution_pk,
                Execution.todos_extracted.is_(None),
            )
            .values(todos_extracted=moment)
        )
        return changed(result) > 0

    async def owners_of_overdue(self, before: date) -> list[User]:
        """Return who has open To-Dos planned for a day before another one."""
        owners = owned(select(UserTask.user_id)).where(OPEN, PLANNED.scheduled_date < before)
        rows = await self._session.scalars(
            select(accounts.User)
            .where(accounts.User.user_id.in_(owners))
            .order_by(accounts.User.user_id)
        )
        return [user_of(row) for row in rows]

    async def overdue(self, user_id: str, before: date, put_before: datetime) -> list[Todo]:
        """Return open To-Dos of a day before, that were put on it before a moment."""
        return await self._list(
            todos_of(user_id)
            .where(
                OPEN,
                PLANNED.scheduled_date < before,
                PLANNED.creation_date < put_before,
            )
            .order_by(*BY_DAY)
        )

    async def moved(self, user_id: str, since: datetime, until: datetime) -> list[Move]:
        """Return which open To-Dos the assistant put on another day in a time, and why."""
        earlier = aliased(PLANNED)
        before = (
            select(earlier.scheduled_date)
            .where(
                earlier.todo_fk == PLANNED.todo_fk,
                earlier.todo_scheduling_pk < PLANNED.todo_scheduling_pk,
            )
            .order_by(earlier.todo_scheduling_pk.desc())
            .limit(1)
            .correlate(PLANNED)
            .scalar_subquery()
        )
        rows = await self._session.execute(
            owned(
                select(
                    TODO.description,
                    before,
                    PLANNED.scheduled_date,
                    PLANNED.reschedule_justification,
                )
            )
            .where(
                UserTask.user_id == user_id,
                OPEN,
                PLANNED.by_user.is_(False),
                PLANNED.reschedule_justification.is_not(None),
                PLANNED.creation_date > since,
                PLANNED.creation_date <= until,
            )
            .order_by(*BY_DAY)
        )
        return [Move(what, on, after, reason or "") for what, on, after, reason in rows]

    async def _page(self, query: TodoQuery, page: Page) -> list[Todo]:
        return await self._list(query.limit(page.limit).offset(page.offset))

    async def _list(self, query: TodoQuery) -> list[Todo]:
        return [todo_of(row) for row in await self._session.execute(query)]

    async def _due(self, query: Select[int, str, datetime]) -> list[DueExecution]:
        rows = await self._session.execute(query)
        return [DueExecution(pk, user_id, latest) for pk, user_id, latest in rows]
