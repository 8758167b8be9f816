"""The rules of steps, endings and memory that the conformance cases leave open."""

import asyncio
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from mojodex_tui.backend.chat.ports import AbsentUser
from mojodex_tui.backend.chat.task import ChatTask
from mojodex_tui.backend.engine.engine import Engine, RunBusy, RunFailed, run_batch
from mojodex_tui.backend.engine.nodes import (
    Call,
    FileRef,
    Node,
    Reply,
    TaskConfig,
    Usage,
    chained,
)

from .memory_log import MemoryLog
from .running import Stage, play
from .scripted import Script, ScriptedLlm

ADD = {"name": "add", "params": {"a": "int"}}
CALL = {"call": "add", "args": {"a": 1}}
ONCE = {"interactive": False, "single_round": True}
FINISH = {"idle": "finish"}
STRUCTURED = {"tool_mode": "structured", "idle": "finish"}
BOB = {"name": "Bob", "config": ONCE}


def script_for(replies: dict[str, Any]) -> Script:
    async def nobody() -> None: ...

    return Script(replies, nobody)


# --- the transition table -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "spec", "replies", "kinds"),
    [
        (
            "T1 T6",
            {"config": STRUCTURED, "tools": [ADD]},
            [{"structured": {"answer": "x"}}],
            "structured message",
        ),
        ("T2", {"config": FINISH}, ["x"], "message"),
        (
            "T2 call T8 T12",
            {"config": FINISH, "tools": [ADD]},
            [CALL, "x"],
            "tool_call tool_result message",
        ),
        ("T3", {"config": STRUCTURED}, ["x"], "message"),
        (
            "T5 T13 T7",
            {"config": STRUCTURED, "tools": [ADD]},
            [{"structured": {"use_tool": "yes", "command": 1}}, {"structured": {"k": 1}}, "x"],
            "structured message structured message",
        ),
        (
            "T9 T14",
            {"config": FINISH, "tools": [ADD]},
            [{"call": "no", "args": {}}, "x"],
            "tool_call message message",
        ),
        (
            "T18 T6",
            {"config": {"idle": "finish", "autonomous": True}},
            ["x", {"structured": {"answer": "y"}}],
            "message structured message",
        ),
        (
            "T18 T7",
            {"config": {"idle": "finish", "autonomous": True}},
            ["x", {"structured": {"a": 1}}, "y"],
            "message structured message",
        ),
        (
            "T18 T4 T11",
            {
                "config": {"tool_mode": "structured", "autonomous": True, "idle": "finish"},
                "tools": [ADD],
            },
            [{"structured": {"answer": "x"}}],
            "structured message",
        ),
    ],
)
async def test_rows_lead_to_the_next_node(
    row: str, spec: dict[str, Any], replies: list[Any], kinds: str
) -> None:
    played = await play({"Main.llm": replies, "Main.tool.add": ["2"]}, **spec)
    assert " ".join(node.kind for node in played.nodes) == kinds, row
    assert played.result.status == "DONE"


async def test_t10_the_sub_task_gets_the_call_as_a_call() -> None:
    bob = {"name": "Bob", "llm": False, "config": {"interactive": False}, "tools": [ADD]}
    played = await play(
        {"Main.llm": [CALL, "DONE"], "Bob.tool.add": [{"done": 2}]},
        tools=[{**ADD, "handle": False}],
        sub_tasks=[bob],
    )
    assert played.calls == ["Main.llm", "Bob.tool.add", "Main.llm"]


@pytest.mark.parametrize(
    ("config", "asked"),
    [({}, True), ({"tools_only": True}, False), ({"addressed_only": True}, False)],
)
async def test_t16_sub_tasks_that_are_open(config: dict[str, Any], asked: bool) -> None:
    bob = {"name": "Bob", "config": {**ONCE, **config}}
    played = await play({"Main.llm": ["x"], "Bob.llm": ["DONE"]}, sub_tasks=[bob])
    assert ("Bob.llm" in played.calls) == asked
    named = await play(
        {"Main.llm": [{"text": "x", "to": "BOB"}, "DONE"], "Bob.llm": ["y"]}, sub_tasks=[bob]
    )
    assert ("Bob.llm" in named.calls) == ("tools_only" not in config)


