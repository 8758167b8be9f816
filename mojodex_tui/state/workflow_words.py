"""What is said about a run of a workflow: over its results, and about what may be decided."""

from __future__ import annotations

from typing import Final, TypeAlias

from mojodex_tui.state.step_result import as_markdown, in_a_line
from mojodex_tui.state.workflow import Sign, StepRow, WorkflowState, tries_differ
from mojodex_tui.state.workflow_decisions import KEYS, OFFERED, Decision
from mojodex_tui.wire.workflow_extensions import RunState

Choice: TypeAlias = tuple[str, str]
"""A key, and what it does."""

EDITING: Final[tuple[Choice, ...]] = (
    ("^S", "save your result"),
    ("Esc", "leave (kept)"),
    ("+ -", "add, remove"),
    ("K J", "move up, down"),
)
"""What can be done while a result is edited."""

HOLDING: Final[tuple[Choice, ...]] = (("u", "hold it back"), ("v", "send it now"))
"""What can be done while a validation is held back."""


_BETWEEN_STEPS: Final = {
    Decision.AGAIN: "go on with the next step",
    Decision.INSTRUCT: "instruct, run this one again",
}


def choices(state: WorkflowState, row: StepRow) -> list[Choice]:
    """Return what may be decided about the row a run has halted at."""
    if _is_stopped_after(state, row):
        return [(KEYS[one], words) for one, words in _BETWEEN_STEPS.items()]
    offered = [(KEYS[one], words) for one, words in OFFERED.get(state.run.state, {}).items()]
    restart = [("R", "restart")] if state.run.state is RunState.FAILED else []
    changes = [("d", f"changes since try {len(row.tries) - 1}")] if tries_differ(row) else []
    return offered + restart + changes


def _is_stopped_after(state: WorkflowState, row: StepRow) -> bool:
    """Whether a run was stopped between two steps, the first of which is done."""
    return state.run.state is RunState.STOPPED and row.sign is Sign.DONE


def result_text(row: StepRow) -> str:
    """Return a row's result, or why there is none, as Markdown."""
    last = row.last
    if last is None:
        return "*This step has not begun.*"
    if last.error_status is not None:
        return f"**It failed:** {last.error_status.text}"
    if last.result is None:
        return "*The step is running; you need not wait here.*"
    if not isinstance(last.result, list) or len(last.result_items) != len(last.result):
        return "*This server keeps a result that is no list of items: restart the run.*"
    return as_markdown(last.result_items)


def title(row: StepRow) -> str:
    """Return what stands over a row's result."""
    tries = f", try {len(row.tries)}" if len(row.tries) > 1 else ""
    word = "result" if row.last is not None and row.last.result is not None else row.sign.word
    return f"{row.label}   {word}{tries}"


def given(row: StepRow) -> str:
    """Return what a row's step was given, in one line."""
    told = in_a_line(row.last.parameter) if row.last is not None else ""
    return f"From: {told}" if told else ""


def standing(state: WorkflowState) -> str:
    """Return how a run stands, as a sentence."""
    match state.run.state:
        case RunState.RUNNING if state.is_auto:
            left = state.left_of_step
            return f"Validating by itself: {left} left of this step. P or a decision stops it."
        case RunState.RUNNING:
            return "The run goes on by itself, also while you are elsewhere."
        case RunState.PAUSED:
            return "Paused before the next step. P goes on."
        case RunState.STOPPED:
            between = state.current is None or _is_stopped_after(state, state.current)
            return "Stopped by you before the next step." if between else "Stopped by you."
        case RunState.DONE:
            return "Done. o shows the text; Enter on it opens its versions and its chat."
        case RunState.NEW:
            return "Not started yet."
        case RunState.WAITING:
            return ""
        case RunState.FAILED:
            last = state.current.last if state.current is not None else None
            is_told = last is not None and last.error_status is not None
            return "" if is_told else f"It failed: {state.failure}"
