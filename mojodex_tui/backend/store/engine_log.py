"""The conversation engine's append-only log in SQL (task engine §3.5)."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    exists,
    insert,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from mojodex_tui.backend.engine.log import Event, OpenRun
from mojodex_tui.backend.engine.nodes import Node, Reply

engine_metadata = MetaData()

engine_node = Table(
    "engine_node",
    engine_metadata,
    Column("id", String(64), primary_key=True),
    Column("parent", ForeignKey("engine_node.id"), index=True),
    Column("run", String(64), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("role", String(1), nullable=False),
    Column("sender", Text, nullable=False),
    Column("to", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", String(40), nullable=False),
)

_NODE_COLUMNS = ("id", "parent", "run", "kind", "role", "sender", "to")
"""Those that hold a field of the node."""

# SQLite counts up by itself only in a column of exactly this type
_Sequence = BigInteger().with_variant(Integer, "sqlite")

engine_event = Table(
    "engine_event",
    engine_metadata,
    Column("seq", _Sequence, primary_key=True, autoincrement=True),
    Column("run", String(64), nullable=False, index=True),
    Column("root", String(64), nullable=False, index=True),
    Column("task", Text, nullable=False),
    Column("type", String(16), nullable=False),
    Column("data", JSON, nullable=False),
    Column("at", String(40), nullable=False),
    Index("ix_engine_event_type_task", "type", "task"),
    sqlite_autoincrement=True,
)

Projections = Callable[[AsyncConnection, list[Node], Event], Awaitable[None]]
"""Writes a caller's own rows for one event and its nodes, inside the transaction that logs them."""


def append_only_ddl(dialect: str) -> list[str]:
    """Return the statements that make both tables refuse UPDATE and DELETE.

    Args:
        dialect: SQLAlchemy's name of the database, `sqlite` or `postgresql`.
    """
    return _SQLITE_DDL if dialect == "sqlite" else _POSTGRESQL_DDL


def drop_append_only_ddl(dialect: str) -> list[str]:
    """Return the statements that undo `append_only_ddl`."""
    on = "" if dialect == "sqlite" else " ON {0}"
    drops = [
        f"DROP TRIGGER IF EXISTS {{0}}_no_{change}{on}".format(table)
        for table in _TABLES
        for change in _CHANGES
    ]
    return drops if dialect == "sqlite" else [*drops, f"DROP FUNCTION IF EXISTS {_REFUSE}()"]


