"""The chain behind a session: what was said to whom, by which task; only our own backend has one.

The nodes form a tree. Runs that were branched share the nodes above the branch, and the runs of
sub-tasks hang below the node they were asked to answer.
"""

from mojodex_tui.wire.base import Items, Moment, Request, WireModel
from mojodex_tui.wire.route import Placement, Route

PREVIEW = 200
"""The most characters of a node's text in a list."""


class ChainRequest(Request):
    """Asks for the whole chain of a session."""

    session_id: str


class ChainUsage(WireModel):
    """What a node cost."""

    tokens: int = 0
    cost: float = 0.0


class ChainError(WireModel):
    """Why a node is an error."""

    kind: str
    text: str


class ChainRun(WireModel):
    """One execution of a task."""

    id: str
    root: str
    """The run at the top of its tree; its own id if it is that."""
    task: str
    caller: str | None = None
    """The run whose sub-task it is."""
    began: Moment


class ChainNode(WireModel):
    """One entry of the chain."""

    id: str
    parent: str | None = None
    run: str
    task: str
    role: str
    """`U` user, `A` assistant, `S` system, `F` function."""
    kind: str
    sender: str
    to: str = ""
    text: str
    """The beginning of its text, on one line."""
    error: ChainError | None = None
    usage: ChainUsage = ChainUsage()
    created_at: Moment


class ChainEvent(WireModel):
    """What happened in a run, as far as the state of its nodes follows from it."""

    run: str
    type: str
    at: Moment
    by: str | None = None
    """Who is asked, with an attempt."""
    accepted: bool | None = None
    """Whether a reply was."""
    status: str | None = None
    """How the run ended."""
    nodes: Items[str] = ()
    """The nodes it announces."""


class Chain(WireModel):
    """Everything that happened in a session, the oldest first."""

    runs: Items[ChainRun] = ()
    nodes: Items[ChainNode] = ()
    events: Items[ChainEvent] = ()
    at: str | None = None
    """The node the session goes on at; `None` goes on at the beginning."""


class ChainNodeRequest(Request):
    """Asks for the whole content of a node."""

    session_id: str
    node_id: str


class ChainNodeContent(WireModel):
    """A node as it is kept."""

    text: str
    body: str
    """All of it, as indented JSON."""


class BranchRequest(Request):
    """Starts a new run at a node: a question is answered anew, after an answer the user goes on.

    What was said after the node is kept, in the run it was said in.
    """

    session_id: str
    node_id: str


class Branched(WireModel):
    """The run the session goes on in from now on."""

    run: str


READ_CHAIN = Route("GET", "/chain", ChainRequest, Chain, Placement.QUERY)
READ_CHAIN_NODE = Route("GET", "/chain/node", ChainNodeRequest, ChainNodeContent, Placement.QUERY)
BRANCH_CHAIN = Route("POST", "/chain/branch", BranchRequest, Branched, Placement.JSON)
