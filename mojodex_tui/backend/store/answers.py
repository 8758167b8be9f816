"""Answers due, in the database."""

from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.domain.conversations import AnswerDue
from mojodex_tui.backend.store.results import changed
from mojodex_tui.backend.store.tables import runtime

_ROW = runtime.AnswerDue


class SqlAnswers:
    """Answers due, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, session_id: str, execution_pk: int | None, message_pk: int | None) -> None:
        """Note that an answer is due; a second one for the same question is not noted."""
        known = await self._session.scalar(
            select(_ROW.answer_due_pk).where(
                _ROW.user_task_execution_fk == execution_pk,
                _ROW.user_message_fk.is_(None)
                if message_pk is None
                else _ROW.user_message_fk == message_pk,
            )
        )
        if known is None:
            self._session.add(
                _ROW(
                    session_id=session_id,
                    user_task_execution_fk=execution_pk,
                    user_message_fk=message_pk,
                )
            )
            await self._session.flush()

    async def claim(
        self, session_id: str, owner: str, moment: datetime, until: datetime
    ) -> AnswerDue | None:
        """Take over the oldest answer of a session, unless somebody else is on it."""
        row = await self._session.scalar(
            select(_ROW)
            .where(_ROW.session_id == session_id)
            .order_by(_ROW.answer_due_pk)
            .limit(1)
            .with_for_update()
        )
        if row is None or (row.claimed_until is not None and row.claimed_until > moment):
            return None
        row.claimed_by, row.claimed_date, row.claimed_until = owner, moment, until
        row.attempts += 1
        await self._session.flush()
        return _answer(row)

    async def settle(self, pk: int) -> bool:
        """Strike an answer off; false if it was struck off before."""
        result = await self._session.execute(delete(_ROW).where(_ROW.answer_due_pk == pk))
        return changed(result) > 0

    async def settle_work(self, execution_pk: int) -> None:
        """Strike off what is due on an execution, but for answers to messages."""
        await self._session.execute(
            delete(_ROW).where(
                _ROW.user_task_execution_fk == execution_pk, _ROW.user_message_fk.is_(None)
            )
        )

    async def is_held(self, pk: int, owner: str | None) -> bool:
        """Whether an answer is still due, and an owner's to give."""
        found = await self._session.scalar(
            select(_ROW.answer_due_pk).where(_ROW.answer_due_pk == pk, _ROW.claimed_by == owner)
        )
        return found is not None

    async def note_progress(self, pk: int) -> None:
        """Count the attempts at an answer anew, as a part of it is done."""
        await self._session.execute(update(_ROW).where(_ROW.answer_due_pk == pk).values(attempts=0))

    async def withdraw(self, session_id: str) -> list[AnswerDue]:
        """Strike all answers of a session off and return them."""
        rows = (
            await self._session.scalars(
                select(_ROW)
                .where(_ROW.session_id == session_id)
                .order_by(_ROW.answer_due_pk)
                .with_for_update()
            )
        ).all()
        withdrawn = [_answer(row) for row in rows]
        for row in rows:
            await self._session.delete(row)
        await self._session.flush()
        return withdrawn

    async def renew(self, owner: str, until: datetime) -> set[str]:
        """Keep the claims of an owner for longer, and return the sessions they are for."""
        rows = await self._session.scalars(
            update(_ROW)
            .where(_ROW.claimed_by == owner)
            .values(claimed_until=until)
            .returning(_ROW.session_id)
        )
        return {*rows}

    async def release_all(self) -> None:
        """Give up every claim, whoever made it."""
        await self._session.execute(update(_ROW).values(claimed_by=None, claimed_until=None))

    async def waiting_sessions(self, moment: datetime) -> list[str]:
        """Return the sessions with an answer nobody is on."""
        rows = await self._session.scalars(
            select(_ROW.session_id)
            .where(or_(_ROW.claimed_until.is_(None), _ROW.claimed_until < moment))
            .distinct()
        )
        return [*rows]

    async def is_due(self, execution_pk: int) -> bool:
        """Whether an execution waits for an answer."""
        found = await self._session.scalar(
            select(_ROW.answer_due_pk).where(_ROW.user_task_execution_fk == execution_pk).limit(1)
        )
        return found is not None


def _answer(row: runtime.AnswerDue) -> AnswerDue:
    return AnswerDue(
        pk=row.answer_due_pk,
        session_id=row.session_id,
        execution_pk=row.user_task_execution_fk,
        message_pk=row.user_message_fk,
        attempts=row.attempts,
        claimed_by=row.claimed_by,
    )
