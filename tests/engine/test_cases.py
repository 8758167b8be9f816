"""The conformance cases, or those of the file that ENGINE_CASES names (task engine §4)."""

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from mojodex_tui.backend.chat.reading import mapping
from mojodex_tui.backend.engine.engine import Engine, RunFailed, Subscription, run_batch
from mojodex_tui.backend.engine.log import Event
from mojodex_tui.backend.engine.nodes import (
    Call,
    FileRef,
    Node,
    Reply,
    Result,
    Role,
    TaskResult,
    Usage,
)
from mojodex_tui.backend.store.engine_log import SqlLog

from .database import database
from .scripted import TYPES, Crash, Script, build_task

HERE = Path(__file__).parent
GIVEN = os.environ.get("ENGINE_CASES")
FILES = [Path(GIVEN)] if GIVEN else [HERE / "task-engine-cases.json", HERE / "more-cases.json"]
CASES: list[dict[str, Any]] = [c for f in FILES for c in json.loads(f.read_text())["cases"]]
SENDERS = {"U": "user", "A": "llm", "S": "system", "F": "agent"}
ROOT = "root-run-"


def content_of(node: dict[str, Any]) -> Reply:
    """Read what a case's node holds."""
    content = node.get("content", node.get("text", ""))
    match node.get("kind", "message"):
        case "tool_call":
            call = Call(id="c0", name=content["name"], args=content.get("arguments", {}))
            return Reply(calls=(call,))
        case "tool_result":
            return Reply(results=(Result(call_id="c0", name="", text=str(content)),))
        case "structured":
            raw = content if isinstance(content, str) else json.dumps(content)
            return Reply(text=raw, data=mapping(raw))
        case "files":
            names = content if isinstance(content, list) else [content]
            return Reply(files=tuple(FileRef(id=str(name), name=str(name)) for name in names))
    return Reply(text=content)


@dataclass
class Case:
    """One case in the making."""

    case: dict[str, Any]
    database: AsyncEngine
    chain: list[str] = field(default_factory=list)
    last: TaskResult[Any] | None = None

    def __post_init__(self) -> None:
        self.root = ""
        self.script = Script(self.case["script"], self._kill)
        self._start_engine()

    def _start_engine(self) -> None:
        settings = self.case["setup"].get("settings", {})
        self.log = SqlLog(self.database)
        self.engine = Engine(self.log, max_turns=settings.get("max_turns", 0))
        self.task = build_task(self.case["setup"]["task"], self.script)

    async def _kill(self) -> None:
        await self.engine.cancel(self.root, "scripted")

    def node(self, spec: dict[str, Any], node_id: str, parent: str | None) -> Node:
        """Build a node of the root task."""
        role: Role = spec.get("role", "A" if spec.get("kind") == "tool_call" else "U")
        held = content_of(spec)
        return Node(
            **{**dict(held), "text": held.shown, "to": spec.get("to", "")},
            id=node_id,
            parent=parent,
            run="thread",
            task=self.task.name,
            role=role,
            sender=spec.get("sender", SENDERS[role]),
            created_at=datetime.now(UTC),
        )

    async def seed(self, thread: list[dict[str, Any]]) -> None:
        """Put the nodes of `setup.thread` on the chain, as the start of an earlier run."""
        nodes: list[Node] = []
        for number, spec in enumerate(thread):
            nodes.append(self.node(spec, f"thread-{number}", nodes[-1].id if nodes else None))
        data = {"caller": "", "attempt": "", "turns": -1, "budget": {}, "erase": False}
        data |= {"forget": False, "memory": {"at": None, "before": None}}
        data |= {"nodes": [node.id for node in nodes]}
        event = Event(
            run="thread",
            root="thread",
            task=self.task.name,
            type="start",
            data=data,
            nodes=tuple(nodes),
            at=datetime.now(UTC),
        )
        await self.log.append([event] if nodes else [])
        self.chain = [node.id for node in nodes]

    def attach_at(self, spec: dict[str, Any]) -> str | None:
        """Return the node the run goes on from, None to leave that to the task's memory."""
        if "at" in spec:
            return self.chain[int(spec["at"]) - 1]
        return self.chain[-1] if self.case["setup"].get("thread") else None

    async def run(self, number: int, spec: dict[str, Any], expected: dict[str, Any]) -> None:
        """Execute one run and compare."""
        self.script.calls = []
        self.script.seen = {}
        self.script.crash_at = spec.get("crash_at_call", 0)
        resuming = spec.get("resume", False)
        self.root = self.root if resuming else f"{ROOT}{number}"
        before = {node.id for node in await self.nodes()}
        stream = self.engine.subscribe(self.root)
        try:
            self.last = await (self.resume(spec) if resuming else self.start(spec))
        except Crash:
            self.last = None
            self._start_engine()
        stream.close()
        nodes = [node for node in await self.nodes() if node.id not in before]
        tree = await self.log.events(self.root)
        starts = {i for e in tree if e.type == "start" for i in e.data["nodes"]}
        if self.last is not None and self.last.node is not None:
            self.chain = [node.id for node in await self.log.chain(self.last.node.id)]
        elif (last := [n for e in tree if e.run == self.root for n in e.nodes]) and not self.last:
            self.chain = [node.id for node in await self.log.chain(last[-1].id)]
        await self.compare(expected, [n for n in nodes if n.id not in starts], stream)

    async def start(self, spec: dict[str, Any]) -> TaskResult[Any]:
        """Start a root run."""
        msg: str | Node | None = spec["msg"] if not isinstance(spec.get("msg"), dict) else None
        if isinstance(spec.get("msg"), dict):
            msg = self.node(spec["msg"], "given", None)
        return await self.engine.run(
            self.task,
            msg,
            turns=spec.get("turns", -1),
            budget=Usage(tokens=spec.get("max_tokens", 0), cost=spec.get("max_cost", 0)),
            at=self.attach_at(spec),
            result_type=TYPES[spec["return_type"]] if "return_type" in spec else None,
            run=self.root,
        )

    async def resume(self, spec: dict[str, Any]) -> TaskResult[Any]:
        """Resume the open root run."""
        return await self.engine.resume(self.task, self.root, spec.get("msg"))

    async def nodes(self) -> list[Node]:
        """Return the nodes of the root run's tree, in order."""
        return [node for event in await self.log.events(self.root) for node in event.nodes]

    async def compare(
        self, expected: dict[str, Any], nodes: list[Node], stream: Subscription
    ) -> None:
        """Compare the keys that are present."""
        if "calls" in expected:
            assert self.script.calls == expected["calls"]
        if "trace" in expected:
            told = [_traced(node, want) for node, want in _zip(nodes, expected["trace"])]
            assert told == expected["trace"]
        if "result" in expected:
            assert self.last is not None
            told_result = {key: getattr(self.last, key) for key in expected["result"]}
            assert told_result == expected["result"]
        for llm, turns in expected.get("seen", {}).items():
            assert self.script.seen.get(llm) == turns
        if "stream" in expected:
            tokens = [[e.task, e.text] async for e in stream if e.kind == "token"]
            assert tokens == expected["stream"]


