"""What was done on the clock, in the database."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.jobs import CLAIM, JobKey, JobName, JobRun, may_begin
from mojodex_tui.backend.store.results import changed
from mojodex_tui.backend.store.tables import accounts
from mojodex_tui.backend.store.tables.jobs import Event
from mojodex_tui.backend.store.tables.jobs import JobRun as _ROW  # noqa: N814 - as in its siblings
from mojodex_tui.backend.store.users import user_of


class SqlJobs:
    """Jobs, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claim(
        self, key: JobKey, user_id: str, owner: str, moment: datetime, *, anew: bool = False
    ) -> JobRun | None:
        """Take a job on, unless it is done, given up, paused, or somebody else is on it."""
        await self._make_sure(key, user_id)
        row = (await self._session.scalars(select(_ROW).where(_is(key)).with_for_update())).one()
        if anew and (row.claimed_until is None or row.claimed_until <= moment):
            row.attempts, row.gave_up, row.next_try, row.ended = 0, False, None, None
        if not may_begin(_run(row), moment):
            return None
        row.claimed_by, row.claimed_until = owner, moment + CLAIM
        row.started = row.started or moment
        row.attempts += 1
        await self._session.flush()
        return _run(row)

    async def _make_sure(self, key: JobKey, user_id: str) -> None:
        """Have a row of the job; of processes that come at once, one makes it."""
        insert = (
            postgresql.insert
            if self._session.get_bind().dialect.name == "postgresql"
            else sqlite.insert
        )
        await self._session.execute(
            insert(_ROW)
            .values(
                job=key.job,
                subject=key.subject,
                day=key.day,
                user_id=user_id,
                attempts=0,
                gave_up=False,
            )
            .on_conflict_do_nothing()
        )

    async def finish(self, key: JobKey, owner: str, moment: datetime) -> bool:
        """Note that a job is done; false if it is no longer the owner's."""
        return await self._change(
            key,
            owner,
            ended=moment,
            sending=None,
            claimed_by=None,
            claimed_until=None,
            next_try=None,
            failure=None,
        )

    async def fail(self, key: JobKey, owner: str, sentence: str, next_try: datetime | None) -> None:
        """Note why a job failed, and when it is tried again, if ever."""
        await self._change(
            key,
            owner,
            failure=sentence,
            next_try=next_try,
            gave_up=next_try is None,
            sending=None,
            claimed_by=None,
            claimed_until=None,
        )

    async def renew(self, key: JobKey, owner: str, moment: datetime) -> bool:
        """Keep a claim for longer; false if it is no longer the owner's."""
        return await self._change(key, owner, claimed_until=moment + CLAIM)

    async def set_sending(self, key: JobKey, owner: str, moment: datetime | None) -> bool:
        """Note that a mail is being handed over, or is not any more."""
        return await self._change(key, owner, sending=moment)

    async def last_days(self, job: JobName, user_ids: Collection[str]) -> dict[str, date]:
        """Return the last day a job was begun and needs nothing more, for each user."""
        rows = await self._session.execute(
            select(_ROW.user_id, func.max(_ROW.day))
            .where(
                _ROW.job == job,
                _ROW.user_id.in_(user_ids),
                or_(_ROW.ended.is_not(None), _ROW.gave_up),
            )
            .group_by(_ROW.user_id)
        )
        return {user_id: day for user_id, day in rows}  # noqa: C416 - rows are typed one by one

    async def runs_of(self, user_id: str, job: JobName, most: int) -> list[JobRun]:
        """Return the latest runs of a job for a user, the newest first."""
        rows = await self._session.scalars(
            select(_ROW)
            .where(_ROW.user_id == user_id, _ROW.job == job)
            .order_by(_ROW.job_run_pk.desc())
            .limit(most)
        )
        return [_run(row) for row in rows]

    async def reminded(self, after_id: str, most: int) -> list[User]:
        """Return users who want a reminder, by id."""
        rows = await self._session.scalars(
            select(accounts.User)
            .where(accounts.User.todo_email_reception, accounts.User.user_id > after_id)
            .order_by(accounts.User.user_id)
            .limit(most)
        )
        return [user_of(row) for row in rows]

    async def add_event(self, user_id: str, event_type: str, message: JsonObject) -> None:
        """Keep that a mail went out."""
        self._session.add(Event(user_id=user_id, event_type=event_type, message=message))
        await self._session.flush()

    async def _change(self, key: JobKey, owner: str, **values: object) -> bool:
        result = await self._session.execute(
            update(_ROW).where(_is(key), _ROW.claimed_by == owner).values(**values)
        )
        return changed(result) > 0


def _is(key: JobKey) -> ColumnElement[bool]:
    return and_(_ROW.job == key.job, _ROW.subject == key.subject, _ROW.day == key.day)


def _run(row: _ROW) -> JobRun:
    return JobRun(
        key=JobKey(JobName(row.job), row.subject, row.day),
        user_id=row.user_id,
        attempts=row.attempts,
        claimed_by=row.claimed_by,
        claimed_until=row.claimed_until,
        started=row.started,
        ended=row.ended,
        sending=row.sending,
        next_try=row.next_try,
        failure=row.failure,
        gave_up=row.gave_up,
    )
