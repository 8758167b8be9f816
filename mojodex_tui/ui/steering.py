"""What a user decides about a run, on its way: held back for a moment, then in the outbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from typing import TYPE_CHECKING, Final

from mojodex_tui.client.port import OutboxKind, OutboxStatus
from mojodex_tui.wire.workflow_extensions import RunState

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex, Outbox, OutboxChange, OutboxItem
    from mojodex_tui.state.step_result import Item
    from mojodex_tui.state.workflow import StepRow, WorkflowState

HELD_FOR: Final = 3.0
"""Seconds a validation can still be held back: servers do not take one back."""

_DECISIONS: Final = frozenset({OutboxKind.JUDGE, OutboxKind.RELAUNCH, OutboxKind.RESTART})
_STEERING: Final = _DECISIONS | {OutboxKind.MESSAGE}
"""What a run goes on with: an instruction is a message."""

_LIKE_BEFORE: Final = "Please do it once more, in another way."


def steered_now(outbox: Outbox) -> frozenset[str]:
    """Return the sessions of runs about which a decision is on its way."""
    return frozenset(
        item.session_id
        for item in outbox.unsent()
        if item.kind in _STEERING and item.status is not OutboxStatus.REFUSED
    )


class Steering:
    """Sends the decisions about one run.

    Every decision names the step execution it is about, so that one that arrives twice, or late,
    changes nothing.

    Args:
        mojodex: The backend the run is on.
        session_id: The run's session.
        clock: Seconds that never go back.
    """

    def __init__(self, mojodex: Mojodex, session_id: str, clock: Callable[[], float]) -> None:
        self._mojodex = mojodex
        self._session_id = session_id
        self._clock = clock
        self._held: tuple[int, float] | None = None
        self._decided: dict[int, str] = {}

    # --- a validation that can still be held back ------------------------------------------

    @property
    def held(self) -> int | None:
        """The step execution that is validated unless the user says otherwise."""
        return None if self._held is None else self._held[0]

    @property
    def seconds_left(self) -> int:
        """How long it can still be held back, in whole seconds."""
        return 0 if self._held is None else max(0, ceil(self._held[1] - self._clock()))

    @property
    def is_due(self) -> bool:
        """Whether what was held back is to be sent."""
        return self._held is not None and self._clock() >= self._held[1]

    def hold(self, step_execution_pk: int) -> None:
        """Validate a result in a moment."""
        self._held = step_execution_pk, self._clock() + HELD_FOR

    def release(self) -> bool:
        """Do not validate; return whether anything was held."""
        was_held, self._held = self._held is not None, None
        return was_held

    async def send_held(self, state: WorkflowState) -> None:
        """Send what was held back, if anything was."""
        held, self._held = self._held, None
        if held is not None:
            await self.validate(state, held[0])

    # --- decisions -------------------------------------------------------------------------

    def is_decided(self, step_execution_pk: int) -> bool:
        """Whether a decision about a result is on its way."""
        return step_execution_pk in self._decided or any(
            item.kind in _DECISIONS and item.status is not OutboxStatus.REFUSED
            for item in self._mojodex.outbox.unsent(self._session_id)
        )

    async def validate(self, state: WorkflowState, step_execution_pk: int) -> None:
        """Take a result."""
        item = await self._mojodex.workflows.validate(state.steered, step_execution_pk)
        self._decided[step_execution_pk] = item.id

    async def instruct(self, state: WorkflowState, row: StepRow, instruction: str) -> None:
        """Have a step run again, as `instruction` says."""
        last = row.last
        if last is not None and state.run.state is RunState.WAITING:
            await self._mojodex.workflows.reject(
                state.steered, last.user_workflow_step_execution_pk
            )
        execution_pk = state.run.user_task_execution_pk
        await self._mojodex.outbox.send_message(self._session_id, execution_pk, instruction)

    async def again(self, state: WorkflowState, row: StepRow) -> str:
        """Have a step run again, with what was asked for the last time.

        Returns:
            The instruction that was sent, if one was.
        """
        last = row.last
        if last is not None and state.run.state is not RunState.WAITING:
            item = await self._mojodex.workflows.relaunch(
                state.steered, last.user_workflow_step_execution_pk
            )
            self._decided[last.user_workflow_step_execution_pk] = item.id
            return ""
        instruction = next(
            (one.learned_instruction for one in reversed(row.tries) if one.learned_instruction),
            _LIKE_BEFORE,
        )
        await self.instruct(state, row, instruction)
        return instruction

    async def save(
        self, state: WorkflowState, step_execution_pk: int, items: Sequence[Item]
    ) -> None:
        """Put the user's own result in place of the assistant's."""
        await self._mojodex.workflows.edit(state.steered, step_execution_pk, items)

    # --- what becomes of them --------------------------------------------------------------

    def settle(self, state: WorkflowState) -> None:
        """Take in what the server tells: what it has decided on is no longer on its way."""
        row = state.waiting
        waits = None if row is None or row.last is None else row.last
        pk = None if waits is None else waits.user_workflow_step_execution_pk
        if self.held is not None and self.held != pk:
            self._held = None
        failed = state.run.state is RunState.FAILED
        self._decided = {one: item for one, item in self._decided.items() if one == pk or failed}

    def follow(self, change: OutboxChange) -> bool:
        """Take in what became of an item; return whether it was a decision about this run."""
        item: OutboxItem = change.item
        if item.session_id != self._session_id or item.kind is OutboxKind.EDIT:
            return False
        if item.status in {OutboxStatus.REFUSED, OutboxStatus.DROPPED, OutboxStatus.DELIVERED}:
            self._decided = {pk: one for pk, one in self._decided.items() if one != item.id}
        return True