@pytest.mark.parametrize(
    ("fallback", "calls", "last"),
    [
        ("done", ["Main.llm"], ("agent", "thinking")),
        ("user", ["Main.llm", "Main.user"], ("user", "q")),
        ("Use a tool.", ["Main.llm", "Main.llm"], ("llm", "DONE 1")),
    ],
)
async def test_t17_fallbacks(fallback: str, calls: list[str], last: tuple[str, str]) -> None:
    played = await play(
        {"Main.llm": ["thinking", "DONE 1"], "Main.user": ["q"]}, config={"fallback": fallback}
    )
    assert played.calls == calls
    assert played.trace[-1] == last


async def test_t17_a_function_answers_every_message_of_a_task_without_llm() -> None:
    async def on_message(node: Node) -> Reply | None:
        if node.text == "go":
            return Reply(calls=(Call(name="add", args={"a": 1}),))
        return Reply(text=f"{node.text}!", signal="done")

    config = {"fallback": on_message}
    played = await play({"Main.tool.add": ["2"]}, msg="go", llm=False, tools=[ADD], config=config)
    assert played.calls == ["Main.tool.add"]
    assert played.result.status == "STALLED"
    assert (await play({}, llm=False, config=config)).result.content == "hi!"


async def test_t20_t21_files() -> None:
    stage = Stage({"config": {"idle": "finish"}}, {"Main.llm": ["read", "seen"]})
    files = (FileRef(id="1", name="a.pdf"),)
    played = await stage.play("what is it?", files=files)
    assert played.seen["Main.llm"] == [["user", "a.pdf"], ["user", "what is it?"]]
    alone = await stage.play(None, files=files)
    assert alone.result.content == "seen"
    assert alone.seen["Main.llm"] == [["user", "a.pdf"]]


async def test_t22_a_failing_responder_becomes_an_error_node() -> None:
    played = await play({"Main.llm": [{"error": "boom"}, "DONE ok"]})
    node = played.nodes[0]
    assert (node.role, node.sender, node.text) == ("S", "agent", "boom")
    assert node.error is not None
    assert node.error.kind == "Scripted"
    assert played.result.content == "ok"


async def test_all_calls_of_a_reply_are_executed_and_results_joined() -> None:
    two = {"calls": [CALL, {"call": "add", "args": {"a": 2}}]}
    tool = {"map": {'{"a": 1}': "one", '{"a": 2}': "two"}}
    played = await play({"Main.llm": [two, "DONE"], "Main.tool.add": tool}, tools=[ADD])
    assert played.trace[1][1] == "Result from add: one\n\nResult from add: two"


async def test_one_wrong_call_among_several_executes_none() -> None:
    two = {"calls": [CALL, {"call": "add", "args": {"b": 2}}]}
    played = await play({"Main.llm": [two, "DONE"]}, tools=[ADD])
    assert played.calls == ["Main.llm", "Main.llm"]
    assert "a: Field required" in played.nodes[1].text


# --- done, clause by clause -----------------------------------------------------------------

QUIET = {"Main.llm": {"replies": ["x"], "then": "repeat"}}


@pytest.mark.parametrize(
    ("config", "replies", "status", "content"),
    [
        ({}, {"Main.llm": [{"text": "x", "kill": True}]}, "KILL", "x"),
        ({"done_if_tool": True}, {"Main.llm": [CALL]}, "DONE", '{"name": "add", "args": {"a": 1}}'),
        ({"done_sequences": ["L"]}, QUIET, "DONE", "x"),
        ({}, QUIET, "STALLED", None),
        ({"max_stalled_steps": 1, "allow_null_result": True}, {}, "STALLED", None),
        ({"max_errors": 1}, {"Main.llm": [{"error": "e"}]}, "ERROR", None),
        ({"timeout": 0}, QUIET, "TIMEOUT", "x"),
        ({}, {"Main.llm": [CALL], "Main.tool.add": [{"final": 7}]}, "DONE", ""),
        ({"interactive": True}, {"Main.llm": ["DONE"], "Main.user": ["bye"]}, "USER_QUIT", "bye"),
        ({"interactive": True}, {"Main.llm": ["x"], "Main.user": ["so DONE"]}, "USER_QUIT", "so"),
        ({"done_if_response": ["LLM"]}, QUIET, "DONE", "x"),
        ({"done_if_no_response": ["llm"]}, {"Main.llm": ["__PASS__"]}, "DONE", "hi"),
        ({}, {"Main.llm": [{"done": 4}]}, "DONE", "4"),
        ({}, {"Main.llm": [{"text": "?", "to": "user"}], "Main.user": ["q"]}, "USER_QUIT", "q"),
        ({"idle": "finish"}, QUIET, "DONE", "x"),
    ],
)
async def test_done(
    config: dict[str, Any], replies: dict[str, Any], status: str, content: str | None
) -> None:
    played = await play(replies, config=config, tools=[ADD])
    assert (played.result.status, played.result.content) == (status, content)


