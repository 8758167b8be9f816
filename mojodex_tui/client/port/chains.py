"""The chain behind a session."""

from typing import Protocol

from mojodex_tui.wire.chain import Chain, ChainNodeContent


class Chains(Protocol):
    """Every node of a session; every method raises an `ApiError` when it fails."""

    async def chain(self, session_id: str) -> Chain | None:
        """Return what is behind a session; `None` from a server that keeps no chain."""
        ...

    async def chain_node(self, session_id: str, node_id: str) -> ChainNodeContent:
        """Return all of a node of a session's chain."""
        ...

    async def branch(self, session_id: str, node_id: str) -> str:
        """Let a session go on at one of its nodes; return the id of the new run.

        A question is answered anew; after an answer, the user's next message goes on from there.
        What was said after the node is kept.
        """
        ...
