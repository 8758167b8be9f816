"""Messages in the database (wire protocol §4.2, §4.3).

They are ordered by key, which is the order they arrived in. An original server orders them by the
clocks of clients, and so puts turns in the wrong order when a clock is wrong.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.conversations import Message
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.store.tables import conversations

_ROW = conversations.Message


class SqlMessages:
    """Messages, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(
        self,
        session_id: str,
        sender: str,
        content: JsonObject,
        *,
        event_name: str,
        message_date: datetime,
        message_id: str | None = None,
        execution_pk: int | None = None,
        node_id: str | None = None,
    ) -> int:
        """Keep a message and return its key."""
        row = _ROW(
            session_id=session_id,
            sender=sender,
            message=content,
            event_name=event_name,
            message_date=message_date,
            message_id=message_id,
            user_task_execution_fk=execution_pk,
            node_id=node_id,
        )
        self._session.add(row)
        await self._session.flush()
        return row.message_pk

    async def get(self, pk: int) -> Message | None:
        """Return a message by its key."""
        row = await self._session.get(_ROW, pk)
        return _message(row) if row else None

    async def by_message_id(self, session_id: str, message_id: str) -> Message | None:
        """Return a message by the key its client chose."""
        row = await self._session.scalar(
            select(_ROW).where(_ROW.session_id == session_id, _ROW.message_id == message_id)
        )
        return _message(row) if row else None

    async def set_content(self, pk: int, content: JsonObject) -> None:
        """Replace what a message says."""
        await self._session.execute(
            update(_ROW).where(_ROW.message_pk == pk).values(message=content)
        )

    async def set_error(self, pk: int, moment: datetime | None) -> None:
        """Mark a message as failed, or no longer."""
        await self._session.execute(
            update(_ROW).where(_ROW.message_pk == pk).values(in_error_state=moment)
        )

    async def set_node(self, pk: int, node_id: str) -> None:
        """Say which node of the log a message became."""
        await self._session.execute(
            update(_ROW).where(_ROW.message_pk == pk).values(node_id=node_id)
        )

    async def set_execution(self, pk: int, execution_pk: int) -> None:
        """Attach a message to an execution."""
        await self._session.execute(
            update(_ROW).where(_ROW.message_pk == pk).values(user_task_execution_fk=execution_pk)
        )

    async def of_node(self, node_id: str) -> Message | None:
        """Return the message that became a node."""
        row = await self._session.scalar(select(_ROW).where(_ROW.node_id == node_id))
        return _message(row) if row else None

    async def page(
        self, session_id: str, page: Page, *, oldest_first: bool, execution_pk: int | None
    ) -> list[Message]:
        """Return a page of what can be shown, counted from one end."""
        query = select(_ROW).where(_ROW.session_id == session_id, _shown())
        if execution_pk is not None:
            query = query.where(_ROW.user_task_execution_fk == execution_pk)
        order = _ROW.message_pk.asc() if oldest_first else _ROW.message_pk.desc()
        rows = await self._session.scalars(
            query.order_by(order).limit(page.limit).offset(page.offset)
        )
        return [_message(row) for row in rows]

    async def conversation(self, session_id: str) -> list[Message]:
        """Return all that was said, the oldest first."""
        rows = await self._session.scalars(
            select(_ROW).where(_ROW.session_id == session_id, _shown()).order_by(_ROW.message_pk)
        )
        return [_message(row) for row in rows]

    async def mark_read(self, pks: Collection[int], moment: datetime) -> None:
        """Mark messages as read, with the versions they carry."""
        rows = await self._session.execute(
            update(_ROW)
            .where(_ROW.message_pk.in_(pks), _ROW.read_by_user.is_(None))
            .values(read_by_user=moment)
            .returning(_ROW.message)
        )
        versions = [content.get("produced_text_version_pk") for content in rows.scalars()]
        table = conversations.ProducedTextVersion
        await self._session.execute(
            update(table)
            .where(
                table.produced_text_version_pk.in_([v for v in versions if isinstance(v, int)]),
                table.read_by_user.is_(None),
            )
            .values(read_by_user=moment)
        )


def _shown() -> ColumnElement[bool]:
    """Select what has text, and everything of the user; failures have none (§4.2)."""
    return or_(_ROW.sender == "user", _ROW.event_name != "error")


def _message(row: conversations.Message) -> Message:
    return Message(
        pk=row.message_pk,
        session_id=row.session_id,
        sender=row.sender,
        content=row.message,
        event_name=row.event_name,
        message_id=row.message_id,
        execution_pk=row.user_task_execution_fk,
        in_error=row.in_error_state is not None,
        node_id=row.node_id,
    )
