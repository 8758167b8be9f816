"""Sessions in the database."""

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.domain.conversations import HomeChat, Session
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.store.results import changed
from mojodex_tui.backend.store.tables import conversations


class SqlSessions:
    """Sessions, inside one transaction."""

    def __init__(self, session: AsyncSession, *, lock: bool = False) -> None:
        self._session = session
        self._lock = lock

    async def add(self, session: Session) -> None:
        """Keep a new session."""
        self._session.add(
            conversations.Session(
                session_id=session.session_id,
                user_id=session.user_id,
                platform=session.platform,
                starting_mode=session.starting_mode,
                language=session.language,
            )
        )
        await self._session.flush()

    async def get(self, session_id: str) -> Session | None:
        """Return a session."""
        row = await self._session.get(conversations.Session, session_id, with_for_update=self._lock)
        return _session(row) if row else None

    async def chats(self, user_id: str, page: Page) -> list[Session]:
        """Return a page of the chats that have messages, the newest first."""
        table = conversations.Session
        said = select(conversations.Message.message_pk).where(
            conversations.Message.session_id == table.session_id
        )
        rows = await self._session.scalars(
            select(table)
            .where(
                table.user_id == user_id,
                table.starting_mode == "chat",
                ~table.deleted_by_user,
                said.exists(),
            )
            .order_by(table.creation_date.desc())
            .limit(page.limit)
            .offset(page.offset)
        )
        return [_session(row) for row in rows]

    async def delete(self, user_id: str, session_id: str) -> bool:
        """Take a session out of the list; false if there is none to take out."""
        table = conversations.Session
        result = await self._session.execute(
            update(table)
            .where(
                table.session_id == session_id,
                table.user_id == user_id,
                ~table.deleted_by_user,
            )
            .values(deleted_by_user=True)
        )
        return changed(result) > 0

    async def begin_run(self, session_id: str, run_id: str) -> None:
        """Let a session go on in a run."""
        self._session.add(conversations.SessionRun(session_id=session_id, run_id=run_id))
        await self._change(session_id, run_id=run_id)

    async def reserve_run(self, session_id: str, run_id: str) -> None:
        """Choose the name of the run a session's next one will be."""
        await self._change(session_id, run_id=run_id)

    async def end_run(self, session_id: str) -> None:
        """Let a session wait for its next run."""
        await self._change(session_id, run_id=None)

    async def go_to(self, session_id: str, node_id: str | None) -> None:
        """Let a session's next run go on at a node."""
        await self._change(session_id, thread_node=node_id)

    async def runs_of(self, session_id: str) -> list[str]:
        """Return the runs a session went on in, the newest last."""
        table = conversations.SessionRun
        rows = await self._session.scalars(
            select(table.run_id)
            .where(table.session_id == session_id)
            .order_by(table.session_run_pk)
        )
        return [*rows]

    async def _change(self, session_id: str, **columns: str | None) -> None:
        table = conversations.Session
        await self._session.execute(
            update(table).where(table.session_id == session_id).values(**columns)
        )

    async def home_of(self, user_id: str, week: date) -> HomeChat | None:
        """Return a user's home chat of the week that begins on a day."""
        table = conversations.HomeChat
        row = await self._session.scalar(
            select(table).where(table.user_id == user_id, table.week == week)
        )
        return HomeChat(row.home_chat_pk, row.session_id) if row else None

    async def add_home(self, user_id: str, session_id: str, week: date) -> HomeChat:
        """Keep a new home chat."""
        row = conversations.HomeChat(user_id=user_id, session_id=session_id, week=week)
        self._session.add(row)
        await self._session.flush()
        return HomeChat(row.home_chat_pk, session_id)


def _session(row: conversations.Session) -> Session:
    return Session(
        session_id=row.session_id,
        user_id=row.user_id,
        platform=row.platform or "",
        starting_mode=row.starting_mode or "",
        language=row.language,
        title=row.title,
        run_id=row.run_id,
        thread_node=row.thread_node,
    )
