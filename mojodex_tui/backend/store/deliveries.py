"""Messages no client has acknowledged yet, in the database (wire protocol §10.5)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.conversations import Call, Delivery
from mojodex_tui.backend.store.results import changed
from mojodex_tui.backend.store.tables import runtime

_ROW = runtime.Delivery


class SqlDeliveries:
    """Messages on their way, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(
        self,
        session_id: str,
        message_pk: int,
        version_pk: int | None,
        event_name: str,
        payload: JsonObject,
    ) -> Delivery:
        """Keep a message until it is acknowledged."""
        row = _ROW(
            session_id=session_id,
            message_fk=message_pk,
            produced_text_version_fk=version_pk,
            event_name=event_name,
            payload=payload,
        )
        self._session.add(row)
        await self._session.flush()
        return _delivery(row)

    async def due(self, session_ids: Collection[str], moment: datetime) -> list[Delivery]:
        """Return what is to be sent to some sessions now."""
        rows = await self._session.scalars(
            select(_ROW)
            .where(_ROW.session_id.in_(session_ids), _ROW.next_copy <= moment)
            .order_by(_ROW.delivery_pk)
        )
        return [_delivery(row) for row in rows]

    async def next_copy(self, session_ids: Collection[str]) -> datetime | None:
        """Return when something is to be sent to some sessions next."""
        return await self._session.scalar(
            select(func.min(_ROW.next_copy)).where(_ROW.session_id.in_(session_ids))
        )

    async def take_copy(self, delivery: Delivery, next_copy: datetime) -> bool:
        """Note that a copy goes out; false if somebody else sent it."""
        result = await self._session.execute(
            update(_ROW)
            .where(_ROW.delivery_pk == delivery.pk, _ROW.copies == delivery.copies)
            .values(copies=delivery.copies + 1, next_copy=next_copy)
        )
        return changed(result) > 0

    async def remove(self, pk: int) -> bool:
        """Forget a delivery; false if it was forgotten before."""
        result = await self._session.execute(delete(_ROW).where(_ROW.delivery_pk == pk))
        return changed(result) > 0


class SqlCalls:
    """What models cost, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, user_id: str, execution_pk: int | None, call: Call) -> None:
        """Keep what a call cost."""
        self._session.add(
            runtime.LlmCall(
                user_id=user_id,
                user_task_execution_fk=execution_pk,
                purpose=call.purpose,
                model=call.model,
                input_tokens=call.input_tokens,
                output_tokens=call.output_tokens,
            )
        )
        await self._session.flush()


def _delivery(row: runtime.Delivery) -> Delivery:
    return Delivery(
        pk=row.delivery_pk,
        session_id=row.session_id,
        message_pk=row.message_fk,
        version_pk=row.produced_text_version_fk,
        event_name=row.event_name,
        payload=row.payload,
        copies=row.copies,
        next_copy=row.next_copy,
    )
