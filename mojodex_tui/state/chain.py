"""The chain of a session as a tree of lines, folded from what happened."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from mojodex_tui.state.runs import on_this_clock

if TYPE_CHECKING:
    from mojodex_tui.wire.chain import Chain, ChainEvent, ChainNode


class Standing(StrEnum):
    """What became of a node."""

    ACCEPTED = "accepted"
    ERROR = "error"
    PENDING = "pending"
    """Somebody is being asked for an answer to it."""
    WAITING = "waiting"
    """The user is to answer it."""
    ENDED = "ended"
    """Its run ended with it."""
    LEFT = "left"
    """Its run waits here, but the session goes on elsewhere."""


_OPEN = frozenset({Standing.PENDING, Standing.WAITING})


@dataclass(frozen=True, slots=True)
class ChainLine:
    """A node, and where it stands in the tree."""

    node: ChainNode
    depth: int
    """How many branches it is off the line the session goes on in."""
    begins_branch: bool
    """It is the first of a line beside the one it comes from."""
    standing: Standing
    words: str
    """The state as it is shown: who is asked, or how the run ended."""
    took: float | None
    """Seconds from asking to the answer; `None` if nobody was asked for it."""
    asked_at: datetime | None
    """Since when somebody is asked for an answer to it; `None` if nobody is."""
    question: str | None
    """The nearest question to the session itself, at or above it: where a retry starts."""
    can_branch: bool
    """The session can go on at it: it is a message, and not inside a task of a home chat."""
    at: datetime
    """On this computer's clock."""


@dataclass(frozen=True, slots=True)
class ChainTree:
    """All that is known of a session's chain."""

    lines: tuple[ChainLine, ...] = ()
    runs: int = 0
    tokens: int = 0
    cost: float = 0.0
    is_live: bool = False
    """Something is being written."""

    @property
    def tip(self) -> str | None:
        """The node that is answered next: what happens, happens there."""
        open_lines = (line for line in reversed(self.lines) if line.standing in _OPEN)
        tip = next(open_lines, self.lines[-1] if self.lines else None)
        return tip.node.id if tip is not None else None

    def line(self, node_id: str | None) -> ChainLine | None:
        """Return the line of a node."""
        return next((line for line in self.lines if line.node.id == node_id), None)


@dataclass
class _RunFold:
    """A run, as far as its events were read."""

    pending: str | None
    asking: str | None = None
    asked_at: datetime | None = None
    waiting: bool = False
    status: str | None = None


@dataclass
class _Fold:
    """All runs, as far as their events were read."""

    callers: dict[str, str | None]
    runs: dict[str, _RunFold] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)

    def apply(self, event: ChainEvent) -> None:
        """Read the next event."""
        if event.type == "start":
            caller = self.runs.get(self.callers.get(event.run) or "")
            opened = caller.pending if caller is not None else None
            self.runs[event.run] = _RunFold(event.nodes[-1] if event.nodes else opened)
            return
        run = self.runs.get(event.run)
        if run is None:
            return  # a run cancelled before it began
        run.waiting = event.type == "waiting"
        if event.type == "attempt":
            run.asking, run.asked_at = event.by, event.at
        elif event.type in {"reply", "step"}:
            self._answered(run, event)
        elif event.type == "end":
            run.status = event.status or "ended"

    def _answered(self, run: _RunFold, event: ChainEvent) -> None:
        if event.type == "reply" and run.asked_at is not None:
            if run.asking != "user":  # how long people think is nobody's business
                seconds = (event.at - run.asked_at).total_seconds()
                self.took.update(dict.fromkeys(event.nodes, seconds))
            run.asking = run.asked_at = None
        if event.nodes and event.accepted is not False:
            run.pending = event.nodes[-1]


def tree_of(chain: Chain) -> ChainTree:
    """Return the tree of what happened in a session."""
    fold = _Fold({run.id: run.caller for run in chain.runs})
    for event in chain.events:
        fold.apply(event)
    path = _path(chain)
    lines = _Lines(chain, fold, _standings(chain, fold, path), path).all()
    return ChainTree(
        lines=tuple(lines),
        runs=sum(run.caller is None for run in chain.runs),
        tokens=sum(node.usage.tokens for node in chain.nodes),
        cost=sum(node.usage.cost for node in chain.nodes),
        is_live=any(run.status is None and not run.waiting for run in fold.runs.values()),
    )


def _path(chain: Chain) -> frozenset[str]:
    """Return the nodes from the first to the one the session goes on at."""
    parents = {node.id: node.parent for node in chain.nodes}
    path: set[str] = set()
    at = chain.at
    while at in parents:
        path.add(at)
        at = parents[at]
    return frozenset(path)


