"""The decision inbox: the runs that wait for their user, and the one that is decided on now."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace

from mojodex_tui.state.runs import Run
from mojodex_tui.wire.workflow_extensions import WaitingKind, WaitingRun

_WHY = {
    WaitingKind.DECISION: "your decision",
    WaitingKind.FAILURE: "failed: try again",
    WaitingKind.QUESTION: "asks what you mean",
}


@dataclass(frozen=True)
class InboxState:
    """What waits; the longest waiting first."""

    waiting: tuple[WaitingRun, ...] | None = None
    """`None` until it was fetched."""
    pointed: int | None = None
    """The execution of the run that is decided on."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known to wait."""
        return not self.waiting

    @property
    def place(self) -> int | None:
        """Where in the list the run is that is decided on; `None` if it waits no more."""
        places = (
            place
            for place, run in enumerate(self.waiting or ())
            if run.user_task_execution_pk == self.pointed
        )
        return next(places, None)

    @property
    def run(self) -> WaitingRun | None:
        """The run that is decided on, as long as it waits."""
        place = self.place
        return None if place is None or self.waiting is None else self.waiting[place]


def told(state: InboxState, waiting: tuple[WaitingRun, ...], *, stays: bool = False) -> InboxState:
    """Return the inbox once the server has told what waits.

    Args:
        state: The inbox before.
        waiting: What waits.
        stays: Whether the user is in the middle of something with the run that is decided on, so
            that it stays in sight even if it does not wait any more.
    """
    before = state.place or 0
    after = replace(state, waiting=waiting)
    if after.place is not None or (stays and state.pointed is not None):
        return after
    pointed = waiting[min(before, len(waiting) - 1)] if waiting else None
    return replace(after, pointed=pointed.user_task_execution_pk if pointed else None)


def moved_on(state: InboxState, decided: Container[str]) -> InboxState:
    """Return the inbox at the next run that waits; at the same one if no other does.

    Args:
        state: The inbox.
        decided: The sessions of runs about which a decision is on its way.
    """
    waiting = state.waiting or ()
    here = state.place
    start = 0 if here is None else here + 1
    others = (
        run
        for run in (*waiting[start:], *waiting[:start])
        if run.user_task_execution_pk != state.pointed and run.session_id not in decided
    )
    run = next(others, None)
    return state if run is None else replace(state, pointed=run.user_task_execution_pk)


def why(run: WaitingRun) -> str:
    """Return why a run waits."""
    return _WHY.get(run.kind, "waits")


def run_of_waiting(run: WaitingRun) -> Run:
    """Return what opens a run that waits."""
    name = run.workflow_name or "Workflow"
    return Run(
        execution_pk=run.user_task_execution_pk,
        session_id=run.session_id,
        title=run.title or name,
        task_name=name,
        icon=run.icon or "",
        is_workflow=True,
    )