async def test_done_sequences_do_not_see_earlier_runs() -> None:
    spec = {"config": {"done_sequences": ["L, U, L"], "restart": False}}
    stage = Stage(spec, {"Main.llm": ["a", "b"]})
    assert (await stage.play("1", turns=1)).result.status == "FIXED_TURNS"
    assert (await stage.play("2", turns=1)).result.status == "FIXED_TURNS"


async def test_a_final_value_ends_all_callers_even_an_interactive_root() -> None:
    bob = {"name": "Bob", "config": {"interactive": False}, "tools": [ADD]}
    played = await play(
        {"Main.llm": ["x"], "Bob.llm": [CALL], "Bob.tool.add": [{"final": {"n": 7}}]},
        sub_tasks=[bob],
        config={"interactive": True},
    )
    assert (played.result.status, played.result.value) == ("DONE", {"n": 7})


@pytest.mark.parametrize("reply", [{"error": "e"}, {"text": "q", "to": "User"}, "__PASS__"])
async def test_sub_tasks_without_result_give_no_reply(reply: object) -> None:
    config = {**ONCE, "max_errors": 1}
    played = await play(
        {"Main.llm": ["x"], "Bob.llm": [reply], "Bob.user": ["q"], "Cat.llm": ["DONE y"]},
        sub_tasks=[
            {"name": "Bob", "config": {**config, "single_round": reply == "__PASS__"}},
            {"name": "Cat", "config": ONCE},
        ],
    )
    assert ("Cat", "y") in played.trace
    assert "Bob" not in [sender for sender, _ in played.trace]


async def test_alternating_no_answers_and_exact_cycles_are_loops() -> None:
    played = await play(
        {
            "Main.llm": {"replies": ["DO-NOT-KNOW"], "then": "repeat"},
            "Main.user": {"replies": ["a", "b", "c", "d"]},
        },
        config={"interactive": True, "inf_loop_wait_factor": 2, "inf_loop_cycle_len": 0},
    )
    assert (played.result.status, played.result.content) == ("INF_LOOP", None)
    assert played.calls.count("Main.llm") == 4
    exact = await play(
        {
            "Main.llm": {"replies": ["a", "b"], "then": "cycle"},
            "Main.user": {"replies": ["u"], "then": "repeat"},
        },
        config={"interactive": True, "inf_loop_cycle_len": 4, "inf_loop_wait_factor": 2},
    )
    assert exact.result.status == "INF_LOOP"


async def test_a_message_to_another_name_is_skipped() -> None:
    stage = Stage({}, {})
    played = await stage.play(stage_node("hi", to="Zed"))
    assert (played.result.status, played.calls) == ("SKIPPED", [])


async def test_a_node_can_be_handed_over_with_what_was_said_along_with_its_call() -> None:
    call = Reply(text="I look", calls=(Call(name="add", args={"a": 1}),))
    (node,) = chained([("A", "llm", call)], (), "other", "Main")
    played = await play(
        {"Main.tool.add": ["1"], "Main.llm": ["DONE"]},
        msg=node,
        tools=[ADD],
        config={"interactive": False},
    )
    assert played.seen["Main.llm"][0] == ["assistant", 'I look\ncall add {"a": 1}']


def stage_node(text: str, to: str = "") -> Node:
    fields: dict[str, Any] = {"id": "n", "parent": None, "run": "", "task": "", "role": "U"}
    made: dict[str, Any] = {**fields, "sender": "user", "created_at": "2026-01-01T00:00:00Z"}
    return Node(text=text, to=to, **made)


async def test_pass_to_nobody_is_an_error_node() -> None:
    played = await play({"Main.llm": ["__PASS__:Zed", "DONE"]})
    assert played.trace[0] == ("agent", "Invalid recipient: Zed")


async def test_nesting_is_limited() -> None:
    bob = {"name": "Bob", "config": ONCE}
    played = await play({"Main.llm": ["x", "DONE"]}, sub_tasks=[bob], config={"max_depth": 0})
    assert played.calls == ["Main.llm", "Main.llm"]
    assert played.nodes[1].error is not None


