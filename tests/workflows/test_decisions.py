"""What a user may decide, and what a decision about something old does: nothing (§6.3, §6.7)."""

import json
import shutil
from dataclasses import replace
from typing import Any

import pytest

from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.workflows import StepCall, StepFailed
from mojodex_tui.backend.llm.errors import ModelBusy
from mojodex_tui.backend.services.conversations import Conversations
from mojodex_tui.backend.settings import BackendSettings
from tests.workflows.conftest import Flow
from tests.workflows.flows import Gate, ScriptedSteps, fails, fans, items


async def test_a_result_is_accepted_once(poem: Flow, steps: ScriptedSteps) -> None:
    await poem.begin()
    pk = (await poem.last())["user_workflow_step_execution_pk"]
    await poem.judge(pk=pk)
    again = await poem.judge(pk=pk)
    assert again == "Nothing changed: this result was accepted before."
    assert [call.step.name for call in steps.calls] == ["plan", "write"]


async def test_after_the_end_nothing_is_decided(quick: Flow) -> None:
    await quick.begin()
    before = await quick.run()
    assert "has ended" in await quick.judge()
    assert "has ended" in await quick.judge(validated=False)
    assert "has ended" in await quick.relaunch()
    assert "has ended" in await quick.tell("/workflow_pause", paused=True)
    assert "has ended" in await quick.tell("/workflow_auto_validate", enabled=True)
    assert "nothing of this run" in await quick.tell("/workflow_stop")
    assert (await quick.edit(items("x"))).status_code == 400
    assert await quick.run() == before
    assert (await quick.started.read())["produced_text_version_index"] == 1


async def test_an_edited_result_is_what_the_next_step_works_on(
    poem: Flow, steps: ScriptedSteps
) -> None:
    await poem.begin()
    answer = await poem.edit(items("b", "new"))
    assert answer.json() == {"new_result": items("b", "new")}
    first = await poem.last()
    assert [version["author"] for version in first["versions"]] == ["assistant", "user"]
    assert first["versions"][0]["result"] == items("a", "b")
    await poem.judge()
    await poem.judge()
    await poem.judge()
    assert [call.parameter for call in steps.calls[1:]] == items("b", "new")


@pytest.mark.parametrize("broken", ["just text", {"text": "x"}, [1], [{"text": "x"}, "y"], None])
async def test_a_result_that_is_no_list_of_objects_is_refused(poem: Flow, broken: object) -> None:
    await poem.begin()
    answer = await poem.edit(broken)
    assert answer.status_code == 400
    assert "list of objects" in answer.json()["error"]
    assert len((await poem.last())["versions"]) == 1


async def test_a_result_that_is_used_is_no_longer_edited(poem: Flow) -> None:
    await poem.begin()
    pk = (await poem.last())["user_workflow_step_execution_pk"]
    await poem.judge()
    answer = await poem.edit(items("late"), pk)
    assert answer.status_code == 400
    assert "already" in answer.json()["error"]


async def test_a_failed_step_says_why_and_runs_again_when_told(
    poem: Flow, steps: ScriptedSteps
) -> None:
    steps.scripts["plan"] = fails(ModelBusy("The model is busy. Try again."))
    await poem.begin()
    failed = await poem.last()
    assert await poem.state() == "failed"
    assert failed["error_status"]["error"] == "The model is busy. Try again."
    assert failed["result"] is None
    steps.scripts["plan"] = fans("a")
    assert await poem.relaunch() == "Workflow relaunched"
    again = await poem.last()
    assert (await poem.state(), again["try_number"]) == ("waiting", 2)
    shown = (await poem.started.read())["step_executions"]
    assert [each["user_workflow_step_execution_pk"] for each in shown] == [
        again["user_workflow_step_execution_pk"]
    ]


async def test_accepting_a_failed_step_runs_it_again(poem: Flow, steps: ScriptedSteps) -> None:
    steps.scripts["plan"] = fails(StepFailed("No topics in that."))
    await poem.begin()
    steps.scripts["plan"] = fans("a")
    assert await poem.judge() == "Workflow relaunched"
    assert await poem.state() == "waiting"


