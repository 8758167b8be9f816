"""The client as a whole: what a screen, a prompt or a script uses to work with a server."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from mojodex_tui.client.api import HttpApi
from mojodex_tui.client.backend_link import BackendHandle, BackendLink
from mojodex_tui.client.backoff import Backoff, gentle
from mojodex_tui.client.cache import KeptPins, SeenCache, Unfinished
from mojodex_tui.client.credentials import Credentials, CredentialSources
from mojodex_tui.client.delivery import HttpDelivery
from mojodex_tui.client.errors import ApiError
from mojodex_tui.client.http import Http
from mojodex_tui.client.identity import Identity
from mojodex_tui.client.live import SocketEvents
from mojodex_tui.client.observable import Subject
from mojodex_tui.client.older_servers import AnyAgeCaller
from mojodex_tui.client.outbox import StoredOutbox
from mojodex_tui.client.outbox_rows import FirstProgram, OutboxRows
from mojodex_tui.client.port import Connection, Keeping, Link, OutboxChange
from mojodex_tui.client.store import ClientStore, Shelf
from mojodex_tui.client.todos import HttpTodos
from mojodex_tui.client.way import RemoteWay, Way
from mojodex_tui.client.workflows import HttpWorkflows
from mojodex_tui.wire.accounts import Account
from mojodex_tui.wire.dates import offset_of


def clock_offset() -> int:
    """Return this computer's `timezone_offset`, as it is in force now."""
    return offset_of(datetime.now().astimezone())


class MojodexClient:
    """A client of one server; use it as `async with MojodexClient(…) as client`.

    Args:
        server: The address of a server, or the backend on this computer.
        data_dir: The folder for what must outlive the program.
        sources: Where a token may come from.
        timezone_offset: Tells this computer's clock.
        backoff: How long to wait between two tries.
    """

    def __init__(
        self,
        server: str | BackendHandle,
        data_dir: Path,
        *,
        sources: CredentialSources | None = None,
        timezone_offset: Callable[[], int] = clock_offset,
        backoff: Backoff = gentle,
    ) -> None:
        address = server.rstrip("/") if isinstance(server, str) else None
        self._identity = Identity(address, Credentials(data_dir / "credentials.json", sources))
        self._store = ClientStore(data_dir / "client.sqlite3")
        self._first = FirstProgram(data_dir / "client.lock")
        self._http = Http(trust_env=address is not None)
        way = self._way_to(server)
        call = AnyAgeCaller(self._http, way)

        self.drafts = Shelf(self._store, "drafts", self._space)
        self.cache = SeenCache(self._store, self._space)
        self.pins = KeptPins(self._store, self._space)
        self._facts = Shelf(self._store, "account", self._space)
        self.live = SocketEvents(
            way, local=address is None, backoff=backoff, overhear=call.overhear
        )
        rows = OutboxRows(self._store, self._space, self._first)
        self.outbox = StoredOutbox(
            rows, HttpDelivery(call), self.live.joined, lambda: self._told_offset, backoff
        )
        unfinished = Unfinished(self._store, self._space)
        self.api = HttpApi(call, self._identity, self.cache, unfinished, self.outbox.holds_start_of)
        self.todos = HttpTodos(call, self.api.executions, self._store, self._space)
        self.workflows = HttpWorkflows(call, self.outbox, self.api.execution, self.api.executions)

        self._clock = timezone_offset
        self._told_offset = timezone_offset()
        self._told: tuple[str | None, int] | None = None
        self._loaded_space: str | None = None
        self._news = asyncio.Event()
        self._stack = AsyncExitStack()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def account(self) -> Subject[Account | None]:
        """Who is signed in; `None` asks for the sign-in screen."""
        return self._identity.account

    @property
    def keeping(self) -> Subject[Keeping]:
        """Where the token is kept."""
        return self._identity.keeping

    async def __aenter__(self) -> Self:
        """Open what is kept here, and begin to reach for the server."""
        async with AsyncExitStack() as stack:
            stack.enter_context(self._first)
            await stack.enter_async_context(self._store)
            await stack.enter_async_context(self._http)
            await self._identity.restore()
            await self._take_up()
            group = await stack.enter_async_context(asyncio.TaskGroup())
            stack.callback(self.outbox.subscribe(self._count_unsent))
            stack.callback(self.live.connection.subscribe(self._follow_connection))
            stack.callback(self.account.subscribe(lambda _account: self._news.set()))
            self._tasks = [
                group.create_task(self.live.run()),
                group.create_task(self.outbox.run()),
                group.create_task(self._keep_in_step()),
            ]
            stack.callback(self._cancel)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop; what is unsent is sent at the next start."""
        # What the caller raised is the caller's: the group of tasks would wrap it.
        await self._stack.aclose()

    def try_now(self) -> None:
        """Do not wait for the next try of anything."""
        self.live.try_now()
        self.outbox.try_now()

    def _way_to(self, server: str | BackendHandle) -> Way:
        """Return the way to the server."""
        if isinstance(server, str):
            return RemoteWay(server.rstrip("/"), self._identity.token, self._identity.refuse)
        return BackendLink(server, self._http, self._identity.adopt)

    def _space(self) -> str:
        """Whose things are kept here now."""
        return self._identity.space

    def _cancel(self) -> None:
        """End what runs beside the caller."""
        for task in self._tasks:
            task.cancel()

    def _count_unsent(self, _change: OutboxChange) -> None:
        """Show how many items wait."""
        self.live.note_unsent(len(self.outbox.unsent()))

    def _follow_connection(self, connection: Connection) -> None:
        """Go on with what waited for the server."""
        if connection.link in {Link.ONLINE, Link.LOCAL}:
            self.outbox.try_now()
            self._news.set()

    async def _keep_in_step(self) -> None:
        """Follow who is signed in."""
        while True:
            self._news.clear()
            await self._take_up()
            if self.account.value is not None:
                if self.live.connection.value.link not in {Link.ONLINE, Link.LOCAL}:
                    self.live.try_now()
                self.outbox.try_now()
                await self._tell_clock(self.account.value)
            await self._news.wait()

    async def _take_up(self) -> None:
        """Take up what this user left here."""
        if self._space() == self._loaded_space:
            return
        self._loaded_space = self._space()
        told = await self._facts.get("timezone_offset")
        self._told_offset = told if isinstance(told, int) else self._clock()
        await self.outbox.load()
        self.live.note_unsent(len(self.outbox.unsent()))

    async def _tell_clock(self, account: Account) -> None:
        """Tell the server our clock, once a sign-in and whenever it changes.

        Messages are dated by the clock that the account was told, or they would be sorted wrong.
        """
        offset = self._clock()
        if self._told == (account.token, offset):
            return
        try:
            await self.api.set_timezone(offset)
        except ApiError:
            return  # told at the next connection
        self._told = (account.token, offset)
        self._told_offset = offset
        await self._facts.put("timezone_offset", offset)
