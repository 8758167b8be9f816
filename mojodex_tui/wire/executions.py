"""Executions of tasks, from creation to deletion, and their inputs (wire protocol §3)."""

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer

from mojodex_tui.wire.base import (
    Items,
    Moment,
    Omittable,
    PageRequest,
    PkText,
    Request,
    Success,
    WireModel,
)
from mojodex_tui.wire.catalog import OpenTaskType, TaskType
from mojodex_tui.wire.route import Placement, Route
from mojodex_tui.wire.steps import Step, StepExecution


class InputType(StrEnum):
    """How an input is asked for (§3.3)."""

    TEXT_AREA = "text_area"
    DROP_DOWN_LIST = "drop_down_list"
    IMAGE = "image"
    MULTIPLE_IMAGES = "multiple_images"
    AUDIO_FILE = "audio_file"
    VIDEO = "video"


OpenInputType = Annotated[InputType | str, Field(union_mode="left_to_right")]
"""An `InputType`, or another one, to be asked for as text."""


class PossibleValue(WireModel):
    """One choice of a drop-down list."""

    value: str
    displayed_text: str


class InputSpec(WireModel):
    """An input a task asks for, as its author configured it (§3.3)."""

    input_name: str
    description_for_user: Omittable[str] = None
    description_for_system: Omittable[str] = None
    placeholder: Omittable[str] = None
    type: OpenInputType = InputType.TEXT_AREA
    required: Omittable[bool] = None
    """Whether the form must have it; only our own tasks tell, and an original one needs all."""
    possible_values: Omittable[tuple[PossibleValue, ...]] = None
    """The choices of a drop-down list; a server does not refuse any other value: check it."""
    lines: Omittable[int] = None
    """How tall a text starts, one line for a short answer; only our own tasks tell."""
    accepted: Omittable[tuple[str, ...]] = None
    """File name endings a file may have, without the dot; only our own tasks tell."""
    max_megabytes: Omittable[float] = None
    """How large a file may be; only our own tasks tell."""
    max_files: Omittable[int] = None
    """How many files `multiple_images` takes; only our own tasks tell."""
    use: Omittable[str] = None
    """What is done with its files, as a sentence; only our own backend tells."""


class FilledInput(InputSpec):
    """An input and what was given for it (§3.3)."""

    value: str | tuple[str, ...] | None = None
    """A text, a choice, a file name, or file names; null until submitted."""
    file_names: Omittable[tuple[str, ...]] = None
    """What its user calls the files of `value`, in their order; only our own backend tells."""
    notice: Omittable[str] = None
    """What was not done with the files, as a sentence; only our own backend tells."""


class InputValue(WireModel):
    """What a user gives for one input; for a file, its name (§3.3)."""

    input_name: str
    input_value: str


def numbered_input(input_name: str, index: int) -> str:
    """Return the name of the `index`th file of a `multiple_images` input, from 0 (§3.3)."""
    return f"{input_name}_{index}"


def _inputs_from_text(value: object) -> object:
    """Decode the JSON string in which inputs travel."""
    return json.loads(value) if isinstance(value, str) else value


def _inputs_to_text(values: Iterable[InputValue]) -> str:
    """Encode inputs as the JSON string a form carries."""
    return json.dumps([value.to_wire() for value in values], ensure_ascii=False)


SubmittedInputs = Annotated[
    tuple[InputValue, ...],
    BeforeValidator(_inputs_from_text),
    PlainSerializer(_inputs_to_text, return_type=str),
]
"""The inputs of a form: one JSON string on the wire."""


class PredefinedAction(WireModel):
    """A task to go on with once this one has its result (§3.8)."""

    task_pk: int
    """The follow-up *task*, not a user task."""
    name: str | None = None
    button_text: Omittable[str] = None
    message_prefix: Omittable[str] = None
    """What to put before the produced text, in the first message of the follow-up."""


class TextEditAction(WireModel):
    """A rewriting that is offered for a produced text (§3.8)."""

    text_edit_action_pk: int
    name: str
    description: str | None = None
    emoji: str | None = None


class CreateExecutionRequest(Request):
    """Creates an execution and its session (§3.2)."""

    user_task_pk: int
    user_task_execution_fk: Omittable[int] = None
    """The execution this one follows from, for a predefined action."""


