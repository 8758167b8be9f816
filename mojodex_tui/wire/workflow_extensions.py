"""What our own backend adds to workflows; original servers answer 404 to all of it.

Original clients never ask for it, and what they do ask for (wire protocol §6) stays as it is. No
event is added: a client reads the run again after any event of its session, and after it was away.
"""

from enum import StrEnum

from pydantic import JsonValue

from mojodex_tui.wire.base import Confirmation, Items, Moment, Request, WireModel
from mojodex_tui.wire.executions import CreatedExecution
from mojodex_tui.wire.route import Placement, Route
from mojodex_tui.wire.steps import Step, StepExecution


class RunState(StrEnum):
    """What a run does now."""

    NEW = "new"
    """It was created, and not started."""
    RUNNING = "running"
    WAITING = "waiting"
    """A step has its result, and the user decides on it."""
    PAUSED = "paused"
    """It goes on when the pause is lifted; a step that was running still ends."""
    FAILED = "failed"
    """A step has failed, or the run could not go on; it can be relaunched."""
    STOPPED = "stopped"
    """The user stopped it; an instruction, or a relaunch, takes it up again."""
    DONE = "done"


class Author(StrEnum):
    """Who wrote a result."""

    ASSISTANT = "assistant"
    USER = "user"


class ResultVersion(WireModel):
    """One version of a step's result; the last one counts."""

    version_pk: int
    creation_date: Moment
    author: Author = Author.ASSISTANT
    result: JsonValue


class RunStepExecution(StepExecution):
    """One run of one step, with what an original server does not tell of it."""

    ended_date: Moment | None = None
    """When it had its first result, or failed; `None` while it runs."""
    learned_instruction: str | None = None
    """What the user asked for when it was rejected."""
    item_index: int = 0
    """Which item of the step before it works on, from 0."""
    item_count: int = 1
    """How many items the step before has given."""
    try_number: int = 1
    """Counts the runs of this step on this item, from 1."""
    versions: Items[ResultVersion] = ()
    """The oldest first."""


class WorkflowRunRequest(Request):
    """Names a run."""

    user_task_execution_pk: int


class WorkflowRun(WireModel):
    """All of a run."""

    user_task_execution_pk: int
    state: RunState
    paused: bool = False
    """Whether it stops before the next step; true also while the present step still runs."""
    auto_step_pk: int | None = None
    """The step whose results are taken without asking, until something goes wrong."""
    steps: Items[Step] = ()
    step_executions: Items[RunStepExecution] = ()
    """Every one, rejected and failed ones too, the oldest first."""


class PauseRequest(WorkflowRunRequest):
    """Keeps a run from beginning its next step, or lets it go on."""

    paused: bool


class AutoValidateRequest(WorkflowRunRequest):
    """Takes the results of the rest of the present step without asking.

    It ends with the step, at a failure, at an empty result, at any decision and at a pause.
    """

    enabled: bool


class WaitingKind(StrEnum):
    """Why a run waits for its user."""

    DECISION = "decision"
    FAILURE = "failure"
    QUESTION = "question"
    """The assistant asked something about a rejected result."""


class InboxRequest(Request):
    """Asks which runs wait for their user."""


class WaitingRun(WireModel):
    """A run that waits for its user."""

    user_task_execution_pk: int
    session_id: str
    title: str | None = None
    workflow_name: str | None = None
    icon: str | None = None
    step_name: str | None = None
    """The step it waits at, as users know it."""
    since: Moment
    kind: WaitingKind


class WorkflowInbox(WireModel):
    """The runs that wait, the longest waiting first."""

    waiting: Items[WaitingRun] = ()


READ_RUN = Route("GET", "/workflow_run", WorkflowRunRequest, WorkflowRun, Placement.QUERY)
PAUSE_RUN = Route("POST", "/workflow_pause", PauseRequest, Confirmation, Placement.JSON)
STOP_RUN = Route("POST", "/workflow_stop", WorkflowRunRequest, Confirmation, Placement.JSON)
AUTO_VALIDATE = Route(
    "POST", "/workflow_auto_validate", AutoValidateRequest, Confirmation, Placement.JSON
)
READ_INBOX = Route("GET", "/workflow_inbox", InboxRequest, WorkflowInbox, Placement.QUERY)
DUPLICATE_RUN = Route(
    "PUT", "/workflow_duplicate", WorkflowRunRequest, CreatedExecution, Placement.JSON
)
