"""The line over a run: what it is, and how it stands."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from mojodex_tui.state.times import told

if TYPE_CHECKING:
    from mojodex_tui.state.runs import Run
    from mojodex_tui.state.workflow import WorkflowState

_WIDE = 100
"""Cells from which there is room for the time it took."""

_JUST_NOW = "now"

_LEAST = 12
"""Cells a name keeps however much there is to say beside it."""


def run_title(run: Run, state: WorkflowState | None, now: datetime, width: int) -> Content:
    """Return the line.

    Args:
        run: What the run was called when it was opened.
        state: The run; `None` while nothing of it was read.
        now: The moment it is looked at.
        width: How many cells there are.
    """
    execution = state.execution if state is not None else None
    name = (execution.task_name if execution is not None else None) or run.task_name
    title = (execution.title if execution is not None else None) or run.title
    what = Content.assemble((name, "bold"), ("" if title == name else f" > “{title}”", ""))
    if state is None:
        return what
    words = [_standing(state, now), f"{state.n_done} of {len(state.rows)} done"]
    seconds = state.total_seconds(now)
    if width >= _WIDE and seconds:
        words.append(f"total {seconds // 60:02}:{seconds % 60:02}")
    style = "bold $warning" if state.waiting is not None else "$quiet-text"
    how = Content.styled("   " + "   ".join(words), style)
    # How the run stands is what one looks for: a long title gives way to it.
    return what.truncate(max(_LEAST, width - 2 - how.cell_length), ellipsis=True) + how


def _standing(state: WorkflowState, now: datetime) -> str:
    row = state.waiting
    if row is None or row.last is None:
        return state.run.state.value
    since = row.last.ended_date or row.last.creation_date
    when = told(since.astimezone(), now) if since is not None else _JUST_NOW
    return "waiting for you" if when == _JUST_NOW else f"waiting for you since {when}"
