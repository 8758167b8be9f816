"""What the engine itself costs per step: scripted responders, log on a SQLite file.

Three scripts: plain chat turns, a tool loop, delegation to a sub-task. Where Langroid is installed,
the same scripts run on it with its mock model, in memory.
"""

import argparse
import asyncio
import importlib.util
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from mojodex_tui.backend.chat.ports import ChatTurn, Emit, Tool, ToolSpec, Turn
from mojodex_tui.backend.chat.task import ChatTask
from mojodex_tui.backend.engine.engine import Engine
from mojodex_tui.backend.engine.nodes import Call, Node, Reply, TaskConfig
from mojodex_tui.backend.store.engine_log import SqlLog
from tests.engine.database import database


class Number(BaseModel):
    """The tool's argument."""

    a: int = 1


class Echo:
    """A model and a user who always have something to say."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    async def complete(
        self,
        thread: list[ChatTurn],
        *,
        tools: list[ToolSpec],
        emit: Emit,
        cancelled: Callable[[], bool],
    ) -> Reply:
        """Reply as ever."""
        return self._reply

    async def ask(self, node: Node) -> str:
        """Answer as ever."""
        return "and then?"


async def _add(args: Number, turn: Turn) -> str:
    return str(args.a)


def _scripts() -> dict[str, ChatTask[Any]]:
    quiet = {"inf_loop_cycle_len": 0}
    alone = TaskConfig(interactive=False, **quiet)
    call = Echo(Reply(calls=(Call(id="c", name="add", args={"a": 1}),)))
    once = TaskConfig(interactive=False, single_round=True, restart_as_subtask=True)
    bob: ChatTask[Any] = ChatTask("Bob", llm=Echo(Reply(text="done so")), config=once)
    chatty = Echo(Reply(text="tell me more"))
    return {
        "chat": ChatTask("Main", llm=chatty, user=chatty, config=TaskConfig(**quiet)),
        "tool": ChatTask("Main", llm=call, tools=[Tool("add", Number, _add)], config=alone),
        "sub_task": ChatTask("Main", llm=chatty, sub_tasks=[bob], config=alone),
    }


async def _ours(steps: int, repeats: int) -> dict[str, float]:
    numbers: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with database(Path(folder) / "engine.db") as writer:
            engine = Engine(SqlLog(writer))
            for name, task in _scripts().items():

                async def once(task: ChatTask[Any] = task) -> None:
                    await engine.run(task, "hi", turns=steps)

                numbers[f"engine_{name}_ms_per_step"] = await _measured(once, steps, repeats)
    return numbers


async def _measured(once: Callable[[], Awaitable[None]], steps: int, repeats: int) -> float:
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        await once()
        times.append((time.perf_counter() - start) * 1000 / steps)
    return round(statistics.median(times[1:]), 3)


async def _langroid(steps: int, repeats: int) -> dict[str, float]:
    peer = importlib.import_module("tests.bench._langroid")
    numbers: dict[str, float] = {}
    for name, make in peer.scripts(steps).items():
        numbers[f"langroid_{name}_ms_per_step"] = await _measured(make, steps, repeats)
    return numbers


def main(argv: list[str]) -> dict[str, float]:
    """Measure and return milliseconds per step."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench engine", description=__doc__)
    parser.add_argument("--steps", type=int, default=60, help="steps of one run")
    parser.add_argument("--repeats", type=int, default=5, help="runs, of which the median counts")
    options = parser.parse_args(argv)
    numbers = asyncio.run(_ours(options.steps, options.repeats))
    if importlib.util.find_spec("langroid") is not None:
        numbers |= asyncio.run(_langroid(options.steps, options.repeats))
    return numbers
