"""Several processes on one PostgreSQL database: one goes on with a run, whoever begins it."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from pydantic import SecretStr

from mojodex_tui.backend.asgi import Backend, open_backend
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from mojodex_tui.backend.settings import BackendSettings
from tests.backend.client import PATIENCE, Api, Started
from tests.backend.databases import postgresql
from tests.workflows.conftest import Flow
from tests.workflows.flows import Gate, ScriptedSteps, fans, items, write_workflow


class Team:
    """Two processes, the clock of the second one an hour ahead."""

    def __init__(self, stack: AsyncExitStack, settings: BackendSettings) -> None:
        self._stack, self._settings = stack, settings
        self.steps = [self._scripted(), self._scripted()]
        self.backends: list[Backend] = []
        self.apis: list[Api] = []

    @staticmethod
    def _scripted() -> ScriptedSteps:
        return ScriptedSteps({"plan": fans("a", "b"), "write": fans("!")})

    async def open(self) -> "Team":
        for hours, steps in enumerate(self.steps):
            ahead = timedelta(hours=hours)

            async def source() -> ScriptedLlm:
                return ScriptedLlm()

            backend = await self._stack.enter_async_context(
                open_backend(
                    self._settings,
                    llm=source,
                    steps=steps,
                    clock=lambda ahead=ahead: datetime.now(UTC) + ahead,  # type: ignore[misc] # of mypy
                )
            )
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(backend.app), base_url="http://x"
            )
            self.backends.append(backend)
            self.apis.append(Api(await self._stack.enter_async_context(client)))
        made = await self.apis[0].put("/user", email="a@x.com", name="A", password="p")
        self.apis = [api.of(made.json()["token"]) for api in self.apis]
        await self.apis[0].put("/terms_and_conditions")
        return self

    async def flows(self, name: str) -> tuple[Flow, Flow]:
        """Return a run as clients of either process see it."""
        here = await self.apis[0].created(name)
        there = Started(self.apis[1], here.pk, here.session_id, here.user_task_pk)
        return Flow(self.backends[0], here), Flow(self.backends[1], there)


def settings_of(folder: Path, url: str) -> BackendSettings:
    settings = BackendSettings(
        data_dir=folder,
        local=False,
        database_url=url,
        jwt_secret=SecretStr("x" * 48),
        jobs=False,
    )
    write_workflow(settings.tasks_dir, [("plan", True), ("write", True)])
    return settings


async def test_a_process_takes_over_and_the_late_answer_of_the_other_is_not_taken(
    tmp_path: Path,
) -> None:
    async with postgresql() as url, AsyncExitStack() as stack, asyncio.timeout(4 * PATIENCE):
        team = await Team(stack, settings_of(tmp_path, url)).open()
        here, there = await team.flows("Poem")
        gate = Gate(items("late"))
        team.steps[0].scripts["plan"] = gate
        await here.started.run({"topic": "rain"})
        await gate.reached.wait()

        # To the second process the claim of the first one has run out long ago.
        team.backends[1].uses.conversations.attend(here.started.session_id)
        await there.idle()
        gate.open.set()
        await here.idle()
        run = await there.run()
        assert run["state"] == "waiting"
        assert [each["result"] for each in run["step_executions"]] == [items("a", "b")]

        # The first process gave the run up; whoever is asked goes on with it all the same.
        await there.judge()
        await there.judge()
        await there.judge()
        shown = await here.started.read()
        assert shown["produced_text_production"] == "a!\n\nb!"
        assert shown["produced_text_version_index"] == 1


async def test_one_decision_in_two_processes_at_once_counts_once(tmp_path: Path) -> None:
    async with postgresql() as url, AsyncExitStack() as stack, asyncio.timeout(4 * PATIENCE):
        team = await Team(stack, settings_of(tmp_path, url)).open()
        here, there = await team.flows("Poem")
        await here.begin()
        pk = (await here.last())["user_workflow_step_execution_pk"]
        body = {"user_workflow_step_execution_pk": pk, "validated": True}
        answers = await asyncio.gather(
            *(api.post("/user_workflow_step_execution", **body) for api in team.apis * 2)
        )
        await here.idle()
        await there.idle()
        said = sorted(answer.json()["message"] for answer in answers)
        assert said[-1] == "Step validated"
        assert [each.startswith("Nothing changed") for each in said] == [True] * 3 + [False]
        written = [call for steps in team.steps for call in steps.calls if call.step.rank > 1]
        assert len(written) == 1
