"""The real client, doing in a replay what the recorded client did."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from mojodex_tui.client.credentials import CredentialSources
from mojodex_tui.client.port import Link, OutboxChange, OutboxItem, OutboxStatus
from mojodex_tui.client.session import MojodexClient
from mojodex_tui.state.session import SessionState, apply, edited, sent
from mojodex_tui.wire.events import DraftMessage, ErrorReported, MojoMessage, UnknownEvent
from mojodex_tui.wire.executions import Execution
from mojodex_tui.wire.heard import Channel, LiveEvent, Resynchronise, TokenAppended, TokenReplaced
from mojodex_tui.wire.messages import SentMessage
from mojodex_tui.wire.produced_texts import SavedProducedText
from tests.wire.replay import MARK, PATIENCE, Replay

LOGINS: Final[Mapping[str, tuple[str, str]]] = {
    "<TOKEN:demo>": ("demo@example.com", "demo"),
    "<TOKEN:second>": ("second@example.com", "second"),
}
"""Who can sign in; every other token is one that a client was started with."""

RECORDED_CLOCK: Final = -60
"""The `timezone_offset` of the recorded account."""

Token: TypeAlias = TokenAppended | TokenReplaced


@dataclass(eq=False)
class Listening:
    """What one session told one client, and what its screen would show."""

    session_id: str
    state: SessionState
    events: list[LiveEvent] = field(default_factory=list)
    """Everything but tokens and marks."""
    tokens: list[Token] = field(default_factory=list)
    growing: dict[Channel, str] = field(default_factory=dict)
    """The texts that grow now."""
    grown: list[tuple[dict[Channel, str], LiveEvent]] = field(default_factory=list)
    """What had grown when a whole message came."""
    shown: list[str] = field(default_factory=list)
    """Every text that stood on a screen at some time."""
    since: int = 0
    """The `seq` of the recorded joining."""
    until: int | None = None
    """The `seq` of the recorded end of the connection, if it was ended."""
    mark: int = 0

    def hear(self, event: LiveEvent) -> None:
        """Take an event in."""
        match event:
            case UnknownEvent(name=name, payload=dict(payload)) if name == MARK:
                self.mark = int(str(payload["number"]))
                return
            case TokenReplaced(channel=channel, text=text):
                self._grow(channel, text, event)
            case TokenAppended(channel=channel, suffix=suffix):
                assert channel in self.growing, f"{event} continues nothing"
                self._grow(channel, self.growing[channel] + suffix, event)
            case MojoMessage() | DraftMessage() | ErrorReported():
                self.grown.append((self.growing, event))
                self.growing = {}
                self.events.append(event)
            case Resynchronise():
                self.growing = {}
                self.events.append(event)
            case _:
                self.events.append(event)
        self.state = apply(self.state, event)

    def _grow(self, channel: Channel, text: str, token: Token) -> None:
        """Show a text that grew."""
        self.tokens.append(token)
        self.growing[channel] = text
        self.shown.append(text)


class Actor:
    """A client and what it heard.

    Args:
        client: The client, open.
        replay: The server.
        group: Runs what listens.
    """

    def __init__(self, client: MojodexClient, replay: Replay, group: asyncio.TaskGroup) -> None:
        self.client = client
        self.sessions: dict[str, Listening] = {}
        self.changes: list[OutboxChange] = []
        self._replay = replay
        self._group = group
        self._tasks: list[asyncio.Task[None]] = []
        self._news = asyncio.Condition()
        self._pending: set[asyncio.Task[None]] = set()
        client.outbox.subscribe(self._note)
        client.live.connection.subscribe(lambda _connection: self._tell())

    async def listen(self, session_id: str, execution_pk: int = 0) -> Listening:
        """Join a session, unless that was done."""
        if session_id not in self.sessions:
            bare = Execution(
                user_task_execution_pk=execution_pk, session_id=session_id, user_task_pk=0
            )
            listening = self.sessions[session_id] = Listening(session_id, SessionState(bare))
            self._tasks.append(self._group.create_task(self._follow(listening)))
            await self._replay.until(
                lambda: any(
                    isinstance(said, dict) and said.get("session_id") == session_id
                    for _, said in self._replay.joins
                ),
                f"the joining of {session_id}",
            )
            async with asyncio.timeout(PATIENCE):
                await self.client.live.joined(session_id)
        return self.sessions[session_id]

    async def heard_all(self, mark: int) -> None:
        """Wait until every session was told everything up to a mark."""
        await self.until(
            lambda: all(
                one.mark >= mark or not self._replay.members[one.session_id]
                for one in self.sessions.values()
            ),
            f"mark {mark}",
        )

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until something that happens to this client makes `condition` true."""
        try:
            async with asyncio.timeout(PATIENCE), self._news:
                await self._news.wait_for(condition)
        except TimeoutError as error:
            raise AssertionError(f"The client never got to {what}") from error

    async def online(self) -> None:
        """Wait until the server is heard."""
        await self.until(
            lambda: self.client.live.connection.value.link is Link.ONLINE, "being online"
        )

    async def settled(
        self, item: OutboxItem, *, patiently: bool = False, keep: bool = False
    ) -> OutboxChange:
        """Wait until the outbox is done with an item, or has to wait itself unless `patiently`.

        Args:
            item: The item.
            patiently: Wait until it is over.
            keep: Do not give it up if it was refused, so that it can be tried again.
        """
        moving = {OutboxStatus.SENDING, OutboxStatus.WAITING if patiently else None}

        def is_settled(change: OutboxChange) -> bool:
            tried = change.item.id == item.id and change.item.attempts > item.attempts
            return tried and change.item.status not in moving

        await self.until(lambda: any(map(is_settled, self.changes)), f"an end of {item}")
        change = next(filter(is_settled, self.changes))
        self.changes = [one for one in self.changes if one.item.id != item.id]
        if change.item.status is OutboxStatus.DELIVERED:
            self._take(change)
        elif not keep:
            await self.client.outbox.drop(item.id)
            self.changes = [one for one in self.changes if one.item.id != item.id]
        return change

    def saved(self, session_id: str, title: str, body: str, saved: SavedProducedText) -> None:
        """Take over that an edit was saved."""
        if (listening := self.sessions.get(session_id)) is not None:
            listening.state = edited(
                listening.state,
                title=title,
                body=body,
                produced_text_pk=saved.produced_text_pk,
                version_pk=saved.produced_text_version_pk,
            )

    async def close(self) -> None:
        """Stop listening."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._pending, return_exceptions=True)

    def _take(self, change: OutboxChange) -> None:
        """Take over that a message was sent."""
        item, answer = change.item, change.answer
        listening = self.sessions.get(item.session_id)
        if listening is not None and isinstance(answer, SentMessage) and answer.message_pk:
            listening.state = sent(
                listening.state, answer.message_pk, str(answer.message_id), answer.text or ""
            )

    async def _follow(self, listening: Listening) -> None:
        """Hear a session until the end."""
        async with aclosing(self.client.live.listen(listening.session_id)) as events:
            async for event in events:
                listening.hear(event)
                self._tell()

    def _note(self, change: OutboxChange) -> None:
        """Note what became of an item."""
        self.changes.append(change)
        self._tell()

    def _tell(self) -> None:
        """Wake who waits."""
        task = asyncio.get_running_loop().create_task(self._notify())
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    async def _notify(self) -> None:
        """Wake who waits."""
        async with self._news:
            self._news.notify_all()


@asynccontextmanager
async def acting(
    replay: Replay,
    folder: Path,
    token: str | None,
    backoff: Callable[[int], float] = lambda _failures: 3600.0,
) -> AsyncIterator[Actor]:
    """Open a client of a replay.

    Args:
        replay: The server.
        folder: Where the client keeps things.
        token: Whose client it is: signed in if that one can, else started with the token; `None`
            for nobody's.
        backoff: How long the client waits before it tries again.
    """
    login = LOGINS.get(token) if token is not None else None
    environ = {} if token is None or login else {"MOJODEX_TOKEN": token}
    client = MojodexClient(
        replay.url,
        folder,
        sources=CredentialSources(environ=environ),
        timezone_offset=lambda: RECORDED_CLOCK,
        backoff=backoff,
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(client)
        group = await stack.enter_async_context(asyncio.TaskGroup())
        actor = Actor(client, replay, group)
        stack.push_async_callback(actor.close)
        if login is not None:
            before = len(replay.calls)
            account = await client.api.sign_in(*login)
            assert account.token == token
            await actor.online()
            await replay.until(lambda: _told_clock(replay, before), "the client's clock")
        yield actor


def _told_clock(replay: Replay, before: int) -> bool:
    """Whether the client told its clock, as it does on its own at every sign-in."""
    return any(
        call.key[1] == "POST" and call.key[2] == "/timezone" for call in replay.calls[before:]
    )