async def test_a_mistake_of_a_step_is_a_failure_and_not_the_end(
    quick: Flow, steps: ScriptedSteps
) -> None:
    steps.scripts["write"] = fails(ZeroDivisionError("secret detail"))
    await quick.begin()
    error = (await quick.last())["error_status"]["error"]
    assert await quick.state() == "failed"
    assert "secret detail" not in error
    steps.scripts["write"] = fans("!")
    await quick.relaunch()
    assert await quick.state() == "done"


async def test_relaunching_what_waits_or_works_changes_nothing(
    poem: Flow, quick: Flow, steps: ScriptedSteps
) -> None:
    await poem.begin()
    assert "waits for your decision" in await poem.relaunch()
    gate = Gate(items("a"))
    steps.scripts["plan"] = gate
    await quick.started.run({"topic": "x"})
    await gate.reached.wait()
    pk = (await quick.last())["user_workflow_step_execution_pk"]
    answer = await quick.started.api.put(
        "/user_workflow_step_execution", user_workflow_step_execution_pk=pk
    )
    assert "at work" in answer.json()["message"]
    assert await quick.state() == "running"
    gate.open.set()
    await quick.idle()
    assert await quick.state() == "done"
    assert len(await runs_of(quick)) == 2


async def runs_of(flow: Flow) -> list[str]:
    return [each["step_name"] for each in (await flow.run())["step_executions"]]


async def test_running_twice_begins_once(quick: Flow, steps: ScriptedSteps) -> None:
    await quick.begin("rain")
    await quick.begin("snow")
    assert len(steps.calls) == 3
    assert steps.calls[0].inputs == {"topic": "rain"}


async def restart(flow: Flow, topic: str) -> str:
    given = json.dumps([{"input_name": "topic", "input_value": topic}])
    answer = await flow.started.api.form(
        "POST",
        "/restart_user_workflow_execution",
        {"user_task_execution_pk": flow.started.pk, "inputs": given},
    )
    assert answer.status_code == 200, answer.text
    await flow.idle()
    return str(answer.json()["message"])


async def test_a_restart_begins_again_with_other_inputs(poem: Flow, steps: ScriptedSteps) -> None:
    await poem.begin("rain")
    await poem.judge()
    assert await restart(poem, "snow") == "Workflow restarted"
    assert (await poem.last())["parameter"] == {"topic": "snow"}
    assert await poem.state() == "waiting"
    assert [run["validated"] for run in (await poem.run())["step_executions"]] == [
        False,
        False,
        None,
    ]
    assert len((await poem.started.read())["step_executions"]) == 1
    await poem.judge()
    await poem.judge()
    await poem.judge()
    assert (await poem.started.read())["produced_text_production"] == "a!\n\nb!"


async def test_a_restart_interrupts_the_step_that_runs(quick: Flow, steps: ScriptedSteps) -> None:
    gate = Gate(items("old"))
    steps.scripts["plan"] = gate
    await quick.started.run({"topic": "x"})
    await gate.reached.wait()
    steps.scripts["plan"] = fans("new")
    assert await restart(quick, "y") == "Workflow restarted"
    assert (await quick.started.read())["produced_text_production"] == "new!"


async def test_a_restart_that_is_too_late_or_too_early_changes_nothing(
    poem: Flow, quick: Flow
) -> None:
    assert "has not begun" in await restart(poem, "x")
    assert await poem.state() == "new"
    await quick.begin("rain")
    assert "has ended" in await restart(quick, "snow")
    values = (await quick.started.read())["json_inputs_values"]
    assert values[0]["value"] == "rain"


async def test_a_paused_run_ends_its_step_and_goes_on_later(
    quick: Flow, steps: ScriptedSteps
) -> None:
    gate = Gate(items("a"))
    steps.scripts["plan"] = gate
    await quick.started.run({"topic": "x"})
    await gate.reached.wait()
    pk = quick.started.pk
    await quick.started.api.post("/workflow_pause", user_task_execution_pk=pk, paused=True)
    gate.open.set()
    await quick.idle()
    assert await quick.state() == "paused"
    assert await runs_of(quick) == ["plan"]
    await quick.tell("/workflow_pause", paused=False)
    assert await quick.state() == "done"