# --- memory ---------------------------------------------------------------------------------


@pytest.mark.parametrize("forget", [False, True])
async def test_a_sub_task_remembers_earlier_calls_within_the_root_run(forget: bool) -> None:
    bob = {"name": "Bob", "config": {**ONCE, "restart_as_subtask": forget}}
    replies = {"Main.llm": ["one", "two", "DONE"], "Bob.llm": ["a", "b"]}
    stage = Stage({"sub_tasks": [bob]}, replies)
    played = await stage.play()
    known = [] if forget else [["user", "one"], ["assistant", "a"]]
    assert played.seen["Bob.llm"] == [*known, ["user", "two"]]


async def test_erase_substeps_keeps_start_and_end_and_forgets_the_sub_tasks() -> None:
    spec = {"config": {"restart": False, "erase_substeps": True}, "sub_tasks": [BOB]}
    stage = Stage(spec, {"Main.llm": ["a", "DONE b", "c", "DONE d"], "Bob.llm": ["x", "y"]})
    await stage.play("1")
    played = await stage.play("2")
    first = [["user", "1"], ["assistant", "DONE b"], ["user", "2"]]
    assert played.seen["Main.llm"] == [*first, ["assistant", "c"], ["user", "y"]]
    assert played.seen["Bob.llm"] == [["user", "c"]]


async def test_a_run_at_a_node_continues_that_branch() -> None:
    stage = Stage({"config": FINISH}, {"Main.llm": ["a", "b", "c"]})
    first = await stage.play("1")
    assert first.result.node is not None
    await stage.play("2", at=first.result.node.id)
    played = await stage.play("3", at=first.result.node.id)
    assert played.seen["Main.llm"] == [["user", "1"], ["assistant", "a"], ["user", "3"]]


# --- waiting, cancelling, listening, batches ------------------------------------------------


async def test_a_conversation_waits_between_messages() -> None:
    stage = Stage({"config": {"interactive": True}}, {"Main.llm": ["a", "b"]})
    stage.task.user = AbsentUser()
    assert (await stage.play("1")).result.status == "WAITING"
    played = await stage.resume("2")
    assert (played.result.status, played.result.content) == ("WAITING", None)
    assert played.seen["Main.llm"] == [["user", "1"], ["assistant", "a"], ["user", "2"]]
    assert (await stage.resume("q")).result.status == "USER_QUIT"


async def test_cancelling_a_waiting_run_ends_it_at_resume() -> None:
    stage = Stage({"config": {"interactive": True}}, {"Main.llm": ["a"]})
    stage.task.user = AbsentUser()
    await stage.play("1")
    await stage.engine.cancel(stage.root)
    assert (await stage.resume("2")).result.status == "KILL"


async def test_after_the_grace_period_the_attempt_gives_no_reply() -> None:
    asked = asyncio.Event()

    class Deaf(ScriptedLlm):
        async def complete(self, *args: object, **options: object) -> Reply:
            asked.set()
            await asyncio.Event().wait()
            raise AssertionError

    stage = Stage({"sub_tasks": [BOB]}, {"Main.llm": ["x"]})
    bob = stage.task.sub_tasks[0]
    assert isinstance(bob, ChatTask)
    bob.llm = Deaf("Bob.llm", stage.script)
    running = asyncio.ensure_future(stage.play())
    await asked.wait()
    with pytest.raises(RunBusy):
        await stage.engine.resume(stage.task, stage.root)
    await stage.engine.cancel(stage.root, "stop", grace=0)
    played = await running
    assert (played.result.status, played.result.content) == ("KILL", "x")
    assert [e.data["status"] for e in stage.log.written if e.type == "end"] == ["KILL", "KILL"]


async def test_cancelled_from_outside_the_run_stays_open() -> None:
    asked = asyncio.Event()

    class Slow(ScriptedLlm):
        async def complete(self, *args: object, **options: object) -> Reply:
            asked.set()
            await asyncio.Event().wait()
            raise AssertionError

    stage = Stage({}, {"Main.llm": ["DONE"]})
    patient, stage.task.llm = stage.task.llm, Slow("Main.llm", stage.script)
    running = asyncio.ensure_future(stage.play())
    await asked.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    stage.task.llm = patient
    assert (await stage.resume()).result.status == "DONE"