def _standings(chain: Chain, fold: _Fold, path: frozenset[str]) -> dict[str, tuple[Standing, str]]:
    """Return the state of each node that is not simply accepted, and its words."""
    found: dict[str, tuple[Standing, str]] = {}
    if chain.at is not None:
        found[chain.at] = (Standing.WAITING, "waiting")
    # Who waits for a sub-task says less of the node than the sub-task does.
    calling = {run.caller for run in chain.runs if fold.runs[run.id].status is None}
    for run in chain.runs:
        folded = fold.runs[run.id]
        if folded.pending is None:
            continue
        if folded.status is not None:
            if run.caller is None:
                found[folded.pending] = (Standing.ENDED, _lower(folded.status))
        elif fold.runs[run.root].pending != chain.at:
            if folded.pending not in path:  # else another run took over there
                found.setdefault(folded.pending, (Standing.LEFT, "left"))
        elif run.id in calling:
            found.pop(folded.pending, None)
        elif folded.waiting:
            found[folded.pending] = (Standing.WAITING, "waiting")
        else:
            asks = f"asks {folded.asking}" if folded.asking else "pending"
            found[folded.pending] = (Standing.PENDING, asks)
    for node in chain.nodes:
        if node.error is not None and found.get(node.id, (None, ""))[0] is not Standing.PENDING:
            found[node.id] = (Standing.ERROR, "error")
    return found


def _lower(status: str) -> str:
    return status.lower().replace("_", " ")


class _Lines:
    """Lays nodes out: each below the one it answers, branches to the side."""

    def __init__(
        self,
        chain: Chain,
        fold: _Fold,
        standings: dict[str, tuple[Standing, str]],
        path: frozenset[str],
    ) -> None:
        self._fold, self._standings = fold, standings
        self._path, self._at = path, chain.at
        known = {node.id for node in chain.nodes}
        self._children: dict[str | None, list[ChainNode]] = defaultdict(list)
        for node in chain.nodes:
            self._children[node.parent if node.parent in known else None].append(node)
        self._callers = {run.id: run.caller for run in chain.runs}
        self._asked_at = {
            folded.pending: folded.asked_at
            for folded in fold.runs.values()
            if folded.status is None and not folded.waiting
        }

    def all(self) -> list[ChainLine]:
        """Return every node's line, without recursion: chains grow long."""
        lines: list[ChainLine] = []
        tops = self._children[None]
        stack: list[tuple[ChainNode, int, bool, str | None]]
        stack = [(node, 0, False, None) for node in reversed(tops)]
        while stack:
            node, depth, begins, question = stack.pop()
            is_question = node.sender == "user" and self._is_of_session(node)
            asked = node.id if is_question else question
            lines.append(self._line(node, depth, begins, asked))
            children = sorted(self._children[node.id], key=self._rank)
            straight = self._straight(node, children)
            if straight is not None:
                stack.append((straight, depth, False, asked))
            aside = [child for child in children if child is not straight]
            stack += [(child, depth + 1, True, asked) for child in reversed(aside)]
        return lines

    def _straight(self, node: ChainNode, children: list[ChainNode]) -> ChainNode | None:
        """Return what is drawn below a node and not to its side; `children` are in order."""
        if node.id == self._at:
            # All that was said after it before is a branch now.
            children = [child for child in children if not self._is_of_session(child)]
        return children[-1] if children else None

    def _rank(self, node: ChainNode) -> tuple[bool, bool, datetime]:
        """Order what follows a node: sub-tasks, then branches, then where the session goes on."""
        return (node.id in self._path, self._is_of_session(node), node.created_at)

    def _is_of_session(self, node: ChainNode) -> bool:
        """Whether a node stands in the conversation itself, and not inside one of its tasks."""
        return self._callers.get(node.run) is None

    def _line(self, node: ChainNode, depth: int, begins: bool, question: str | None) -> ChainLine:
        standing, words = self._standings.get(node.id, (Standing.ACCEPTED, "accepted"))
        asked_at = self._asked_at.get(node.id) if standing is Standing.PENDING else None
        return ChainLine(
            node=node,
            depth=depth,
            begins_branch=begins,
            standing=standing,
            words=words,
            took=self._fold.took.get(node.id),
            asked_at=on_this_clock(asked_at) if asked_at is not None else None,
            question=question,
            can_branch=node.kind == "message" and self._is_of_session(node) and not node.error,
            at=on_this_clock(node.created_at),
        )


def told_usage(tokens: int, cost: float) -> str:
    """Return what was used, in words; nothing if nothing was."""
    parts = []
    if tokens:
        parts.append(f"{tokens / 1000:.1f}k tok" if tokens >= 1000 else f"{tokens} tok")
    if cost:
        parts.append(f"${cost:.4f}")
    return "  ".join(parts)
