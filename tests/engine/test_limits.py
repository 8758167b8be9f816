"""Limits of a task: each ends the run with its status, and nothing that was said is lost (§3.4)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from mojodex_tui.backend.chat.task import ChatTask
from mojodex_tui.backend.engine import task as engine_task
from mojodex_tui.backend.engine.engine import Engine
from mojodex_tui.backend.engine.log import Event
from mojodex_tui.backend.engine.nodes import Reply, Usage

from .memory_log import MemoryLog
from .running import Played, Stage
from .scripted import ScriptedLlm

COSTLY = {"text": "b", "usage": {"tokens": 9, "cost": 9.0}}
TALK = {"Main.llm": ["a", COSTLY, "c"], "Main.user": ["u", "v"]}


@pytest.mark.parametrize(
    ("config", "options", "status", "said"),
    [
        ({}, {"turns": 3}, "FIXED_TURNS", ["a", "u", "b"]),
        ({}, {"budget": Usage(tokens=8)}, "MAX_TOKENS", ["a", "u", "b"]),
        ({}, {"budget": Usage(cost=8.5)}, "MAX_COST", ["a", "u", "b"]),
        ({"timeout": 0}, {}, "TIMEOUT", ["a"]),
    ],
)
async def test_a_limit_ends_the_run_with_what_was_said_last(
    config: dict[str, Any], options: dict[str, Any], status: str, said: list[str]
) -> None:
    stage = Stage({"config": {"interactive": True, **config}}, TALK)
    played = await stage.play(**options)
    assert (played.result.status, played.result.content) == (status, said[-1])
    assert [text for _, text in played.trace] == said
    assert [e.data["status"] for e in stage.log.written if e.type == "end"] == [status]


async def test_the_engines_cap_of_turns_gives_no_result_but_keeps_the_thread() -> None:
    stage = Stage({"config": {"interactive": True}}, TALK)
    stage.engine = Engine(stage.log, max_turns=2)
    played = await stage.play()
    assert (played.result.status, played.result.content) == ("MAX_TURNS", None)
    assert [text for _, text in played.trace] == ["a", "u"]


async def test_the_error_limit_keeps_the_last_error_and_does_not_act_on_it() -> None:
    failing = {"Main.llm": {"replies": [{"error": "boom"}], "then": "repeat"}}
    played = await Stage({"config": {"max_errors": 2}}, failing).play()
    assert (played.result.status, played.result.content) == ("ERROR", None)
    assert played.trace == [("agent", "boom"), ("agent", "boom")]
    assert played.result.node == played.nodes[-1]


class Hanging(ScriptedLlm):
    """Never answers."""

    async def complete(self, *args: object, **options: object) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError


@pytest.mark.parametrize("nested", [False, True])
async def test_the_time_limit_ends_an_attempt_that_hangs_in_any_task_below(
    nested: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_task, "GRACE", 0)
    bob = {"name": "Bob", "config": {"interactive": False}}
    spec = {"config": {"timeout": 0}, "sub_tasks": [bob], "llm": not nested}
    stage = Stage(spec, {})
    slow = stage.task.sub_tasks[0] if nested else stage.task
    assert isinstance(slow, ChatTask)
    slow.llm = Hanging("slow", stage.script)
    async with asyncio.timeout(60):
        played = await stage.play("hi")
    assert (played.result.status, played.result.content) == ("TIMEOUT", "hi")


async def test_what_the_user_says_after_the_time_limit_is_kept() -> None:
    stage = Stage(
        {"config": {"interactive": True, "timeout": 3600.0}},
        {"Main.llm": ["a"], "Main.user": [{"suspend": True}]},
    )
    assert (await stage.play()).result.status == "WAITING"
    begun = stage.log.written[0]
    late = begun.model_copy(update={"data": {**begun.data, "ends": 1.0}})
    stage.log.written[0] = late
    played = await stage.resume("too late?")
    assert (played.result.status, played.result.content) == ("TIMEOUT", "too late?")


async def test_the_time_in_which_a_user_is_waited_for_does_not_count() -> None:
    suspend = {"suspend": True}
    stage = Stage(
        {"config": {"interactive": True, "timeout": 60.0}},
        {"Main.llm": ["a", "b", "c"], "Main.user": [suspend, suspend, suspend]},
    )
    assert (await stage.play()).result.status == "WAITING"
    night = timedelta(hours=9)
    for index, event in enumerate(stage.log.written):
        ends = event.data.get("ends") and event.data["ends"] - night.total_seconds()
        moved = {"at": event.at - night, "data": {**event.data, "ends": ends}}
        stage.log.written[index] = event.model_copy(update=moved)
    for _ in range(2):  # also when it is read once more, after it went on
        played = await stage.resume("good morning")
        assert played.result.status == "WAITING"
        assert played.trace[:3] == [("llm", "a"), ("user", "good morning"), ("llm", "b")]


async def test_a_step_that_ran_out_of_time_has_not_stalled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_task, "GRACE", 0)
    stage = Stage({"config": {"timeout": 0, "max_stalled_steps": 1}}, {})
    stage.task.llm = Hanging("slow", stage.script)
    async with asyncio.timeout(60):
        assert (await stage.play("hi")).result.status == "TIMEOUT"


@pytest.mark.parametrize(
    ("limit", "status"),
    [
        ({"turns": 1}, "FIXED_TURNS"),
        ({"budget": {"tokens": 8}}, "MAX_TOKENS"),
        ({"budget": {"cost": 8.5}}, "MAX_COST"),
    ],
)
async def test_a_sub_task_has_limits_of_its_own(limit: dict[str, Any], status: str) -> None:
    bob = {"name": "Bob", "config": {"interactive": False, **limit}}
    stage = Stage(
        {"sub_tasks": [bob]}, {"Main.llm": ["a", "DONE"], "Bob.llm": {"replies": [COSTLY]}}
    )
    played = await stage.play()
    ends = [(e.task, e.data["status"]) for e in stage.log.written if e.type == "end"]
    assert ends == [("Bob", status), ("Main", "DONE")]
    assert played.trace == [("llm", "a"), ("llm", "b"), ("Bob", "b"), ("llm", "DONE")]


class SlowLog(MemoryLog):
    """Takes its time to read."""

    def __init__(self, log: MemoryLog) -> None:
        super().__init__()
        self.written = log.written
        self.reading, self.go_on = asyncio.Event(), asyncio.Event()

    async def events(self, run: str) -> list[Event]:
        found = await super().events(run)
        self.reading.set()
        await self.go_on.wait()
        return found


async def test_a_run_cancelled_while_it_is_loaded_asks_nobody() -> None:
    stage = Stage(
        {"config": {"interactive": True}},
        {"Main.llm": ["a", "b"], "Main.user": [{"suspend": True}]},
    )
    await stage.play()
    log = SlowLog(stage.log)
    engine = Engine(log)
    going_on = asyncio.ensure_future(engine.resume(stage.task, stage.root, "more"))
    await log.reading.wait()
    await engine.cancel(stage.root, "stop")
    log.go_on.set()
    result = await going_on
    assert result.status == "KILL"
    assert stage.script.calls == []
    assert [e.type for e in log.written][-1] == "end"


async def test_a_cancelled_run_goes_on_asking_nobody_after_a_crash() -> None:
    stage = Stage({"config": {"interactive": True}}, {"Main.llm": ["a"], "Main.user": ["u"]})
    played: Played = await stage.play(turns=1)
    stage.log.written[:] = [e for e in stage.log.written if e.type != "end"]
    await stage.engine.cancel(stage.root)
    again = await stage.resume()
    assert (again.calls, again.result.status) == ([], "KILL")
    assert again.nodes == played.nodes


async def test_a_run_cancelled_before_it_starts_asks_nobody() -> None:
    stage = Stage({"config": {"interactive": True}}, {"Main.llm": ["a"]})
    await stage.engine.cancel("r0", "stop")
    played = await stage.engine.run(stage.task, "hi", run="r0")
    assert (played.status, played.content) == ("KILL", "hi")
    assert stage.script.calls == []
    assert (await Engine(stage.log).resume(stage.task, "r0")).status == "KILL"
