"""A run of a workflow, as values."""

from dataclasses import dataclass
from datetime import datetime

from mojodex_tui.backend.domain.catalog import JsonObject


@dataclass(frozen=True)
class StepRun:
    """One execution of one step."""

    pk: int
    step_pk: int
    parent_pk: int | None
    """The execution that gave the item it works on; `None` for the first step."""
    item_index: int
    """The item's place there, from 0."""
    parameter: JsonObject
    created: datetime
    ended: datetime | None = None
    result: tuple[JsonObject, ...] | None = None
    """The latest version; `None` while there is none."""
    validated: bool | None = None
    error: JsonObject | None = None
    """Why it failed, as the wire's `error_status`."""
    instruction: str | None = None
    """What the user asked for when it was rejected."""
    revision: int = 0
    """Higher than that of anything that changed in the same run before."""

    @property
    def rejected(self) -> bool:
        """Whether it counts no more."""
        return self.validated is False

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.result is None and self.error is None and not self.rejected


@dataclass(frozen=True)
class Place:
    """Where a step execution stands: the item it works on, and whose."""

    parent_pk: int | None
    item_index: int
    parameter: JsonObject


@dataclass(frozen=True)
class Standing:
    """What is known of a run besides its step executions."""

    started: bool
    ended: bool = False
    paused: bool = False
    stopped: bool = False
    """Whether the pause is a stop between two steps."""
    auto_step_pk: int | None = None
    """The step whose results are taken without asking."""
    working: bool = False
    """Whether work on it is due."""


@dataclass(frozen=True)
class Version:
    """One version of a step's result."""

    pk: int
    created: datetime
    author: str
    """`assistant` or `user`."""
    items: tuple[JsonObject, ...]


@dataclass(frozen=True)
class UnfinishedRun:
    """A run that has started and not ended."""

    execution_pk: int
    task_pk: int
