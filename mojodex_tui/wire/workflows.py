"""What a user does with a workflow's steps (wire protocol §6)."""

from pydantic import JsonValue

from mojodex_tui.wire.base import Confirmation, Items, Request, WireModel
from mojodex_tui.wire.executions import SubmittedInputs
from mojodex_tui.wire.route import Access, Placement, Route


class JudgeStepRequest(Request):
    """Accepts the result of a step, or opens its rejection by chat (§6.3, §6.6)."""

    user_workflow_step_execution_pk: int
    validated: bool
    """False alone changes nothing: the chat's instruction makes the step run again."""


class RelaunchStepRequest(Request):
    """Runs a failed step again; any step of the execution will do (§6.3)."""

    user_workflow_step_execution_pk: int


class EditStepResultRequest(Request):
    """Replaces a step's result; nothing runs again, no event tells of it (§6.3)."""

    user_workflow_step_execution_pk: int
    result: JsonValue
    """A list of objects; original servers take anything, and fail later."""


class EditedStepResult(WireModel):
    """The result that was stored."""

    new_result: JsonValue


class RestartWorkflowRequest(Request):
    """Runs the first step again with new inputs; files travel beside it (§6.3, §6.7)."""

    user_task_execution_pk: int
    inputs: SubmittedInputs = ()


class RelaunchLockedRequest(Request):
    """Gives up steps that have been running for too long, and runs them again (§6.7)."""


class RelaunchedSteps(WireModel):
    """The step executions that were given up."""

    user_workflow_step_executions_pk: Items[int] = ()


JUDGE_STEP = Route(
    "POST", "/user_workflow_step_execution", JudgeStepRequest, Confirmation, Placement.JSON
)
RELAUNCH_STEP = Route(
    "PUT", "/user_workflow_step_execution", RelaunchStepRequest, Confirmation, Placement.JSON
)
EDIT_STEP_RESULT = Route(
    "PUT",
    "/user_workflow_step_execution_result",
    EditStepResultRequest,
    EditedStepResult,
    Placement.JSON,
)
RESTART_WORKFLOW = Route(
    "POST",
    "/restart_user_workflow_execution",
    RestartWorkflowRequest,
    Confirmation,
    Placement.FORM,
)
RELAUNCH_LOCKED_STEPS = Route(
    "POST",
    "/relaunch_locked_workflow_step_executions",
    RelaunchLockedRequest,
    RelaunchedSteps,
    Placement.JSON,
    Access.SCHEDULER,
)