async def test_a_decision_in_a_pause_is_kept_for_later(poem: Flow) -> None:
    await poem.begin()
    await poem.tell("/workflow_pause", paused=True)
    await poem.judge()
    assert await poem.state() == "paused"
    await poem.tell("/workflow_pause", paused=False)
    assert (await poem.last())["parameter"] == {"text": "a"}


async def test_what_is_stopped_counts_no_more_and_is_taken_up_again(
    quick: Flow, steps: ScriptedSteps
) -> None:
    gate = Gate(items("old"))
    steps.scripts["plan"] = gate
    await quick.started.run({"topic": "x"})
    await gate.reached.wait()
    assert await quick.tell("/workflow_stop") == "The run is stopped."
    stopped = await quick.last()
    assert (await quick.state(), stopped["validated"]) == ("stopped", False)
    assert stopped["learned_instruction"] is None
    gate.open.set()
    await quick.idle()
    assert await runs_of(quick) == ["plan"]
    steps.scripts["plan"] = fans("new")
    await quick.relaunch()
    assert (await quick.started.read())["produced_text_production"] == "new!"


async def test_a_result_that_waits_can_be_stopped_at_too(poem: Flow) -> None:
    await poem.begin()
    assert await poem.tell("/workflow_stop") == "The run is stopped."
    assert await poem.state() == "stopped"
    assert "given up before" in await poem.judge()
    await poem.relaunch()
    assert (await poem.last())["try_number"] == 2


async def test_the_rest_of_a_step_is_taken_without_asking(poem: Flow, steps: ScriptedSteps) -> None:
    await poem.begin()
    await poem.judge()
    await poem.tell("/workflow_auto_validate", enabled=True)
    assert await poem.state() == "done"
    assert [run["validated"] for run in (await poem.run())["step_executions"]] == [True] * 3


@pytest.mark.parametrize("taken_up_by", ["a relaunch", "the end of a pause"])
async def test_between_two_steps_a_run_is_stopped_too(
    poem: Flow, monkeypatch: pytest.MonkeyPatch, taken_up_by: str
) -> None:
    await poem.begin()
    with monkeypatch.context() as nobody_works:
        nobody_works.setattr(Conversations, "attend", lambda *_: None)
        await poem.judge()
    assert await poem.tell("/workflow_stop") == "The run is stopped."
    assert await poem.state() == "stopped"
    assert (await poem.last())["validated"] is True
    assert (await poem.started.api.get("/workflow_inbox")).json() == {"waiting": []}
    if taken_up_by == "a relaunch":
        assert await poem.relaunch() == "Workflow relaunched"
    else:
        await poem.tell("/workflow_pause", paused=False)
    assert (await poem.state(), (await poem.last())["step_name"]) == ("waiting", "write")
    await poem.tell("/workflow_pause", paused=True)
    await poem.judge()
    assert await poem.state() == "paused"


@pytest.mark.parametrize("stopper", ["failure", "nothing"])
async def test_taking_without_asking_ends_when_something_is_wrong(
    poem: Flow, steps: ScriptedSteps, stopper: str
) -> None:
    def odd(_: StepCall) -> list[JsonObject]:
        if len(steps.calls) > 2:
            if stopper == "failure":
                raise StepFailed("No.")
            return []
        return items("fine")

    await poem.begin()
    steps.scripts["write"] = odd
    await poem.judge()
    await poem.tell("/workflow_auto_validate", enabled=True)
    shown = await poem.run()
    assert shown["auto_step_pk"] is None
    assert shown["state"] == ("failed" if stopper == "failure" else "waiting")


async def test_taking_without_asking_ends_with_its_step(deep: Flow, poem: Flow) -> None:
    await poem.begin()
    await poem.tell("/workflow_auto_validate", enabled=True)
    shown = await poem.run()
    assert (shown["state"], shown["auto_step_pk"]) == ("waiting", None)
    assert (await poem.last())["step_name"] == "write"