class CreatedExecution(WireModel):
    """What to ask the user for, and the session to join (§3.2)."""

    user_task_execution_pk: int
    json_input: Items[InputSpec] = ()
    actions: Items[PredefinedAction] = ()
    text_edit_actions: Items[TextEditAction] = ()
    session_id: str
    intro_done: bool = False


class RunExecutionRequest(Request):
    """Starts an execution with its inputs; files travel beside it (§3.4)."""

    user_task_execution_pk: int
    inputs: SubmittedInputs = ()
    use_message_placeholder: Omittable[str] = None
    """Any text is true, `false` too; an original server then stores nothing."""
    use_draft_placeholder: Omittable[str] = None


class ExecutionRequest(Request):
    """Asks for one execution (§3.5)."""

    user_task_execution_pk: int


class ListedExecution(WireModel):
    """An execution in a list (§3.6)."""

    user_task_execution_pk: int
    start_date: Moment | None = None
    end_date: Moment | None = None
    """When the last draft was delivered; workflows have none (§3.1)."""
    title: str | None = None
    summary: str | None = None
    session_id: str
    json_inputs_values: tuple[FilledInput, ...] | None = None
    """Null until one of the inputs is given."""
    icon: str | None = None
    task_name: str | None = None
    task_type: OpenTaskType = TaskType.INSTRUCT
    result_chat_enabled: bool = True
    actions: Items[PredefinedAction] = ()
    user_task_pk: int
    n_todos: int = 0
    n_not_read_todos: int = 0
    produced_text_pk: int | None = None
    produced_text_title: str | None = None
    produced_text_production: str | None = None
    produced_text_version_pk: int | None = None
    produced_text_version_index: int | None = None
    """How many versions there are; without any, 0 for one execution and null in a list."""
    text_edit_actions: Items[TextEditAction] = ()
    working_on_todos: bool = False
    """Whether To-Dos were never extracted, even if nothing works on them (§3.5)."""


class Execution(ListedExecution):
    """One execution, with the steps of a workflow (§3.5)."""

    deleted_by_user: bool = False
    steps: Omittable[tuple[Step, ...]] = None
    """Left out unless the task is a workflow."""
    step_executions: Omittable[tuple[StepExecution, ...]] = None
    """The valid ones, and the last one if it waits or failed; rejected ones are left out."""
    failure: Omittable[str] = None
    """Why the last answer is missing; only our own backend tells."""


class ExecutionsRequest(PageRequest):
    """Asks for a page of started executions, the newest first (§3.6)."""

    n_user_task_executions: Omittable[int] = None
    search_filter: Omittable[str] = None
    """A part of the title, whatever its case."""
    user_task_pks: Omittable[str] = None
    """Keys to keep, separated by semicolons: see `joined_pks`."""


def joined_pks(user_task_pks: Iterable[int]) -> str | None:
    """Return a `user_task_pks` filter; `None`, for no filter, without keys."""
    return ";".join(str(pk) for pk in user_task_pks) or None


class Executions(WireModel):
    """A page of executions."""

    user_task_executions: Items[ListedExecution] = ()


class DeleteExecutionRequest(Request):
    """Takes an execution out of the lists (§3.7)."""

    user_task_execution_pk: int


class DeletedExecution(WireModel):
    """Which execution left the lists."""

    user_task_execution_pk: PkText


class RetitleExecutionRequest(Request):
    """Gives an execution a title of at most 255 characters (§3.7)."""

    user_task_execution_pk: int
    title: str


CREATE_EXECUTION = Route(
    "PUT", "/user_task_execution", CreateExecutionRequest, CreatedExecution, Placement.JSON
)
RUN_EXECUTION = Route(
    "POST", "/user_task_execution_run", RunExecutionRequest, Success, Placement.FORM
)
READ_EXECUTION = Route(
    "GET",
    "/user_task_execution",
    ExecutionRequest,
    Execution,
    Placement.QUERY,
    picked_by="user_task_execution_pk",
)
LIST_EXECUTIONS = Route(
    "GET", "/user_task_execution", ExecutionsRequest, Executions, Placement.QUERY
)
DELETE_EXECUTION = Route(
    "DELETE", "/user_task_execution", DeleteExecutionRequest, DeletedExecution, Placement.QUERY
)
RETITLE_EXECUTION = Route(
    "POST", "/user_task_execution_title", RetitleExecutionRequest, Success, Placement.JSON
)
