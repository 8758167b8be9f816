"""What screens and the console may ask about runs of workflows, of any server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pydantic import JsonValue

from mojodex_tui.wire.base import FilePart
from mojodex_tui.wire.executions import CreatedExecution, Execution, InputValue
from mojodex_tui.wire.workflow_extensions import WaitingRun, WorkflowRun

if TYPE_CHECKING:
    from mojodex_tui.client.port.outbox import OutboxItem


@dataclass(frozen=True)
class SteeredRun:
    """A run, as far as its server tells it."""

    run: WorkflowRun
    session_id: str
    has_extras: bool = False
    """Whether the server tells every try, and pauses, stops and duplicates: only our own does."""
    execution: Execution | None = None
    """What is told of it as of any execution: its title, its inputs, its text."""


class Workflows(Protocol):
    """What a user may want with a run.

    What asks raises an `ApiError` when it fails. What decides goes through the outbox: it is
    stored, sent until it is there, and its failure stands in its item.
    """

    async def read(self, execution_pk: int) -> SteeredRun:
        """Return a run as it is now."""
        ...

    async def inbox(self) -> tuple[WaitingRun, ...]:
        """Return the runs that wait for their user; the longest waiting first.

        Against an original server only the newest runs are looked at.
        """
        ...

    async def validate(self, run: SteeredRun, step_execution_pk: int) -> OutboxItem:
        """Take the result of a step; a repetition changes nothing."""
        ...

    async def reject(self, run: SteeredRun, step_execution_pk: int) -> OutboxItem:
        """Open the talk about a result; the reason is the session's next message (§6.6)."""
        ...

    async def edit(
        self, run: SteeredRun, step_execution_pk: int, items: Sequence[dict[str, JsonValue]]
    ) -> OutboxItem:
        """Replace the result of a step by the user's."""
        ...

    async def relaunch(self, run: SteeredRun, step_execution_pk: int) -> OutboxItem:
        """Run a failed step again."""
        ...

    async def restart(
        self, run: SteeredRun, inputs: Sequence[InputValue], files: Sequence[FilePart] = ()
    ) -> OutboxItem:
        """Run the first step again, with other inputs."""
        ...

    async def pause(self, execution_pk: int, *, paused: bool) -> None:
        """Keep a run from beginning its next step, or let it go on.

        Raises:
            NotSupportedByServer: an original server does not pause.
        """
        ...

    async def stop(self, execution_pk: int) -> None:
        """Let a run rest where it is, until an instruction or a relaunch takes it up.

        Raises:
            NotSupportedByServer: an original server does not stop.
        """
        ...

    async def auto_validate(self, execution_pk: int, *, enabled: bool) -> None:
        """Take the remaining results of the present step without asking, or stop doing so.

        Raises:
            NotSupportedByServer: an original server always asks.
        """
        ...

    async def duplicate(self, execution_pk: int) -> CreatedExecution:
        """Create a run with the same inputs, not started.

        Raises:
            NotSupportedByServer: an original server copies nothing.
        """
        ...