async def test_tokens_come_before_their_node_and_join_when_the_queue_is_full() -> None:
    replies = {"Main.llm": [{"text": "DONE abcd", "chunks": ["DONE", " a", "b", "c", "d"]}]}
    stage = Stage({}, replies)
    stage.engine = Engine(stage.log, queue_size=3)
    stream = stage.engine.subscribe("r0")
    await stage.play()
    told = [(event.kind, event.text) async for event in stream]
    # start node and attempt are in the queue already, so there is room for one token
    assert told[:4] == [
        ("node", ""),
        ("attempt", "llm"),
        ("token", "DONE abcd"),
        ("node", ""),
    ]
    assert told[-1] == ("status", "DONE")


@pytest.mark.parametrize(
    ("on_error", "results"),
    [("return_none", ["a", None]), ("return_exception", ["a", RunFailed])],
)
async def test_batch_errors(
    on_error: Literal["return_none", "return_exception"], results: list[Any]
) -> None:
    replies = {"Main.llm": {"map": {"1": "a", "2": {"error": "e"}}}}
    stage = Stage({"config": {"done_if_response": ["llm"], "max_errors": 1}}, replies)
    told = await run_batch(stage.engine, lambda _: stage.task, ["1", "2"], on_error=on_error)
    assert [type(t) if isinstance(t, Exception) else t for t in told] == results
    with pytest.raises(RunFailed):
        await run_batch(stage.engine, lambda _: stage.task, ["2"])


async def test_batch_stops_on_the_first_result() -> None:
    replies = {"Main.llm": {"map": {"1": "", "2": "b", "3": "c"}}}
    stage = Stage({"config": {"done_if_response": ["llm"]}}, replies)
    told = await run_batch(stage.engine, lambda _: stage.task, ["1", "2", "3"], stop_on_first=True)
    assert told == [None, "b", None]


# --- typed results --------------------------------------------------------------------------


class Todo(BaseModel):
    """What is to be done."""

    Title: str
    days: int


async def test_an_invalid_structured_result_is_asked_for_again() -> None:
    script = script_for(
        {"Main.llm": [{"structured": {"Title": "x"}}, {"structured": {"Title": "x", "days": 2}}]}
    )
    config = TaskConfig(interactive=False, tool_mode="structured")
    task = ChatTask("Main", llm=ScriptedLlm("Main.llm", script), config=config, result_type=Todo)
    result = await Engine(MemoryLog()).run(task, "hi")
    assert result.status == "DONE"
    assert result.value == Todo(Title="x", days=2)


async def test_a_typed_result_is_validated_from_json_text() -> None:
    script = script_for({"Main.llm": ['DONE {"Title": "x", "days": 2}']})
    task: ChatTask[Any] = ChatTask(
        "Main", llm=ScriptedLlm("Main.llm", script), config=TaskConfig(interactive=False)
    )
    result = await Engine(MemoryLog()).run(task, "hi", result_type=Todo)
    assert result.value == Todo(Title="x", days=2)


async def test_interpret_gives_the_second_node_or_passes_the_message_on() -> None:
    def route(data: dict[str, Any]) -> Reply:
        if "task" in data:
            return Reply(signal="pass", to=data["task"])
        return Reply(text=data["say"], signal="done", value=data["n"])

    replies = [{"structured": {"task": "Bob"}}, {"structured": {"say": "bye", "n": 3}}]
    script = script_for({"Main.llm": replies, "Bob.llm": ["b"]})
    bob: ChatTask[Any] = ChatTask(
        "Bob", llm=ScriptedLlm("Bob.llm", script), config=TaskConfig(**ONCE, addressed_only=True)
    )
    config = TaskConfig(interactive=False, tool_mode="structured")
    task: ChatTask[Any] = ChatTask(
        "Main", llm=ScriptedLlm("Main.llm", script), config=config, interpret=route, sub_tasks=[bob]
    )
    log = MemoryLog()
    result = await Engine(log).run(task, "hi")
    assert script.seen["Bob.llm"] == [["user", "hi"]]
    assert (result.status, result.content, result.value) == ("DONE", "bye", 3)
    assert result.node is not None
    chain = await log.chain(result.node.id)
    assert [node.kind for node in chain] == ["message", "message", "structured", "message"]


def test_names_must_differ() -> None:
    bob: ChatTask[Any] = ChatTask("User", llm=None)
    with pytest.raises(ValueError, match="same name"):
        ChatTask("Main", llm=None, sub_tasks=[bob])