async def test_a_decision_ends_taking_without_asking(poem: Flow, steps: ScriptedSteps) -> None:
    gate = Gate(items("x"))
    await poem.begin()
    await poem.judge()
    steps.scripts["write"] = gate
    pk = (await poem.last())["user_workflow_step_execution_pk"]
    body = {"user_workflow_step_execution_pk": pk, "validated": True}
    await poem.started.api.post("/user_workflow_step_execution", **body)
    await gate.reached.wait()
    auto = {"user_task_execution_pk": poem.started.pk}
    await poem.started.api.post("/workflow_auto_validate", **auto, enabled=True)
    assert (await poem.run())["auto_step_pk"] is not None
    await poem.started.api.post("/workflow_auto_validate", **auto, enabled=False)
    gate.open.set()
    await poem.idle()
    assert await poem.state() == "waiting"


async def test_a_plan_of_nothing_is_told_and_can_be_mended(
    quick: Flow, steps: ScriptedSteps
) -> None:
    steps.scripts["plan"] = fans()
    await quick.begin()
    assert await quick.state() == "failed"
    assert "gave nothing" in (await quick.started.read())["failure"]
    assert (await quick.edit(items("mended"))).status_code == 200
    await quick.relaunch()
    assert (await quick.started.read())["produced_text_production"] == "mended!"


async def test_a_duplicate_has_the_same_inputs_and_is_not_started(
    quick: Flow, steps: ScriptedSteps
) -> None:
    await quick.begin("rain")
    answer = await quick.started.api.put(
        "/workflow_duplicate", user_task_execution_pk=quick.started.pk, platform="webapp"
    )
    copy = answer.json()
    pk = copy["user_task_execution_pk"]
    assert pk != quick.started.pk
    assert copy["session_id"] != quick.started.session_id
    shown = (await quick.started.api.get("/user_task_execution", user_task_execution_pk=pk)).json()
    assert (shown["json_inputs_values"][0]["value"], shown["start_date"]) == ("rain", None)
    # An untouched form is given out again, but this one is not.
    other = await quick.started.api.created("Quick")
    assert other.pk != pk


async def test_a_duplicate_has_the_files_too_whatever_comes_of_the_first_run(
    album: Flow, settings: BackendSettings
) -> None:
    api = album.started.api
    files = {
        "picture": ("sea.png", b"the sea"),
        "pages_0": ("1.png", b"one"),
        "pages_1": ("2.png", b"two"),
    }
    await album.started.run(
        {"topic": "rain", **{part: name for part, (name, _) in files.items()}}, files
    )
    await album.idle()
    copied = await api.put(
        "/workflow_duplicate", user_task_execution_pk=album.started.pk, platform="webapp"
    )
    copy = Flow(album.backend, replace(album.started, **_place(copied.json())))
    shutil.rmtree(settings.files_dir / album.started.session_id)
    await copy.begin("snow")
    given = {
        each["input_name"]: each["value"]
        for each in (await copy.started.read())["json_inputs_values"]
    }
    assert given["topic"] == "snow"
    read = [
        (await api.get("/image", session_id=copy.started.session_id, filename=name)).content
        for name in (given["picture"], *given["pages"])
    ]
    assert read == [b"the sea", b"one", b"two"]


def _place(created: dict[str, Any]) -> dict[str, Any]:
    return {"pk": created["user_task_execution_pk"], "session_id": created["session_id"]}


async def test_the_inbox_holds_what_waits_and_why(
    poem: Flow, quick: Flow, steps: ScriptedSteps
) -> None:
    await poem.begin()

    steps.scripts["write"] = fails(StepFailed("No."))
    await quick.begin()
    waiting = (await poem.started.api.get("/workflow_inbox")).json()["waiting"]
    assert [(each["user_task_execution_pk"], each["kind"]) for each in waiting] == [
        (poem.started.pk, "decision"),
        (quick.started.pk, "failure"),
    ]
    assert (waiting[0]["step_name"], waiting[0]["workflow_name"]) == ("Plan", "Poem")
    await poem.tell("/workflow_stop")
    waiting = (await poem.started.api.get("/workflow_inbox")).json()["waiting"]
    assert [each["user_task_execution_pk"] for each in waiting] == [quick.started.pk]


async def test_a_deleted_run_waits_for_nobody(poem: Flow) -> None:
    await poem.begin()
    await poem.started.api.delete("/user_task_execution", user_task_execution_pk=poem.started.pk)
    assert (await poem.started.api.get("/workflow_inbox")).json() == {"waiting": []}