def _zip(nodes: list[Node], wanted: list[dict[str, Any]]) -> list[tuple[Node, dict[str, Any]]]:
    keys = ["task", "from", "content"]
    missing: dict[str, Any] = dict.fromkeys(keys)
    return [(node, wanted[i] if i < len(wanted) else missing) for i, node in enumerate(nodes)]


def _traced(node: Node, wanted: dict[str, Any]) -> dict[str, Any]:
    calls = node.calls
    told = {
        "task": node.task,
        "from": node.sender,
        "to": node.to,
        "content": node.text,
        "kind": node.kind,
        "role": node.role,
        "error": node.error is not None,
        "tool": calls[0].name if calls else None,
        "args": calls[0].args if calls else None,
        "calls": [{"call": call.name, "args": call.args} for call in calls],
    }
    return {key: told[key] for key in wanted}


async def _batch(case: Case, spec: dict[str, Any]) -> list[object]:
    inputs = spec["inputs"]
    concurrency = 1 if spec.get("sequential", True) else spec.get("batch_size") or len(inputs)
    on_error: Literal["raise", "return_none", "return_exception"] = spec.get("on_error", "raise")
    return await run_batch(
        case.engine,
        lambda _: case.task,
        inputs,
        concurrency=concurrency,
        stop_on_first=spec.get("stop_on_first", False),
        on_error=on_error,
        turns=spec.get("turns", -1),
    )


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES])
async def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    async with database(tmp_path / "engine.db") as engine:
        made = Case(case, engine)
        setup, expected = case["setup"], case["expected"]["runs"]
        if "batch" in setup:
            if "batch" not in expected[0]:
                with pytest.raises(RunFailed):
                    await _batch(made, setup["batch"])
                return
            assert await _batch(made, setup["batch"]) == expected[0]["batch"]
            assert made.script.calls == expected[0].get("calls", made.script.calls)
            return
        await made.seed(setup.get("thread", []))
        for number, (run, wanted) in enumerate(zip(setup["runs"], expected, strict=True)):
            await made.run(number, run, wanted)
