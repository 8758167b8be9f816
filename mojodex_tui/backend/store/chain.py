"""The engine's log as a tree of nodes, across the runs that share it (task engine §3.5)."""

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from mojodex_tui.backend.engine.log import Event
from mojodex_tui.backend.store.engine_log import (
    engine_event,
    engine_node,
    read_event,
    read_node,
)

_EVENT, _NODE = engine_event.c, engine_node.c


class SqlChainLog:
    """Reads chains.

    Args:
        reader: the engine for reading.
    """

    def __init__(self, reader: AsyncEngine) -> None:
        self._reader = reader

    async def events(self, runs: Collection[str]) -> list[Event]:
        """Return all events of these runs' trees and of all that share nodes with them."""
        if not runs:
            return []
        async with self._reader.connect() as connection:
            roots = await self._family(connection, runs)
            within = select(_EVENT.run).distinct().where(_EVENT.root.in_(roots))
            bodies = await connection.scalars(select(_NODE.body).where(_NODE.run.in_(within)))
            nodes = {node.id: node for node in map(read_node, bodies)}
            rows = await connection.execute(
                select(_EVENT.run, _EVENT.root, _EVENT.task, _EVENT.type, _EVENT.data, _EVENT.at)
                .where(_EVENT.root.in_(roots))
                .order_by(_EVENT.seq)
            )
            return [read_event(row, nodes) for row in rows.mappings()]

    async def _family(self, connection: AsyncConnection, runs: Collection[str]) -> list[str]:
        """Return the roots of these runs' trees and of all that share nodes with them."""
        sharing = await connection.scalars(_runs_below(_tops(runs)))
        roots = await connection.scalars(
            select(_EVENT.root).distinct().where(_EVENT.run.in_({*runs, *sharing}))
        )
        return list(roots)


def _tops(runs: Collection[str]) -> Select[str]:
    """Select the first nodes of the trees that hold the nodes of some runs."""
    own = select(_NODE.id, _NODE.parent).where(_NODE.run.in_(runs)).cte("above", recursive=True)
    # A union that drops doubles: the paths to the top meet early.
    above = own.union(select(_NODE.id, _NODE.parent).join(own, _NODE.id == own.c.parent))
    return select(above.c.id).where(above.c.parent.is_(None))


def _runs_below(tops: Select[str]) -> Select[str]:
    """Select the runs of all nodes from some nodes on."""
    first = select(_NODE.id, _NODE.run).where(_NODE.id.in_(tops)).cte("below", recursive=True)
    below = first.union(select(_NODE.id, _NODE.run).join(first, _NODE.parent == first.c.id))
    return select(below.c.run).distinct()
