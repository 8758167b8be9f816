"""The workflow routes of servers before April 2024, for clients of that time (wire protocol §15).

The step routes kept their paths: see `workflows`. Only the step's JSON was smaller.
"""

from pydantic import JsonValue

from mojodex_tui.wire.base import Items, Omittable, PageRequest, Request, WireModel
from mojodex_tui.wire.route import Placement, Route


class OldInput(WireModel):
    """An input of a workflow, and what was given for it."""

    input_name: str
    value: str | None = None


class OldInputSpec(WireModel):
    """An input that a workflow asks for."""

    input_name: str


class OldStep(WireModel):
    """A step of a workflow."""

    workflow_step_pk: int
    step_name: str


class OldStepExecution(OldStep):
    """One run of one step; also the payload of the events of that time, with `session_id`."""

    user_workflow_step_execution_pk: int
    validated: bool | None = None
    parameter: JsonValue = None
    result: JsonValue = None
    session_id: Omittable[str] = None


class OldWorkflowsRequest(PageRequest):
    """Asks for the workflows of a user, or for one of them."""

    n_user_workflows: Omittable[int] = None
    user_workflow_pk: Omittable[int] = None


class OldWorkflow(WireModel):
    """A workflow of a user."""

    user_workflow_pk: int
    workflow_pk: int
    name: str | None = None
    icon: str | None = None
    description: str | None = None
    inputs_spec: Items[OldInputSpec] = ()
    steps: Items[OldStep] = ()


class OldWorkflows(WireModel):
    """The workflows of a user."""

    user_workflows: Items[OldWorkflow] = ()


class CreateOldExecutionRequest(Request):
    """Creates an execution; sent by PUT, though the design note said POST."""

    user_workflow_pk: int


class OldExecution(WireModel):
    """An execution, and its steps so far."""

    workflow_name: str | None = None
    user_workflow_execution_pk: int
    user_workflow_fk: int
    steps: Items[OldStep] = ()
    validated_steps_executions: Items[OldStepExecution] = ()
    session_id: str
    inputs: Items[OldInput] = ()


class StartOldExecutionRequest(Request):
    """Starts an execution with its inputs."""

    user_workflow_execution_pk: int
    json_inputs: Items[OldInput] = ()


class StartedOldExecution(WireModel):
    """Which execution started."""

    user_workflow_execution_pk: int


class OldExecutionRequest(Request):
    """Asks for an execution."""

    user_workflow_execution_pk: int


LIST_OLD_WORKFLOWS = Route(
    "GET", "/user_workflow", OldWorkflowsRequest, OldWorkflows, Placement.QUERY
)
CREATE_OLD_EXECUTION = Route(
    "PUT", "/user_workflow_execution", CreateOldExecutionRequest, OldExecution, Placement.JSON
)
START_OLD_EXECUTION = Route(
    "POST",
    "/user_workflow_execution",
    StartOldExecutionRequest,
    StartedOldExecution,
    Placement.JSON,
)
READ_OLD_EXECUTION = Route(
    "GET", "/user_workflow_execution", OldExecutionRequest, OldExecution, Placement.QUERY
)
