"""Runs of scripted tasks on a log in memory, for tests of single rules."""

from dataclasses import dataclass, field
from typing import Any

from mojodex_tui.backend.chat.task import ChatTask
from mojodex_tui.backend.engine.engine import Engine
from mojodex_tui.backend.engine.nodes import Node, TaskResult

from .memory_log import MemoryLog
from .scripted import Script, build_task


@dataclass
class Played:
    """A run that was played to its end, or until it waits."""

    result: TaskResult[Any]
    calls: list[str]
    seen: dict[str, list[list[str]]]
    nodes: list[Node]

    @property
    def trace(self) -> list[tuple[str, str]]:
        """Sender and text of all nodes but the start's."""
        return [(node.sender, node.text) for node in self.nodes]


@dataclass
class Stage:
    """An engine in memory with one scripted task, changed as a test likes before it is played."""

    spec: dict[str, Any]
    replies: dict[str, Any]
    log: MemoryLog = field(default_factory=MemoryLog)

    def __post_init__(self) -> None:
        spec = {"name": "Main", **self.spec}
        spec["config"] = {"interactive": False, **spec.get("config", {})}
        self.engine = Engine(self.log)
        self.root = "r0"
        self.script = Script(self.replies, self._kill)
        self.task: ChatTask[Any] = build_task(spec, self.script)

    async def _kill(self) -> None:
        await self.engine.cancel(self.root)

    async def play(self, msg: Any = "hi", **options: Any) -> Played:  # noqa: ANN401 - as Engine.run
        self.root = f"r{len(self.log.written)}"
        result = await self.engine.run(self.task, msg, run=self.root, **options)
        return self._played(result)

    async def resume(self, msg: str | None = None) -> Played:
        self.engine = Engine(self.log)
        return self._played(await self.engine.resume(self.task, self.root, msg))

    def _played(self, result: TaskResult[Any]) -> Played:
        calls, self.script.calls = self.script.calls, []
        told = [e for e in self.log.written if e.root == self.root and e.type != "start"]
        return Played(result, calls, self.script.seen, [n for e in told for n in e.nodes])


async def play(
    replies: dict[str, Any],
    *,
    msg: Any = "hi",  # noqa: ANN401 - as Engine.run
    turns: int = -1,
    **spec: Any,  # noqa: ANN401 - a case's task
) -> Played:
    """Play one run of the task that `spec` describes."""
    return await Stage(spec, replies).play(msg, turns=turns)
