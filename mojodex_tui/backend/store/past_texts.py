"""Searching produced texts in the database."""

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.store.engines import Engines
from mojodex_tui.backend.store.tables.conversations import ProducedText, ProducedTextVersion
from mojodex_tui.backend.tools.ports import PastText


class SqlPastTexts:
    """The texts of all users; each search is a transaction of its own.

    Args:
        engines: where they are.
    """

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    async def search(self, user_id: str, query: str, limit: int) -> list[PastText]:
        """Return a user's texts whose latest version holds every word, the newest first."""
        text, version = ProducedText, ProducedTextVersion
        latest = (
            select(func.max(version.produced_text_version_pk))
            .join(text, text.produced_text_pk == version.produced_text_fk)
            .where(text.user_id == user_id, text.deleted_by_user.is_(None))
            .group_by(version.produced_text_fk)
        )
        found = (
            select(version)
            .where(version.produced_text_version_pk.in_(latest), *map(_holds, query.split()))
            .order_by(version.creation_date.desc(), version.produced_text_version_pk.desc())
            .limit(limit)
        )
        async with AsyncSession(self._engines.reader) as session:
            rows = (await session.scalars(found)).all()
        return [
            PastText(row.produced_text_fk, row.title, row.production, row.creation_date)
            for row in rows
        ]


def _holds(word: str) -> ColumnElement[bool]:
    """The title or the text holds the word; SQLite folds the case of ASCII letters only."""
    spellings = dict.fromkeys((word, word.lower(), word.upper(), word.capitalize()))
    columns = (ProducedTextVersion.title, ProducedTextVersion.production)
    return or_(
        *(
            column.icontains(spelling, autoescape=True)
            for column in columns
            for spelling in spellings
        )
    )
