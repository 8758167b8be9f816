"""Workflows of a server before April 2024 (wire protocol §15)."""

import asyncio

from pydantic import JsonValue
from starlette.responses import JSONResponse, Response

from mojodex_tui.client.session import MojodexClient
from mojodex_tui.wire.executions import InputValue
from mojodex_tui.wire.workflow_extensions import RunState
from tests.client.conftest import NewClient
from tests.client.loopback import Call, Server, says

STEPS: JsonValue = [
    {"workflow_step_pk": 1, "step_name": "stanza_divider"},
    {"workflow_step_pk": 2, "step_name": "stanza_writer"},
]
SESSION = "0" * 32


def _step(pk: int, step: int, parameter: JsonValue, result: JsonValue) -> dict[str, JsonValue]:
    return {
        "user_workflow_step_execution_pk": pk,
        "workflow_step_pk": step,
        "step_name": "stanza_divider" if step == 1 else "stanza_writer",
        "validated": None,
        "parameter": parameter,
        "result": result,
    }


class OlderServer:
    """What such a server keeps of one run."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.inputs: dict[str, JsonValue] = {"poem_topic": None, "n_stanzas": None}
        self.waiting: dict[str, JsonValue] = {}
        self.done: list[JsonValue] = []
        server.on("GET", "/user_task", says({"user_tasks": [{"user_task_pk": 7, "task_pk": 3}]}))
        flow = {
            "user_workflow_pk": 7,
            "workflow_pk": 3,
            "name": "Poem",
            "icon": "🌸",
            "description": "By stanza",
            "inputs_spec": [{"input_name": "poem_topic"}, {"input_name": "n_stanzas"}],
            "steps": STEPS,
        }
        server.on("GET", "/user_workflow", says({"user_workflows": [flow]}))
        server.on("PUT", "/user_workflow_execution", self._read)
        server.on("GET", "/user_workflow_execution", self._read)
        server.on("POST", "/user_workflow_execution", self._start)
        server.on("POST", "/user_workflow_step_execution", self._judge)

    async def _read(self, _call: Call) -> Response:
        inputs = [{"input_name": name, "value": value} for name, value in self.inputs.items()]
        return JSONResponse(
            {
                "workflow_name": "Poem",
                "user_workflow_execution_pk": 41,
                "user_workflow_fk": 7,
                "steps": STEPS,
                "validated_steps_executions": self.done,
                "session_id": SESSION,
                "inputs": inputs,
            }
        )

    async def _start(self, call: Call) -> Response:
        self.inputs = {"poem_topic": "rain", "n_stanzas": "1"}
        assert "rain" in call.fields["json_inputs"]
        topics: JsonValue = [{"stanza_topic": "first drops"}]
        await self.tell(_step(301, 1, dict(self.inputs), topics))
        return JSONResponse({"user_workflow_execution_pk": 41})

    async def _judge(self, call: Call) -> Response:
        assert call.fields["validated"] == "True"
        self.done.append({**self.waiting, "validated": True})
        if len(self.done) == 1:
            stanza: JsonValue = [{"stanza": "Rain, rain."}]
            await self.tell(_step(302, 2, {"stanza_topic": "first drops"}, stanza))
        return JSONResponse({"message": "Step validated"})

    async def tell(self, step: dict[str, JsonValue]) -> None:
        self.waiting = step
        started = {**step, "result": None, "session_id": SESSION}
        await self.server.say("workflow_step_execution_started", started, SESSION)
        ended = {**step, "session_id": SESSION}
        await self.server.say("workflow_step_execution_ended", ended, SESSION)


async def _until(mojodex: MojodexClient, pk: int, step_pk: int, state: RunState) -> None:
    """Read the run until a step of it is as far."""
    async with asyncio.timeout(60):
        while True:
            run = (await mojodex.workflows.read(pk)).run
            told = [one.user_workflow_step_execution_pk for one in run.step_executions]
            if told[-1:] == [step_pk] and run.state is state:
                return
            await asyncio.sleep(0.02)


async def test_a_workflow_runs_on_the_routes_of_that_time(
    server: Server, client: NewClient
) -> None:
    older = OlderServer(server)
    async with client() as mojodex:
        tasks = {task.task.task_pk: task.task for task in await mojodex.api.catalog()}
        assert sorted(tasks) == [-3, 3]
        assert (tasks[-3].task_name, tasks[-3].task_type) == ("Poem", "workflow")
        assert [step.step_name_for_user for step in tasks[-3].steps] == [
            "Stanza divider",
            "Stanza writer",
        ]
        created = await mojodex.api.create_execution(-7)
        assert [one.description_for_user for one in created.json_input] == [
            "Poem topic",
            "N stanzas",
        ]
        pk = created.user_task_execution_pk
        listening = mojodex.live.listen(SESSION)
        hearing = asyncio.create_task(anext(listening))
        await server.until(lambda: SESSION in server.joined)
        assert (await mojodex.workflows.read(pk)).run.state is RunState.NEW

        inputs = [
            InputValue(input_name="poem_topic", input_value="rain"),
            InputValue(input_name="n_stanzas", input_value="1"),
        ]
        await mojodex.outbox.run_form(SESSION, pk, inputs)
        await _until(mojodex, pk, 301, RunState.WAITING)
        run = await mojodex.workflows.read(pk)
        assert run.run.step_executions[-1].step_name_for_user == "Stanza divider"
        assert not run.has_extras
        await mojodex.workflows.validate(run, 301)
        await _until(mojodex, pk, 302, RunState.WAITING)
        await mojodex.workflows.validate(await mojodex.workflows.read(pk), 302)
        await _until(mojodex, pk, 302, RunState.DONE)
        execution = await mojodex.api.execution(pk)
        assert execution.produced_text_production == "Rain, rain."
        hearing.cancel()
        await asyncio.wait({hearing})
        await listening.aclose()
    assert [call.path for call in server.calls if call.path == "/user_workflow"] == [
        "/user_workflow"
    ]
    assert len(older.done) == 2


async def test_a_server_of_today_is_not_asked_for_old_workflows(
    server: Server, client: NewClient
) -> None:
    server.replay("02_user_tasks")
    async with client() as mojodex:
        await mojodex.api.catalog()
    assert "/user_workflow" not in [call.path for call in server.calls]
