"""Steps that hang are given up after half an hour, and run again (wire protocol §6.7)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from mojodex_tui.backend.asgi import Backend, open_backend
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from mojodex_tui.backend.settings import BackendSettings
from tests.backend.client import PATIENCE, Api, listening, on_loopback
from tests.workflows.conftest import SECRET, Flow
from tests.workflows.flows import Gate, ScriptedSteps, fans, items

PATH = "/relaunch_locked_workflow_step_executions"


@dataclass
class SetClock:
    """A clock that tests put forward."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, minutes: int) -> None:
        self.ahead += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> SetClock:
    """This computer's, until it is put forward."""
    return SetClock()


@asynccontextmanager
async def _opened(
    settings: BackendSettings, steps: ScriptedSteps, clock: SetClock | None
) -> AsyncIterator[tuple[Backend, Api]]:
    async def source() -> ScriptedLlm:
        return ScriptedLlm()

    async with (
        open_backend(
            settings, secret=SecretStr(SECRET), llm=source, steps=steps, clock=clock
        ) as backend,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(backend.app), base_url="http://x", timeout=PATIENCE
        ) as http,
    ):
        account = await Api(http, SECRET).post("/local_session")
        yield backend, Api(http, account.json()["token"])


async def _stuck(backend: Backend, api: Api, steps: ScriptedSteps) -> tuple[Flow, Gate]:
    """Begin a run whose first step hangs."""
    gate = Gate(items("late"))
    steps.scripts["plan"] = gate
    flow = Flow(backend, await api.created("Quick"))
    await flow.started.run({"topic": "x"})
    await gate.reached.wait()
    return flow, gate


async def _given_up(api: Api) -> list[int]:
    answer = await api.of("clock").post(PATH)
    assert answer.status_code == 200, answer.text
    pks: list[int] = answer.json()["user_workflow_step_executions_pk"]
    return pks


async def test_the_scheduler_has_a_stuck_step_run_again(
    settings: BackendSettings, steps: ScriptedSteps, clock: SetClock
) -> None:
    async with _opened(settings, steps, clock) as (backend, api), on_loopback(backend) as url:
        flow, gate = await _stuck(backend, api, steps)
        assert (await api.post(PATH)).status_code == 403
        clock.forward(29)
        assert await _given_up(api) == []
        clock.forward(2)
        pk = (await flow.last())["user_workflow_step_execution_pk"]
        steps.scripts["plan"] = fans("fresh")
        assert api.token is not None
        async with listening(url, api.token) as listener:
            await listener.join(flow.started.session_id)
            assert await _given_up(api) == [pk]
            gate.open.set()
            await flow.idle()
            told = await listener.until("workflow_step_execution_ended")
        assert told["user_workflow_step_execution_pk"] == pk
        assert told["error_status"]["message"].startswith("The step took more than 30 minutes")
        assert (await flow.started.read())["produced_text_production"] == "fresh!"
        first = (await flow.run())["step_executions"][0]
        assert (first["result"], first["error_status"]) == (None, told["error_status"])


async def test_what_was_taken_up_anew_has_half_an_hour_of_its_own(
    settings: BackendSettings, steps: ScriptedSteps, clock: SetClock
) -> None:
    async with _opened(settings, steps, clock) as (backend, api):
        flow, _ = await _stuck(backend, api, steps)
    clock.forward(8 * 60)
    gate = Gate(items("late"))
    steps.scripts["plan"] = gate
    async with _opened(settings, steps, clock) as (backend, api):
        flow = Flow(backend, replace(flow.started, api=api))
        await gate.reached.wait()
        assert await _given_up(api) == []
        clock.forward(31)
        steps.scripts["plan"] = fans("fresh")
        assert len(await _given_up(api)) == 1
        await flow.idle()
        assert await flow.state() == "done"


async def test_without_a_scheduler_the_backend_does_it_by_itself(
    settings: BackendSettings, steps: ScriptedSteps, tmp_path: Path
) -> None:
    shown = tmp_path / "clock"
    shown.write_text(datetime.now(UTC).isoformat())
    own_jobs: dict[str, Any] = {"jobs": True, "clock_file": shown}
    async with _opened(settings.model_copy(update=own_jobs), steps, None) as (backend, api):
        flow, _ = await _stuck(backend, api, steps)
        again = Gate(items("fresh"))
        steps.scripts["plan"] = again
        shown.write_text((datetime.now(UTC) + timedelta(minutes=31)).isoformat())
        async with asyncio.timeout(PATIENCE):
            await again.reached.wait()
        again.open.set()
        await flow.idle()
        assert (await flow.started.read())["produced_text_production"] == "fresh!"
