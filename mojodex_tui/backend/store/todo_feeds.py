"""Calendar feeds of To-Dos in the database."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.store.tables import accounts
from mojodex_tui.backend.store.users import user_of


class SqlFeeds:
    """The keys of calendar feeds, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def set_digest(self, user_id: str, digest: str | None) -> None:
        """Keep the digest of a feed's key, in place of the one before."""
        await self._session.execute(
            update(accounts.User)
            .where(accounts.User.user_id == user_id)
            .values(todo_feed_digest=digest)
        )

    async def user_of_digest(self, digest: str) -> User | None:
        """Return whose feed a key opens."""
        row = await self._session.scalar(
            select(accounts.User).where(accounts.User.todo_feed_digest == digest)
        )
        return user_of(row) if row else None
