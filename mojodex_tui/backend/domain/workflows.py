"""Workflows, as values: their steps, and what a step is given (wire protocol §6.1, §6.4)."""

from dataclasses import dataclass
from datetime import datetime

from mojodex_tui.backend.domain.catalog import JsonObject


@dataclass(frozen=True)
class WorkflowStep:
    """A step of a workflow, in one language."""

    pk: int
    name: str
    """The system name."""
    rank: int
    """Its place, from 1."""
    label: str
    """The name users read."""
    definition: str
    """What users read of it."""
    definition_for_system: str
    validation_required: bool
    """Whether the user decides on its results."""
    review_chat_enabled: bool


@dataclass(frozen=True)
class Learned:
    """A rejected result, and what the user asked for instead."""

    result: tuple[JsonObject, ...]
    instruction: str


@dataclass(frozen=True)
class PastResult:
    """A result that counts."""

    step: str
    """The system name of the step that gave it."""
    parameter: JsonObject
    result: tuple[JsonObject, ...]
    instruction: str | None
    """What the user asked for before it was given, if anything."""


@dataclass(frozen=True)
class StepCall:
    """All a step is given."""

    workflow: str
    """The system name."""
    step: WorkflowStep
    parameter: JsonObject
    """The item it works on."""
    inputs: JsonObject
    """The values of the form, by input name."""
    learned: tuple[Learned, ...]
    """From rejections of this step on an equal parameter, the oldest first."""
    past: tuple[PastResult, ...]
    """Everything that counts so far."""
    language: str
    """The user's language, as a two-letter code."""
    user_name: str
    now: datetime
    """The user's local time, aware."""
    company: str | None
    user_id: str
    execution_pk: int
    session_id: str


class StepFailed(Exception):
    """A step gave no result; the sentence is for the user."""
