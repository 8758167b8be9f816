"""Whatever responders say, a run ends with a status and keeps every accepted node."""

import asyncio
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from mojodex_tui.backend.engine.engine import Engine
from mojodex_tui.backend.engine.log import Tree
from mojodex_tui.backend.engine.nodes import Status, TaskResult

from .memory_log import MemoryLog
from .scripted import Script, build_task

TEXTS = [
    "hello", "DONE", "DONE 42", "ok DONE", "__PASS__", "__PASS__:Bob", "DONE __PASS__", "q", " ",
    "__SEND__:Bob hi", "__SEND__:User hi", "__SEND__:Nobody hi", "DO-NOT-KNOW", "DO-NOT-KNOW.",
]  # fmt: skip
SAID = st.one_of(
    st.none(),
    st.sampled_from(TEXTS),
    st.builds(lambda to: {"text": "hi", "to": to}, st.sampled_from(["User", "bob", "Main", "Zed"])),
    st.sampled_from(
        [
            {"call": "add", "args": {"a": 1}},
            {"call": "add", "args": {}},
            {"call": "none", "args": {}},
            {"structured": {"use_tool": "yes", "command": {"name": "add", "arguments": {"a": 1}}}},
            {"structured": {"answer": "DONE fine"}},
            {"structured": {"use_tool": True, "command": 3}},
            {"error": "boom"},
            {"done": "x"},
            {"text": "k", "kill": True},
        ]
    ),
)
TOLD = st.one_of(
    SAID, st.sampled_from([{"final": 7}, {"send": "hi", "to": "User"}, {"pass": True}])
)
TYPED = st.one_of(st.none(), st.sampled_from([*TEXTS, {"suspend": True}, {"error": "gone"}]))
FLAG = st.booleans()
CONFIG = st.fixed_dictionaries(
    {},
    optional={
        "interactive": FLAG,
        "only_user_quits_root": FLAG,
        "single_round": FLAG,
        "erase_substeps": FLAG,
        "allow_null_result": FLAG,
        "autonomous": FLAG,
        "addressed_only": FLAG,
        "tools_only": FLAG,
        "restart_as_subtask": FLAG,
        "tool_mode": st.sampled_from(["native", "structured"]),
        "idle": st.sampled_from(["stall", "finish"]),
        "fallback": st.sampled_from([None, "use a tool", "done", "user"]),
        "done_if_response": st.sampled_from([[], ["llm"], ["bob"]]),
        "done_if_no_response": st.sampled_from([[], ["llm"], ["user"]]),
        "done_sequences": st.sampled_from([[], ["T, A"], ["L, U, L"]]),
        "inf_loop_cycle_len": st.sampled_from([0, 2, 10]),
    },
)


def replies(said: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(
        lambda given, then: {"replies": given, "then": then},
        st.lists(said, max_size=6),
        st.sampled_from(["none", "repeat", "cycle"]),
    )


SCRIPTS = st.fixed_dictionaries(
    {
        **{f"{task}.llm": replies(SAID) for task in ("Main", "Bob", "Cat")},
        **{f"{task}.user": replies(TYPED) for task in ("Main", "Bob", "Cat")},
        **{f"{task}.tool.add": replies(TOLD) for task in ("Main", "Bob")},
    }
)
TOOL = {"name": "add", "params": {"a": "int"}}


def spec_of(configs: list[dict[str, Any]], flags: list[bool]) -> dict[str, Any]:
    cat = {"name": "Cat", "config": configs[2]}
    bob = {
        "name": "Bob",
        "config": configs[1],
        "sub_tasks": [cat],
        "tools": [TOOL] if flags[0] else [],
    }
    main = {
        "name": "Main",
        "config": configs[0],
        "sub_tasks": [bob],
        "tools": [TOOL] if flags[1] else [],
    }
    return {**main, "llm": flags[2]}


async def drive(spec: dict[str, Any], script: dict[str, Any]) -> None:
    log = MemoryLog()
    engine = Engine(log, max_turns=4)

    async def kill() -> None:
        await engine.cancel("r", grace=60)

    scripted = Script(script, kill)
    task = build_task(spec, scripted)
    seen: list[str] = []
    result: TaskResult[Any] = await engine.run(task, "hi", run="r", turns=4)
    for message in ("more", "", "q", "q"):
        kept = [node.id for event in log.written for node in event.nodes]
        assert kept[: len(seen)] == seen
        seen = kept
        if result.status != "WAITING":
            break
        result = await Engine(log, max_turns=4).resume(task, "r", message)
    assert result.status in get_args(Status)
    await check(log, result)


async def check(log: MemoryLog, result: TaskResult[Any]) -> None:
    """What was accepted is on the chain, in order, and folds to the state that gave the result."""
    tree = await Tree("r", log, lambda _: None).load()
    assert tree.runs["r"].status == (None if result.status == "WAITING" else result.status)
    for run in tree.runs.values():
        accepted = [
            n.id for e in log.written if e.run == run.id and e.type != "start" for n in e.nodes
        ]
        assert [node.id for node in run.history] == accepted
        path = [node.id for node in await log.chain(run.pending.id)]
        assert [node for node in path if node in accepted] == accepted
    assert result.node is not None
    assert result.node.id == tree.runs["r"].pending.id


@settings(max_examples=100, deadline=None)
@given(st.lists(CONFIG, min_size=3, max_size=3), st.lists(FLAG, min_size=3, max_size=3), SCRIPTS)
def test_every_run_ends_and_keeps_what_was_accepted(
    configs: list[dict[str, Any]], flags: list[bool], script: dict[str, Any]
) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(20):
            await drive(spec_of(configs, flags), script)

    asyncio.run(bounded())
