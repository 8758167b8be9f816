"""What a step costs the database, early and late in a long run."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, event

from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.workflows import StepCall
from mojodex_tui.backend.engine.log import Event
from mojodex_tui.backend.store.engine_log import SqlLog
from mojodex_tui.backend.store.tables import workflows
from tests.workflows.conftest import Flow
from tests.workflows.flows import ScriptedSteps, items

ITEMS = 40
EARLY, LATE = 5, 39


@dataclass
class Tally:
    """What was asked of a database so far."""

    statements: int = 0
    loaded: int = 0
    """Rows of step executions and of their results."""

    def since(self, before: "Tally") -> "Tally":
        return Tally(self.statements - before.statements, self.loaded - before.loaded)


@pytest.fixture
def tally() -> Iterator[Tally]:
    """Counts from here on."""
    tally = Tally()

    def executed(*_: object) -> None:
        tally.statements += 1

    def loaded(*_: object) -> None:
        tally.loaded += 1

    listeners = [
        (Engine, "before_cursor_execute", executed),
        (workflows.StepExecution, "load", loaded),
        (workflows.StepResult, "load", loaded),
    ]
    for target, name, listener in listeners:
        event.listen(target, name, listener)
    yield tally
    for target, name, listener in listeners:
        event.remove(target, name, listener)


@pytest.fixture
def marks(steps: ScriptedSteps, tally: Tally) -> list[Tally]:
    """What had been asked for when each item was begun."""
    begun: list[Tally] = []

    def write(_: StepCall) -> list[JsonObject]:
        begun.append(Tally(tally.statements, tally.loaded))
        return items("!")

    steps.scripts["plan"] = lambda _: items(*map(str, range(ITEMS)))
    steps.scripts["write"] = write
    return begun


async def test_a_step_costs_the_same_however_many_came_before(
    quick: Flow, marks: list[Tally]
) -> None:
    await quick.begin()
    early, late = (marks[at].since(marks[at - 1]) for at in (EARLY, LATE))
    assert late == early
    assert early.loaded <= 4
    assert early.statements <= 45


async def test_a_decision_reads_no_more_of_the_log_the_longer_a_run_lasts(
    poem: Flow, marks: list[Tally], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    events = SqlLog.events

    async def counted(log: SqlLog, run: str) -> list[Event]:
        found = await events(log, run)
        read.append(len(found))
        return found

    monkeypatch.setattr(SqlLog, "events", counted)
    await poem.begin()
    pk = (await poem.last())["user_workflow_step_execution_pk"]
    for later in range(ITEMS + 1):
        await poem.judge(pk=pk + later)
    assert await poem.state() == "done"
    assert max(read[20:]) <= max(read[:20])


async def test_a_decision_reads_the_run_when_it_is_taken_and_when_work_begins(
    poem: Flow, marks: list[Tally]
) -> None:
    await poem.begin()
    pk = (await poem.last())["user_workflow_step_execution_pk"]
    for later in range(ITEMS):
        await poem.judge(pk=pk + later)
    early, late = (marks[at].since(marks[at - 1]) for at in (EARLY, LATE))
    assert late.statements == early.statements
    more = LATE - EARLY
    # Each time an execution and its result.
    assert late.loaded == early.loaded + 2 * 2 * more