_TABLES = (engine_node.name, engine_event.name)
_CHANGES = ("update", "delete")
_REFUSE = "engine_refuse_change"
_SQLITE_DDL = [
    (
        f"CREATE TRIGGER {table}_no_{change} BEFORE {change.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )
    for table in _TABLES
    for change in _CHANGES
]
_POSTGRESQL_DDL = [
    (
        f"CREATE FUNCTION {_REFUSE}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$"
    ),
    *(
        f"CREATE TRIGGER {table}_no_{change} BEFORE {change.upper()} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {_REFUSE}()"
        for table in _TABLES
        for change in _CHANGES
    ),
]


async def no_projections(connection: AsyncConnection, nodes: list[Node], event: Event) -> None:
    """Write no further rows."""


class SqlLog:
    """The engine's log: writes go through `writer`, whose transactions exclude each other."""

    def __init__(
        self,
        writer: AsyncEngine,
        projections: Projections = no_projections,
        *,
        reader: AsyncEngine | None = None,
    ) -> None:
        self._writer, self._projections = writer, projections
        self._reader = reader or writer

    async def append(self, events: Sequence[Event]) -> None:
        """Write events, their nodes and the caller's rows in one transaction."""
        async with self._writer.begin() as connection:
            for event in events:
                if event.nodes:
                    await connection.execute(insert(engine_node), [_row(n) for n in event.nodes])
                fields = event.model_dump(mode="json", exclude={"nodes"})
                await connection.execute(insert(engine_event), fields)
                await self._projections(connection, list(event.nodes), event)

    async def events(self, run: str) -> list[Event]:
        """Return all events of the tree a run belongs to, oldest first, with their nodes."""
        event, node = engine_event.c, engine_node.c
        root = select(event.root).where(event.run == run).limit(1).scalar_subquery()
        runs = select(event.run).where(event.root == root)
        async with self._reader.connect() as connection:
            bodies = await connection.execute(select(node.body).where(node.run.in_(runs)))
            nodes = {found.id: found for found in map(read_node, bodies.scalars())}
            rows = await connection.execute(
                select(event.run, event.root, event.task, event.type, event.data, event.at)
                .where(event.root == root)
                .order_by(event.seq)
            )
            return [read_event(row, nodes) for row in rows.mappings()]

    async def chain(self, node: str) -> list[Node]:
        """Return the path from the first ancestor to this node."""
        step = (
            select(engine_node.c.id, engine_node.c.parent, engine_node.c.body)
            .where(engine_node.c.id == node)
            .cte("step", recursive=True)
        )
        above = select(engine_node.c.id, engine_node.c.parent, engine_node.c.body).join(
            step, engine_node.c.id == step.c.parent
        )
        path = step.union_all(above)
        async with self._reader.connect() as connection:
            rows = await connection.execute(select(path.c.id, path.c.parent, path.c.body))
            found = {row.id: (row.parent, row.body) for row in rows}
        nodes: list[Node] = []
        at: str | None = node
        while at is not None:
            parent, body = found[at]
            nodes.append(read_node(body))
            at = parent
        return nodes[::-1]

    async def last_root(self, task: str) -> str | None:
        """Return the newest root run of the task with this name."""
        event = engine_event.c
        newest = (
            select(event.run)
            .where(event.type == "start", event.task == task, event.run == event.root)
            .order_by(event.seq.desc())
            .limit(1)
        )
        async with self._reader.connect() as connection:
            return await connection.scalar(newest)

    async def open_runs(self) -> list[OpenRun]:
        """Return the root runs that have not ended, oldest first."""
        event, later, ended = engine_event.c, engine_event.alias().c, engine_event.alias().c
        last = (
            select(later.type)
            .where(later.root == event.run)
            .order_by(later.seq.desc())
            .limit(1)
            .scalar_subquery()
        )
        ends = exists().where(ended.run == event.run, ended.type == "end")
        open_ = (
            select(event.run, event.task, last.label("last"))
            .where(event.type == "start", event.run == event.root, ~ends)
            .order_by(event.seq)
        )
        async with self._reader.connect() as connection:
            rows = await connection.execute(open_)
            return [OpenRun(row.run, row.task, row.last == "waiting") for row in rows]


def _row(node: Node) -> dict[str, Any]:
    fields = {name: getattr(node, name) for name in _NODE_COLUMNS}
    # A node says little of all that it could; what it does not say is not written.
    body = node.model_dump_json(exclude_defaults=True, fallback=repr)
    return fields | {"body": body, "created_at": node.created_at.isoformat()}


def read_node(body: str) -> Node:
    """Return the node of a row, of whatever age.

    Args:
        body: the node as JSON.
    """
    return Node.model_validate(_flat(json.loads(body)))


def read_event(row: RowMapping, nodes: Mapping[str, Node]) -> Event:
    """Return the event of a row, of whatever age.

    Args:
        row: the columns, by name.
        nodes: the nodes that the event announces, and perhaps others, by id.
    """
    data = row["data"]
    if "spare" in data:
        data = {**data, "spare": [_flat(fields) for fields in data["spare"]]}
    announced = tuple(nodes[known] for known in data.get("nodes", ()))
    return Event.model_validate({**row, "data": data, "nodes": announced})


def _flat(node: dict[str, Any]) -> dict[str, Any]:
    """Return a node's fields as they are now: once, its content was an object of its own."""
    if "content" not in node:
        return node
    held = node.pop("content")
    said = held.pop("said", "")
    reply = Reply.model_validate(
        {"text": held.pop("raw", ""), **{name: held[name] for name in held if name != "kind"}}
    )
    return {**node, **reply.model_dump(exclude_defaults=True), "text": reply.shown, "said": said}
