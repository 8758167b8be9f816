"""What a user may decide about the row a run has halted at."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from mojodex_tui.wire.workflow_extensions import RunState


class Decision(StrEnum):
    """A decision; the value names its action."""

    VALIDATE = "validate"
    EDIT = "edit"
    INSTRUCT = "instruct"
    REJECT = "reject"
    AGAIN = "again"


KEYS: Final[Mapping[str, str]] = {
    Decision.VALIDATE: "v",
    Decision.EDIT: "e",
    Decision.INSTRUCT: "i",
    Decision.REJECT: "x",
    Decision.AGAIN: "r",
}
"""The key of each."""

OFFERED: Final[Mapping[RunState, Mapping[Decision, str]]] = {
    RunState.WAITING: {
        Decision.VALIDATE: "validate, go on",
        Decision.EDIT: "edit the result",
        Decision.INSTRUCT: "instruct, run again",
        Decision.REJECT: "reject, stop here",
        Decision.AGAIN: "run again",
    },
    RunState.STOPPED: {
        Decision.INSTRUCT: "instruct, go on",
        Decision.AGAIN: "run again",
    },
    RunState.FAILED: {Decision.AGAIN: "try again"},
}
"""What may be decided while a run stands so, in the order of showing, and what it does."""
