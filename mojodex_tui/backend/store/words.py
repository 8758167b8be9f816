"""Words users spell their own way, in the database (wire protocol §12.2)."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.store.tables.accounts import Word


class SqlWords:
    """The spellings of users, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, user_id: str, word: str, moment: datetime) -> None:
        """Keep a spelling; one that is known becomes the newest."""
        await self._session.execute(delete(Word).where(Word.user_id == user_id, Word.word == word))
        self._session.add(Word(user_id=user_id, word=word, creation_date=moment))
        await self._session.flush()

    async def newest(self, user_id: str, limit: int) -> list[str]:
        """Return the newest spellings of a user, the newest first."""
        rows = await self._session.scalars(
            select(Word.word)
            .where(Word.user_id == user_id)
            .order_by(Word.creation_date.desc(), Word.user_vocabulary_pk.desc())
            .limit(limit)
        )
        return list(rows)
