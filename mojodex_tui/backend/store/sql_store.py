"""Transactions on the database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from mojodex_tui.backend.engine.log import Event
from mojodex_tui.backend.engine.nodes import Node
from mojodex_tui.backend.store.answers import SqlAnswers
from mojodex_tui.backend.store.deliveries import SqlCalls, SqlDeliveries
from mojodex_tui.backend.store.engine_log import Projections
from mojodex_tui.backend.store.engines import Engines
from mojodex_tui.backend.store.executions import SqlExecutions
from mojodex_tui.backend.store.jobs import SqlJobs
from mojodex_tui.backend.store.messages import SqlMessages
from mojodex_tui.backend.store.products import SqlProducts
from mojodex_tui.backend.store.sessions import SqlSessions
from mojodex_tui.backend.store.tasks import SqlTasks
from mojodex_tui.backend.store.texts import SqlTexts
from mojodex_tui.backend.store.todo_feeds import SqlFeeds
from mojodex_tui.backend.store.todos import SqlTodos
from mojodex_tui.backend.store.users import SqlUsers
from mojodex_tui.backend.store.words import SqlWords
from mojodex_tui.backend.store.workflows import SqlWorkflows


class SqlWork:
    """One transaction on everything that is kept.

    Args:
        session: what it runs in.
        writes: whether it changes anything. What such a transaction reads by key it also locks,
            so that what it writes back rests on what is there. SQLite needs no locks, because it
            has one writer at a time, and ignores them.
    """

    def __init__(self, session: AsyncSession, *, writes: bool) -> None:
        self._session = session
        self._writes = writes

    @cached_property
    def users(self) -> SqlUsers:
        """Accounts."""
        return SqlUsers(self._session, lock=self._writes)

    @cached_property
    def tasks(self) -> SqlTasks:
        """The catalog."""
        return SqlTasks(self._session)

    @cached_property
    def products(self) -> SqlProducts:
        """What gives tasks."""
        return SqlProducts(self._session)

    @cached_property
    def sessions(self) -> SqlSessions:
        """Rooms."""
        return SqlSessions(self._session, lock=self._writes)

    @cached_property
    def executions(self) -> SqlExecutions:
        """Runs of tasks."""
        return SqlExecutions(self._session, lock=self._writes)

    @cached_property
    def messages(self) -> SqlMessages:
        """What was said."""
        return SqlMessages(self._session)

    @cached_property
    def texts(self) -> SqlTexts:
        """Produced texts."""
        return SqlTexts(self._session)

    @cached_property
    def workflows(self) -> SqlWorkflows:
        """Runs of workflows."""
        return SqlWorkflows(self._session)

    @cached_property
    def answers(self) -> SqlAnswers:
        """Answers due."""
        return SqlAnswers(self._session)

    @cached_property
    def deliveries(self) -> SqlDeliveries:
        """Messages on their way."""
        return SqlDeliveries(self._session)

    @cached_property
    def calls(self) -> SqlCalls:
        """What models cost."""
        return SqlCalls(self._session)

    @cached_property
    def todos(self) -> SqlTodos:
        """To-Dos."""
        return SqlTodos(self._session, lock=self._writes)

    @cached_property
    def feeds(self) -> SqlFeeds:
        """Who may read which calendar."""
        return SqlFeeds(self._session)

    @cached_property
    def words(self) -> SqlWords:
        """Spellings."""
        return SqlWords(self._session)

    @cached_property
    def jobs(self) -> SqlJobs:
        """What was done on the clock."""
        return SqlJobs(self._session)


def projecting(project: Callable[[SqlWork, Event], Awaitable[None]]) -> Projections:
    """Return what writes rows for logged events, in the transaction that logs them."""

    async def write(connection: AsyncConnection, nodes: list[Node], event: Event) -> None:  # noqa: ARG001 - the event brings its nodes
        async with AsyncSession(connection, expire_on_commit=False) as session:
            await project(SqlWork(session, writes=True), event)
            await session.flush()

    return write


class SqlStore:
    """Begins transactions.

    Args:
        engines: where to.
    """

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    @asynccontextmanager
    async def write(self) -> AsyncIterator[SqlWork]:
        """Begin a transaction that is kept if its block ends well, and undone if it raises."""
        async with (
            AsyncSession(self._engines.writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield SqlWork(session, writes=True)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlWork]:
        """Begin a transaction that changes nothing."""
        async with (
            AsyncSession(self._engines.reader, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield SqlWork(session, writes=False)
