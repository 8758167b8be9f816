"""Killed between any two writes, a run ends as if nothing had happened (task engine §3.5)."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from mojodex_tui.backend.engine.engine import Engine
from mojodex_tui.backend.engine.log import Event
from mojodex_tui.backend.engine.nodes import (
    Call,
    ErrorInfo,
    FileRef,
    Node,
    Reply,
    Result,
    TaskResult,
    Usage,
    chained,
)
from mojodex_tui.backend.store.chain import SqlChainLog
from mojodex_tui.backend.store.engine_log import (
    SqlLog,
    drop_append_only_ddl,
    engine_event,
    engine_node,
)

from .database import database
from .scripted import Crash, Script, build_task

NESTED_LOG = Path(__file__).with_name("nested-log.json")
CALL = {"use_tool": True, "command": {"name": "sq", "arguments": {"x": 5}}}
ASK = {"use_tool": False, "answer": "who knows?"}
TASK: dict[str, Any] = {
    "name": "Main",
    "config": {"interactive": False},
    "tools": [{"name": "sq", "params": {"x": "int"}, "idempotent": True}],
    "sub_tasks": [
        {
            "name": "Bob",
            "config": {"interactive": False},
            "tools": [{"name": "look", "params": {}, "idempotent": True}],
        }
    ],
}
# replies are picked by what is asked, so that asking twice gives the same
SCRIPT: dict[str, Any] = {
    "Main.llm": {
        "map": {
            "5?": {"call": "sq", "args": {"x": 5}},
            "25": {"text": "check 25", "to": "Bob"},
            "sure": {"text": "who are you?", "to": "User"},
            "Ada": "DONE 25, Ada",
        }
    },
    "Main.tool.sq": {"map": {'{"x": 5}': "25"}},
    "Main.user": {"map": {"who are you?": "Ada"}},
    "Bob.llm": {"map": {"check 25": {"call": "look", "args": {}}, "seen": "DONE sure"}},
    "Bob.tool.look": {"map": {"{}": "seen"}},
}


class FragileLog(SqlLog):
    """Dies before or after its k-th write."""

    def __init__(self, writer: AsyncEngine, die_at: int = 0, *, after: bool = False) -> None:
        super().__init__(writer)
        self.writes, self._die_at, self._after = 0, die_at, after

    async def append(self, events: Sequence[Event]) -> None:
        self.writes += 1
        if self.writes == self._die_at and not self._after:
            raise Crash
        await super().append(events)
        if self.writes == self._die_at:
            raise Crash


async def run(log: SqlLog, *, resume: bool = False) -> TaskResult[Any]:
    async def nobody() -> None: ...

    task = build_task(TASK, Script(SCRIPT, nobody))
    engine = Engine(log)
    return await (engine.resume(task, "r") if resume else engine.run(task, "5?", run="r"))


async def thread(log: SqlLog, result: TaskResult[Any]) -> list[tuple[str, str, str]]:
    assert result.node is not None
    return [(n.sender, n.kind, n.text) for n in await log.chain(result.node.id)]


async def test_any_cut_point_ends_as_the_uninterrupted_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with database(tmp_path / "whole.db") as writer:
        log = FragileLog(writer)
        result = await run(log)
        whole, writes = await thread(log, result), log.writes
        assert (result.status, result.content) == ("DONE", "25, Ada")
        assert len(whole) == 8
    cuts = [(k, after) for k in range(1, writes + 1) for after in (False, True)]
    for k, after in cuts:
        async with database(tmp_path / f"cut-{k}-{after}.db") as writer:
            with pytest.raises(Crash):
                await run(FragileLog(writer, k, after=after))
            log = FragileLog(writer)
            nothing_written = k == 1 and not after
            resumed = await run(log, resume=not nothing_written)
            assert (resumed.status, resumed.content) == ("DONE", "25, Ada")
            assert await thread(log, resumed) == whole
            assert await log.open_runs() == []
    with capsys.disabled():
        print(f"\n{len(cuts)} cut points")  # noqa: T201 - the number is what this test reports


async def test_two_crashes_in_a_row_lose_nothing(tmp_path: Path) -> None:
    for first in range(2, 8):
        async with database(tmp_path / f"{first}.db") as writer:
            with pytest.raises(Crash):
                await run(FragileLog(writer, first))
            with pytest.raises(Crash):
                await run(FragileLog(writer, 1, after=True), resume=True)
            resumed = await run(FragileLog(writer), resume=True)
            assert (resumed.status, resumed.content) == ("DONE", "25, Ada")


async def test_an_ended_run_gives_its_result_again(tmp_path: Path) -> None:
    async with database(tmp_path / "e.db") as writer:
        first = await run(SqlLog(writer))
        again = await run(SqlLog(writer), resume=True)
        assert (again.status, again.content, again.node) == ("DONE", first.content, first.node)


async def test_projections_share_the_transaction_of_the_log(tmp_path: Path) -> None:
    async with database(tmp_path / "p.db") as writer:
        async with writer.begin() as connection:
            await connection.execute(text("CREATE TABLE told (node TEXT)"))

        async def project(connection: AsyncConnection, nodes: list[Node], event: Event) -> None:
            for node in nodes:
                await connection.execute(text("INSERT INTO told VALUES (:n)"), {"n": node.id})
            if event.type == "end":
                raise Crash

        with pytest.raises(Crash):
            await run(SqlLog(writer, project))
        async with writer.connect() as connection:
            told = (await connection.scalars(text("SELECT node FROM told"))).all()
            kept = (await connection.scalars(text("SELECT id FROM engine_node"))).all()
            ends = await connection.scalar(
                text("SELECT count(*) FROM engine_event WHERE type = 'end' AND run = 'r'")
            )
        assert sorted(told) == sorted(kept)
        assert ends == 0


@pytest.mark.parametrize("table", ["engine_node", "engine_event"])
@pytest.mark.parametrize("change", ["UPDATE {0} SET run = 'x'", "DELETE FROM {0}"])
async def test_the_tables_are_append_only(tmp_path: Path, table: str, change: str) -> None:
    async with database(tmp_path / "t.db") as writer:
        await run(SqlLog(writer))
        with pytest.raises(DBAPIError, match=f"{table} is append-only"):
            async with writer.begin() as connection:
                await connection.execute(text(change.format(table)))
        async with writer.begin() as connection:
            for statement in drop_append_only_ddl("sqlite"):
                await connection.execute(text(statement))
            await connection.execute(text(change.format(table)))


async def test_recover_resumes_interrupted_runs_and_leaves_waiting_ones(tmp_path: Path) -> None:
    async def nobody() -> None: ...

    waiting: dict[str, Any] = {"name": "Wait", "config": {}}
    script = Script({**SCRIPT, "Wait.llm": ["name?"], "Wait.user": [{"suspend": True}]}, nobody)
    tasks = {name: build_task(spec, script) for name, spec in (("Main", TASK), ("Wait", waiting))}
    async with database(tmp_path / "r.db") as writer:
        with pytest.raises(Crash):
            await Engine(FragileLog(writer, 3)).run(tasks["Main"], "5?", run="m")
        assert (await Engine(SqlLog(writer)).run(tasks["Wait"], "hi", run="w")).status == "WAITING"
        engine = Engine(SqlLog(writer))
        results = await engine.recover(tasks.get)
        assert [(r.run, r.status) for r in results] == [("m", "DONE")]
        assert [(r.run, r.waiting) for r in await engine.log.open_runs()] == [("w", True)]


async def test_a_tool_that_is_not_idempotent_is_not_executed_twice(tmp_path: Path) -> None:
    async def nobody() -> None: ...

    spec = {**TASK, "tools": [{"name": "sq", "params": {"x": "int"}}]}
    replies = ["DONE gave up"]
    async with database(tmp_path / "n.db") as writer:
        script = Script({**SCRIPT, "Main.llm": [{"call": "sq", "args": {"x": 5}}]}, nobody)
        script.crash_at = 2
        with pytest.raises(Crash):
            await Engine(SqlLog(writer)).run(build_task(spec, script), "5?", run="r")
        again = Script({**SCRIPT, "Main.llm": replies}, nobody)
        log = SqlLog(writer)
        result = await Engine(log).resume(build_task(spec, again), "r")
        assert again.calls == ["Main.llm"]
        assert result.content == "gave up"
        told = await thread(log, result)
        assert ("agent", "message", "interrupted, outcome unknown") in told


async def test_only_the_interrupted_attempt_counts_as_interrupted(tmp_path: Path) -> None:
    async def nobody() -> None: ...

    tool = {"name": "sq", "params": {"x": "int"}}
    bob = {"name": "Bob", "config": {"interactive": False, "single_round": True}}
    spec = {**TASK, "tools": [tool], "sub_tasks": [bob]}
    call = {"call": "sq", "args": {"x": 5}}
    async with database(tmp_path / "i.db") as writer:
        script = Script({"Main.llm": ["ask Bob"]}, nobody)
        script.crash_at = 2
        with pytest.raises(Crash):
            await Engine(SqlLog(writer)).run(build_task(spec, script), "5?", run="r")
        replies = {"Main.llm": [call, "DONE"], "Bob.llm": ["b"], "Main.tool.sq": ["25"]}
        again = Script(replies, nobody)
        result = await Engine(SqlLog(writer)).resume(build_task(spec, again), "r")
        assert again.calls == ["Bob.llm", "Main.llm", "Main.tool.sq", "Main.llm"]
        assert result.status == "DONE"


async def test_a_run_whose_nodes_hold_content_of_its_own_goes_on(tmp_path: Path) -> None:
    """The log was written before a node was flat; it ends where one more sub-task is asked."""

    async def nobody() -> None: ...

    once = {"interactive": False, "single_round": True}
    spec: dict[str, Any] = {
        "name": "Main",
        "config": {"interactive": False, "tool_mode": "structured"},
        "tools": [{"name": "sq", "params": {"x": "int"}, "idempotent": True}],
        "sub_tasks": [{"name": "Bob", "config": once}, {"name": "Cat", "config": once}],
    }
    rows = json.loads(NESTED_LOG.read_text())
    async with database(tmp_path / "o.db") as writer:
        async with writer.begin() as connection:
            for table in (engine_node, engine_event):
                for row in rows[table.name]:
                    held = {**row, "data": json.loads(row["data"])} if "data" in row else row
                    await connection.execute(insert(table), held)
        script = Script({"Cat.llm": [None], "Main.llm": ["DONE nobody"]}, nobody)
        log = SqlLog(writer)
        result = await Engine(log).resume(build_task(spec, script), "r")
        assert script.calls == ["Cat.llm", "Main.llm"]
        assert (result.status, result.content) == ("DONE", "nobody")
        assert await thread(log, result) == [
            ("user", "files", "a.pdf"),
            ("user", "message", "5?"),
            ("llm", "structured", json.dumps(CALL)),
            ("llm", "tool_call", '{"name": "sq", "args": {"x": 5}}'),
            ("agent", "tool_result", "25"),
            ("llm", "structured", json.dumps(ASK)),
            ("llm", "message", "who knows?"),
            ("Bob", "message", "DO-NOT-KNOW"),
            ("llm", "message", "DONE nobody"),
        ]
        family = await SqlChainLog(writer).events(["r"])
        assert family == await log.events("r")


@pytest.mark.parametrize(
    "said",
    [
        Reply(text="hi", to="user", usage=Usage(tokens=3), partial=True),
        Reply(text="k: 1", data={"k": 1}, value={"k": [1]}, signal="done", result_text=""),
        Reply(text="so", calls=(Call(id="c", name="a", args={"x": None}),)),
        Reply(results=(Result(call_id="c", name="a", text="2"),)),
        Reply(files=(FileRef(id="f", name="a.pdf"),)),
        Reply(text="no", error=ErrorInfo(kind="Refused", text="no")),
    ],
)
async def test_what_is_read_is_what_was_written(tmp_path: Path, said: Reply) -> None:
    (node,) = chained([("A", "llm", said)], (), "r", "Main")
    event = Event(run="r", root="r", task="Main", type="reply", nodes=(node,), at=node.created_at)
    event = event.model_copy(update={"data": {"nodes": [node.id]}})
    async with database(tmp_path / "w.db") as writer:
        log = SqlLog(writer)
        await log.append([event])
        assert await log.events("r") == [event]
        assert await log.chain(node.id) == [node]