def test_contents_read_as_text() -> None:
    calls = Reply(text="I call", calls=(Call(name="a"), Call(name="b")))
    assert calls.shown.startswith('[{"name": "a"')
    assert Reply(text="k: 1", data={"k": 1}).shown == "k: 1"
    assert Call.model_validate({"name": "a", "args": '{"x": 1}'}).args == {"x": 1}


# --- further rules, one by one --------------------------------------------------------------


async def test_a_message_to_the_task_itself_skips_its_sub_tasks() -> None:
    replies = {"Main.llm": [{"text": "x", "to": "main"}], "Bob.llm": ["DONE"]}
    played = await play(replies, sub_tasks=[BOB])
    assert (played.calls, played.result.status) == (["Main.llm"], "STALLED")


@pytest.mark.parametrize("signal", ["done", "pass", "forward", "send"])
async def test_signal_calls_of_the_llm(signal: str) -> None:
    args = {"content": "x", "to": "Bob"}
    call = {"call": signal, "args": args if signal in ("send", "forward") else {"content": "x"}}
    played = await play(
        {"Main.llm": [call, "DONE end"], "Bob.llm": ["y"]},
        sub_tasks=[BOB],
    )
    asked = [] if signal == "done" else ["Bob.llm", "Main.llm"]
    assert played.calls == ["Main.llm", *asked]
    assert played.result.content == ("x" if signal == "done" else "end")


async def test_done_pass_ends_with_the_pending_node_and_appends_nothing() -> None:
    played = await play({"Main.llm": ["DONE __PASS__"]})
    assert (played.result.status, played.result.content, played.nodes) == ("DONE", "hi", [])


async def test_a_null_result_counts_by_its_own_sender() -> None:
    spec: dict[str, Any] = {"allow_null_result": True, "done_sequences": ["L, L"]}
    played = await play({"Main.llm": {"replies": ["a"], "then": "repeat"}}, config=spec, turns=4)
    assert played.result.status == "FIXED_TURNS"
    assert played.trace[:2] == [("llm", "a"), ("user", "DO-NOT-KNOW")]
    ended = await play(
        {"Main.llm": ["a", "b"]}, config={**spec, "done_sequences": ["L, U, C[^B$]"]}
    )
    assert (ended.result.status, ended.result.content) == ("DONE", "b")


async def test_after_a_pass_no_null_result_is_inserted() -> None:
    config = {"allow_null_result": True}
    played = await play({"Main.llm": {"replies": ["__PASS__"], "then": "repeat"}}, config=config)
    assert (played.result.status, played.nodes) == ("STALLED", [])


async def test_no_exact_cycles_are_looked_for_without_a_cycle_length() -> None:
    script = {"replies": ["a"], "then": "repeat"}
    spec: dict[str, Any] = {"interactive": True, "inf_loop_wait_factor": 2}
    both = {"Main.llm": script, "Main.user": script}
    assert (await play(both, config={**spec, "inf_loop_cycle_len": 2})).result.status == "INF_LOOP"
    free = await play(both, config={**spec, "inf_loop_cycle_len": 0}, turns=30)
    assert free.result.status == "FIXED_TURNS"


@pytest.mark.parametrize(("budget", "status"), [("tokens", "MAX_TOKENS"), ("cost", "MAX_COST")])
async def test_a_budget_holds_for_the_whole_tree(budget: str, status: str) -> None:
    said = {"text": "x", "usage": {"tokens": 6, "cost": 6}}
    stage = Stage({"sub_tasks": [BOB]}, {"Main.llm": [said, "y"], "Bob.llm": [said]})
    played = await stage.play(budget=Usage.model_validate({budget: 10}))
    assert (played.calls, played.result.status) == (["Main.llm", "Bob.llm"], status)


async def test_an_unreadable_reply_costs_too() -> None:
    said = {"text": "no mapping", "usage": {"tokens": 6}}
    spec = {"config": STRUCTURED, "tools": [ADD]}
    played = await Stage(spec, {"Main.llm": [said, said]}).play(budget=Usage(tokens=10))
    assert played.result.status == "MAX_TOKENS"


