"""Produced texts in the database (wire protocol §5)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.domain.conversations import TextVersion
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.store.tables import catalog
from mojodex_tui.backend.store.tables.conversations import ProducedText, ProducedTextVersion

_TEXT = ProducedText
_VERSION = ProducedTextVersion


class SqlTexts:
    """Produced texts, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_execution(self, execution_pk: int) -> int | None:
        """Return the text drafts of an execution are versions of, if there is one."""
        return await self._session.scalar(
            select(_TEXT.produced_text_pk)
            .where(_TEXT.user_task_execution_fk == execution_pk, _TEXT.deleted_by_user.is_(None))
            .order_by(_TEXT.produced_text_pk)
            .limit(1)
        )

    async def add(self, user_id: str, execution_pk: int | None, session_id: str | None) -> int:
        """Keep a new text, still without version."""
        row = _TEXT(user_id=user_id, user_task_execution_fk=execution_pk, session_id=session_id)
        self._session.add(row)
        await self._session.flush()
        return row.produced_text_pk

    async def add_version(
        self,
        text_pk: int,
        title: str | None,
        production: str,
        text_type: str | None,
        node_id: str | None = None,
    ) -> int:
        """Keep a new version and return its key."""
        type_pk = await self._session.scalar(
            select(catalog.TextType.text_type_pk).where(catalog.TextType.name == text_type)
        )
        row = _VERSION(
            produced_text_fk=text_pk,
            title=title,
            production=production,
            text_type_fk=type_pk,
            node_id=node_id,
        )
        self._session.add(row)
        await self._session.flush()
        return row.produced_text_version_pk

    async def latest(self, user_id: str, text_pk: int) -> TextVersion | None:
        """Return the latest version of a text of a user that is not deleted."""
        row = (
            await self._session.execute(
                _versions()
                .where(_TEXT.produced_text_pk == text_pk, _TEXT.user_id == user_id)
                .order_by(*_newest_first())
                .limit(1)
            )
        ).first()
        return _version(row) if row else None

    async def version(self, user_id: str, version_pk: int) -> TextVersion | None:
        """Return a version of a text of a user that is not deleted."""
        row = (
            await self._session.execute(
                _versions().where(
                    _VERSION.produced_text_version_pk == version_pk, _TEXT.user_id == user_id
                )
            )
        ).first()
        return _version(row) if row else None

    async def list_latest(self, user_id: str, page: Page) -> list[TextVersion]:
        """Return a page of the texts of a user, the newest first."""
        latest = (
            select(func.max(_VERSION.produced_text_version_pk))
            .join(_TEXT, _TEXT.produced_text_pk == _VERSION.produced_text_fk)
            .where(_TEXT.user_id == user_id, _TEXT.deleted_by_user.is_(None))
            .group_by(_VERSION.produced_text_fk)
        )
        rows = await self._session.execute(
            _versions()
            .where(_VERSION.produced_text_version_pk.in_(latest))
            .order_by(*_newest_first())
            .limit(page.limit)
            .offset(page.offset)
        )
        return [_version(row) for row in rows]

    async def latest_of_execution(self, execution_pk: int) -> TextVersion | None:
        """Return the latest version an execution has."""
        return (await self.latest_of_executions({execution_pk})).get(execution_pk)

    async def latest_on_thread(
        self, execution_pk: int, nodes: Collection[str]
    ) -> TextVersion | None:
        """Return the latest version that one of these nodes brought, or the user's own hand."""
        is_theirs = or_(_VERSION.node_id.is_(None), _VERSION.node_id.in_(nodes))
        row = (
            await self._session.execute(
                _versions()
                .where(_TEXT.user_task_execution_fk == execution_pk)
                .where(_TEXT.deleted_by_user.is_(None), is_theirs)
                .order_by(*_newest_first())
                .limit(1)
            )
        ).first()
        return _version(row) if row else None

    async def latest_of_executions(self, execution_pks: Collection[int]) -> dict[int, TextVersion]:
        """Return the latest version of each execution that has one, with their number."""
        newest = (
            select(
                _VERSION.produced_text_version_pk.label("pk"),
                func.row_number()
                .over(partition_by=_TEXT.user_task_execution_fk, order_by=_newest_first())
                .label("place"),
                func.count().over(partition_by=_TEXT.user_task_execution_fk).label("number"),
            )
            .join(_TEXT, _TEXT.produced_text_pk == _VERSION.produced_text_fk)
            .where(_TEXT.user_task_execution_fk.in_(execution_pks), _TEXT.deleted_by_user.is_(None))
            .subquery()
        )
        rows = await self._session.execute(
            select(_VERSION, _TEXT, catalog.TextType.name, newest.c.number)
            .join(newest, newest.c.pk == _VERSION.produced_text_version_pk)
            .join(_TEXT, _TEXT.produced_text_pk == _VERSION.produced_text_fk)
            .outerjoin(catalog.TextType, catalog.TextType.text_type_pk == _VERSION.text_type_fk)
            .where(newest.c.place == 1)
        )
        versions = [_version(row) for row in rows]
        return {v.execution_pk: v for v in versions if v.execution_pk is not None}

    async def version_of_execution(self, execution_pk: int, index: int) -> TextVersion | None:
        """Return a version of an execution by its place, from 1."""
        row = (
            await self._session.execute(
                _versions(index)
                .where(_TEXT.user_task_execution_fk == execution_pk)
                .order_by(_VERSION.creation_date, _VERSION.produced_text_version_pk)
                .limit(1)
                .offset(index - 1)
            )
        ).first()
        return _version(row) if row else None

    async def change_version(self, version_pk: int, title: str | None, production: str) -> None:
        """Put other words into a version."""
        await self._session.execute(
            update(_VERSION)
            .where(_VERSION.produced_text_version_pk == version_pk)
            .values(title=title, production=production)
        )

    async def mark_read(self, version_pk: int, moment: datetime) -> None:
        """Mark a version as read."""
        await self._session.execute(
            update(_VERSION)
            .where(_VERSION.produced_text_version_pk == version_pk)
            .values(read_by_user=moment)
        )

    async def delete(self, text_pk: int, moment: datetime) -> None:
        """Take a text out of the lists."""
        await self._session.execute(
            update(_TEXT).where(_TEXT.produced_text_pk == text_pk).values(deleted_by_user=moment)
        )


def _newest_first() -> tuple[ColumnElement[datetime], ColumnElement[int]]:
    return _VERSION.creation_date.desc(), _VERSION.produced_text_version_pk.desc()


def _versions(index: int = 1) -> Select[ProducedTextVersion, ProducedText, str, int]:
    """Select versions of texts that are not deleted, with their type and a number to show."""
    return (
        select(_VERSION, _TEXT, catalog.TextType.name, literal(index))
        .join(_TEXT, _TEXT.produced_text_pk == _VERSION.produced_text_fk)
        .outerjoin(catalog.TextType, catalog.TextType.text_type_pk == _VERSION.text_type_fk)
        .where(_TEXT.deleted_by_user.is_(None))
    )


def _version(row: Row[ProducedTextVersion, ProducedText, str, int]) -> TextVersion:
    version, text, text_type, index = row
    return TextVersion(
        text_pk=text.produced_text_pk,
        version_pk=version.produced_text_version_pk,
        title=version.title,
        production=version.production,
        creation_date=version.creation_date,
        text_type=text_type,
        execution_pk=text.user_task_execution_fk,
        user_id=text.user_id,
        index=index,
        by_user=version.node_id is None,
    )
