"""A run of a workflow made of values."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import JsonValue

from mojodex_tui.client.errors import ApiError, NotFound, NotSupportedByServer
from mojodex_tui.client.port import OutboxItem, OutboxKind
from mojodex_tui.client.port.workflows import SteeredRun
from mojodex_tui.wire.executions import CreatedExecution, InputValue
from mojodex_tui.wire.workflow_extensions import (
    RunState,
    WaitingKind,
    WaitingRun,
    WorkflowRun,
)

if TYPE_CHECKING:
    from mojodex_tui.wire.base import FilePart

BEGAN = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SINCE = datetime(2020, 5, 2, 12, 0, tzinfo=UTC)
TITLES = {7: "Rain over Lyon", 8: "Snow in the Alps", 9: "Wind from the sea"}


def step_execution(pk: int, step_pk: int = 1, **more: object) -> dict[str, object]:
    """Return a step execution that waits for its user, changed by `more`."""
    names = {1: ("stanza_divider", "Stanza topics"), 2: ("stanza_writer", "Stanza")}
    name, label = names[step_pk]
    return {
        "user_workflow_step_execution_pk": pk,
        "workflow_step_pk": step_pk,
        "step_name": name,
        "step_name_for_user": label,
        "step_definition_for_user": f"What {label} is",
        "creation_date": BEGAN,
        "ended_date": BEGAN,
        "user_validation_required": True,
        "validated": None,
        "parameter": {"poem_topic": "rain", "n_stanzas": "2"},
        "result": [{"stanza_topic": "first drops"}, {"stanza_topic": "after the storm"}],
        "review_chat_enabled": True,
        **more,
    }


def run(
    *executions: dict[str, object],
    state: RunState = RunState.WAITING,
    extras: bool = True,
    **more: object,
) -> SteeredRun:
    """Return a run of the poem with these step executions."""
    steps = [
        {
            "workflow_step_pk": 1,
            "step_name": "stanza_divider",
            "step_name_for_user": "Stanza topics",
        },
        {"workflow_step_pk": 2, "step_name": "stanza_writer", "step_name_for_user": "Stanza"},
    ]
    told = WorkflowRun.model_validate(
        {
            "user_task_execution_pk": 7,
            "state": state,
            "steps": steps,
            "step_executions": executions,
            **more,
        }
    )
    return SteeredRun(told, "session-7", has_extras=extras)


def waiting(
    pk: int, kind: WaitingKind = WaitingKind.DECISION, title: str | None = None
) -> WaitingRun:
    """Return a line of the inbox: the higher its number, the shorter it has waited."""
    return WaitingRun(
        user_task_execution_pk=pk,
        session_id=f"session-{pk}",
        title=title or TITLES[pk],
        workflow_name="Write poem",
        icon="🌸",
        step_name="Stanza topics",
        since=SINCE + timedelta(hours=pk),
        kind=kind,
    )


@dataclass
class FakeWorkflows:
    """Answers with what the test put in, and notes what was decided.

    A list in `failures` under a method's name makes its next calls fail, one a call.
    """

    told: SteeredRun | None = None
    others: dict[int, SteeredRun] = field(default_factory=dict)
    """What is told of runs by their execution, where there is more than one."""
    waiting: tuple[WaitingRun, ...] = ()
    decided: list[tuple[str, object]] = field(default_factory=list)
    failures: dict[str, list[ApiError]] = field(default_factory=dict)
    has_extras: bool = True
    reads: int = 0
    is_silent: bool = False
    """Whether what waits is never told."""
    unsent: list[OutboxItem] | None = None
    """Where decisions wait to be sent; without, they are at once."""

    def _note(self, name: str, given: object) -> None:
        self.decided.append((name, given))
        if pending := self.failures.get(name):
            raise pending.pop(0)

    def _item(self, kind: OutboxKind, run: SteeredRun) -> OutboxItem:
        item = OutboxItem(
            f"decision-{len(self.decided)}",
            kind,
            run.session_id,
            run.run.user_task_execution_pk,
            kind.value,
            BEGAN,
        )
        if self.unsent is not None:
            self.unsent.append(item)
        return item

    async def read(self, execution_pk: int) -> SteeredRun:
        self.reads += 1
        if pending := self.failures.get("read"):
            raise pending.pop(0)
        told = self.others.get(execution_pk, self.told)
        if told is None:
            raise NotFound("There is no such run.")
        return told

    async def inbox(self) -> tuple[WaitingRun, ...]:
        if self.is_silent:
            await asyncio.Event().wait()
        if pending := self.failures.get("inbox"):
            raise pending.pop(0)
        return self.waiting

    async def validate(self, run: SteeredRun, step_execution_pk: int) -> OutboxItem:
        self._note("validate", step_execution_pk)
        return self._item(OutboxKind.JUDGE, run)

    async def reject(self, run: SteeredRun, step_execution_pk: int) -> OutboxItem:
        self._note("reject", step_execution_pk)
        return self._item(OutboxKind.JUDGE, run)

    async def edit(
        self, run: SteeredRun, step_execution_pk: int, items: Sequence[dict[str, JsonValue]]
    ) -> OutboxItem:
        self._note("edit", (step_execution_pk, list(items)))
        return self._item(OutboxKind.RESULT, run)

    async def relaunch(self, run: SteeredRun, step_execution_pk: int) -> OutboxItem:
        self._note("relaunch", step_execution_pk)
        return self._item(OutboxKind.RELAUNCH, run)

    async def restart(
        self, run: SteeredRun, inputs: Sequence[InputValue], files: Sequence[FilePart] = ()
    ) -> OutboxItem:
        self._note("restart", tuple(inputs))
        return self._item(OutboxKind.RESTART, run)

    async def pause(self, execution_pk: int, *, paused: bool) -> None:
        self._extra("pause", paused)
        self._change(paused=paused)

    async def stop(self, execution_pk: int) -> None:
        self._extra("stop", execution_pk)

    async def auto_validate(self, execution_pk: int, *, enabled: bool) -> None:
        self._extra("auto_validate", enabled)

    async def duplicate(self, execution_pk: int) -> CreatedExecution:
        self._extra("duplicate", execution_pk)
        return CreatedExecution(user_task_execution_pk=8, session_id="session-8", json_input=())

    def _extra(self, name: str, given: object) -> None:
        if not self.has_extras:
            raise NotSupportedByServer("This server cannot do this.")
        self._note(name, given)

    def _change(self, **more: object) -> None:
        if self.told is not None:
            self.told = replace(self.told, run=self.told.run.model_copy(update=more))