@pytest.mark.parametrize(
    ("kind", "reply", "value"),
    [(int, "DONE 42", 42), (float, "DONE 1.5", 1.5), (bool, "DONE yes", True), (str, "DONE a", "a"),
     (int, "DONE many", None), (int, {"call": "add", "args": {"a": 7}}, 7)],
)  # fmt: skip
async def test_typed_results(kind: type, reply: object, value: object) -> None:
    stage = Stage({"config": {"done_if_tool": True}, "tools": [ADD]}, {"Main.llm": [reply]})
    assert (await stage.play(result_type=kind)).result.value == value


async def test_a_tool_result_is_evaluated_in_structured_mode_and_never_obeyed() -> None:
    call = {"structured": {"Use Tool": "yes", "command": {"name": "add", "arguments": {"a": 1}}}}
    replies = {"Main.llm": [call, {"structured": {"answer": "it is"}}], "Main.tool.add": ["DONE 2"]}
    played = await play(replies, tools=[ADD], config=STRUCTURED)
    kinds = ["structured", "tool_call", "tool_result", "structured", "message"]
    assert [node.kind for node in played.nodes] == kinds
    assert (played.result.status, played.result.content) == ("DONE", "it is")


async def test_try_again_no_keeps_the_tool_from_being_called() -> None:
    said = {"use_tool": "yes", "try_again": "no", "command": {"name": "add"}, "answer": "sorry"}
    played = await play({"Main.llm": [{"structured": said}]}, tools=[ADD], config=STRUCTURED)
    assert (played.calls, played.result.content) == (["Main.llm"], "sorry")


async def test_a_waiting_sub_task_of_a_sub_task_goes_on_where_it_was() -> None:
    cat = {"name": "Cat", "config": {"interactive": False}}
    bob = {"name": "Bob", "config": {"interactive": False}, "sub_tasks": [cat]}
    replies = {
        "Main.llm": ["m", "DONE end"],
        "Bob.llm": ["b", "DONE bob"],
        "Cat.llm": [{"text": "name?", "to": "User"}, "DONE cat"],
        "Cat.user": [{"suspend": True}],
    }
    stage = Stage({"sub_tasks": [bob]}, replies)
    assert (await stage.play()).result.status == "WAITING"
    assert [e.task for e in stage.log.written if e.type == "waiting"] == ["Cat", "Bob", "Main"]
    played = await stage.resume("Ada")
    assert played.calls == ["Cat.llm", "Bob.llm", "Main.llm"]
    assert (played.result.status, played.result.content) == ("DONE", "end")


async def test_a_kill_in_a_sub_task_ends_every_level() -> None:
    bob = {"name": "Bob", "config": {"interactive": False}}
    replies = {"Main.llm": ["x"], "Bob.llm": [{"text": "b", "kill": True}]}
    played = await play(replies, sub_tasks=[bob])
    assert (played.calls, played.result.status) == (["Main.llm", "Bob.llm"], "KILL")
    assert played.result.content == "x"
    assert ("llm", "b") in played.trace


async def test_a_message_to_system_has_no_recipient() -> None:
    played = await play({"Main.llm": [{"text": "x", "to": "system"}, "DONE"]})
    assert played.trace[1] == ("agent", "Invalid recipient: system")


@pytest.mark.parametrize("concurrency", [1, 3])
async def test_batches_keep_the_order_of_their_inputs(concurrency: int) -> None:
    replies = {"Main.llm": {"map": {"1": "a", "2": "b", "3": "c"}}}
    stage = Stage({"config": {"done_if_response": ["llm"]}}, replies)
    told = await run_batch(
        stage.engine, lambda _: stage.task, ["1", "2", "3"], concurrency=concurrency
    )
    assert told == ["a", "b", "c"]


async def test_only_the_users_quit_word_quits_and_not_that_of_a_sub_task() -> None:
    played = await play(
        {"Main.llm": ["x", "DONE ok"], "Bob.llm": ["q"]},
        sub_tasks=[BOB],
        config={"only_user_quits_root": False},
    )
    assert ("Bob", "q") in played.trace
    assert (played.result.status, played.result.content) == ("DONE", "ok")


async def test_the_constant_answer_replaces_the_user() -> None:
    config = {"interactive": True, "default_human_response": "go on"}
    played = await play({"Main.llm": ["a", "b"]}, config=config, turns=3)
    assert played.trace == [("llm", "a"), ("user", "go on"), ("llm", "b")]
    passing = await play({"Main.llm": ["a"]}, config={**config, "default_human_response": ""})
    assert (passing.calls, passing.result.status) == (["Main.llm"], "STALLED")
