"""The chain behind a session, to look into and to branch (task engine §3.5)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.conversations import Session
from mojodex_tui.backend.engine.log import Event
from mojodex_tui.backend.engine.nodes import Node
from mojodex_tui.backend.services.errors import NotFound
from mojodex_tui.backend.services.ports import Store
from mojodex_tui.wire.chain import (
    PREVIEW,
    Branched,
    Chain,
    ChainError,
    ChainEvent,
    ChainNode,
    ChainNodeContent,
    ChainRun,
    ChainUsage,
)

_NO_NODE = "There is no such node in this session."


class ChainLog(Protocol):
    """The engine's log, as a family of runs."""

    async def events(self, runs: Collection[str]) -> list[Event]:
        """Return all events of these runs' trees and of all that share nodes with them.

        The oldest come first, and bring their nodes.
        """
        ...


class SessionRuns(Protocol):
    """Which runs a session is made of."""

    async def runs_of(self, session_id: str) -> Sequence[str]:
        """Return root runs of a session, the one it goes on in last; none if it never ran."""
        ...


class Branching(Protocol):
    """Starts runs in the middle of a session."""

    async def branch(self, user_id: str, session_id: str, node_id: str) -> str:
        """Let the session go on at one of its nodes, and return the id of the new run.

        A question of the user is answered anew; after anything else the session waits for the
        user. It was checked that the node is the session's, and the session the user's.

        Raises:
            ServiceError: it cannot.
        """
        ...


@dataclass(frozen=True)
class Chains:
    """What can be done with chains.

    Args:
        store: knows whose session it is.
        log: where chains are kept.
        runs: knows which chains are a session's.
        branching: starts new runs.
    """

    store: Store
    log: ChainLog
    runs: SessionRuns | None = None
    branching: Branching | None = None

    async def read(self, user: User, session_id: str) -> Chain:
        """Return the chain of a session; an empty one if nothing ran yet.

        Raises:
            NotFound: there is no such session, or it is somebody else's.
        """
        session = await self._session(user, session_id)
        return shown(await self.log.events(await self._runs(session)), at=session.thread_node)

    async def read_node(self, user: User, session_id: str, node_id: str) -> ChainNodeContent:
        """Return all of a node.

        Raises:
            NotFound: there is no such session or node, or it is somebody else's.
        """
        node = await self._node(user, session_id, node_id)
        body = node.model_dump_json(indent=2, exclude_defaults=True, fallback=repr)
        return ChainNodeContent(text=node.text, body=body)

    async def branch(self, user: User, session_id: str, node_id: str) -> Branched:
        """Let the session go on at one of its nodes.

        Raises:
            NotFound: there is no such session or node, or it is somebody else's, or sessions
                cannot be branched here.
        """
        if self.branching is None:
            raise NotFound("Starting again at a node is not supported yet.")
        node = await self._node(user, session_id, node_id)
        return Branched(run=await self.branching.branch(user.user_id, session_id, node.id))

    async def _session(self, user: User, session_id: str) -> Session:
        async with self.store.read() as work:
            session = await work.sessions.get(session_id)
        if session is None or session.user_id != user.user_id:
            raise NotFound(f"Session {session_id} not found for this user")
        return session

    async def _runs(self, session: Session) -> Sequence[str]:
        return () if self.runs is None else await self.runs.runs_of(session.session_id)

    async def _node(self, user: User, session_id: str, node_id: str) -> Node:
        events = await self.log.events(await self._runs(await self._session(user, session_id)))
        node = next((node for node in _nodes(events) if node.id == node_id), None)
        if node is None:
            raise NotFound(_NO_NODE)
        return node


def shown(events: Sequence[Event], *, at: str | None) -> Chain:
    """Return how events look on the wire.

    Args:
        events: what happened, the oldest first.
        at: the node the session goes on at.
    """
    return Chain(
        runs=tuple(
            ChainRun(
                id=event.run,
                root=event.root,
                task=event.task,
                caller=event.data.get("caller") or None,
                began=event.at,
            )
            for event in events
            if event.type == "start"
        ),
        nodes=tuple(map(_node, _nodes(events))),
        events=tuple(map(_event, events)),
        at=at,
    )


def _nodes(events: Sequence[Event]) -> Iterator[Node]:
    return (node for event in events for node in event.nodes)


def _node(node: Node) -> ChainNode:
    error = node.error
    return ChainNode(
        id=node.id,
        parent=node.parent,
        run=node.run,
        task=node.task,
        role=node.role,
        kind=node.kind,
        sender=node.sender,
        to=node.to,
        text=" ".join(node.text[: 2 * PREVIEW].split())[:PREVIEW],
        error=ChainError(kind=error.kind, text=error.text) if error is not None else None,
        usage=ChainUsage(tokens=node.usage.tokens, cost=node.usage.cost),
        created_at=node.created_at,
    )


def _event(event: Event) -> ChainEvent:
    data = event.data
    return ChainEvent(
        run=event.run,
        type=event.type,
        at=event.at,
        by=data.get("by"),
        accepted=data.get("accepted"),
        status=data.get("status"),
        nodes=tuple(node.id for node in event.nodes),
    )
