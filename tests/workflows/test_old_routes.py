"""The routes of servers before April 2024 (wire protocol §15)."""

from tests.backend.client import Api
from tests.workflows.conftest import Flow


async def test_a_client_of_that_time_runs_a_workflow(api: Api, poem: Flow) -> None:
    flows = (await api.get("/user_workflow", platform="webapp")).json()["user_workflows"]
    flow = next(each for each in flows if each["name"] == "Poem")
    assert {key: flow[key] for key in ("icon", "description", "inputs_spec")} == {
        "icon": "🌸",
        "description": "Write a poem stanza by stanza",
        "inputs_spec": [{"input_name": "topic"}],
    }
    assert [step["step_name"] for step in flow["steps"]] == ["plan", "write"]
    pk = flow["user_workflow_pk"]
    one = (await api.get("/user_workflow", user_workflow_pk=pk)).json()["user_workflows"]
    assert one == [flow]

    made = (
        await api.put("/user_workflow_execution", user_workflow_pk=pk, platform="webapp")
    ).json()
    assert made["user_workflow_fk"] == pk
    assert made["inputs"] == [{"input_name": "topic", "value": None}]
    assert made["validated_steps_executions"] == []
    run = made["user_workflow_execution_pk"]
    given = [{"input_name": "topic", "value": "rain"}]
    started = await api.post(
        "/user_workflow_execution", user_workflow_execution_pk=run, json_inputs=given
    )
    assert started.json() == {"user_workflow_execution_pk": run}
    await poem.idle()

    shown = (await api.get("/user_workflow_execution", user_workflow_execution_pk=run)).json()
    assert (shown["inputs"], shown["validated_steps_executions"]) == (given, [])
    waiting = (await api.get("/workflow_run", user_task_execution_pk=run)).json()
    step = waiting["step_executions"][0]["user_workflow_step_execution_pk"]
    verdict = {"user_workflow_step_execution_pk": step, "validated": True, "platform": "webapp"}
    answer = await api.post("/user_workflow_step_execution", **verdict)
    assert answer.json() == {"message": "Step validated"}
    await poem.idle()
    shown = (await api.get("/user_workflow_execution", user_workflow_execution_pk=run)).json()
    assert shown["validated_steps_executions"] == [
        {
            "workflow_step_pk": flow["steps"][0]["workflow_step_pk"],
            "step_name": "plan",
            "user_workflow_step_execution_pk": step,
            "validated": True,
            "parameter": {"topic": "rain"},
            "result": [{"text": "a"}, {"text": "b"}],
        }
    ]


async def test_what_is_no_workflow_of_theirs_is_not_found(api: Api) -> None:
    answer = await api.get("/user_workflow", user_workflow_pk=9999)
    assert (answer.status_code, answer.json()) == (
        404,
        {"error": "Workflow not found for this user"},
    )
