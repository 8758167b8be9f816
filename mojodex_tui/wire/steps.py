"""A workflow's steps and their executions (wire protocol §2, §6.2)."""

from pydantic import JsonValue

from mojodex_tui.wire.base import JsonObject, Moment, Omittable, WireModel


class Step(WireModel):
    """One step of a workflow, as users see it; its rank is its place in the list."""

    workflow_step_pk: int
    step_name: Omittable[str] = None
    """Its name in the workflow's definition; only our own backend tells, and servers before 2024-04
    (§15)."""
    step_name_for_user: str | None = None
    step_definition_for_user: str | None = None


class ErrorStatus(WireModel):
    """Why a step execution failed, or was given up (§6.1)."""

    datetime: str | None = None
    error: Omittable[str] = None
    """Set when the step raised."""
    message: Omittable[str] = None
    """Set when the step was declared locked."""

    @property
    def text(self) -> str:
        """The one sentence to show."""
        return self.error or self.message or "The step failed."


class StepExecution(Step):
    """One run of one step (§6.2).

    It runs while `result` and `error_status` are both null, and waits for the user while it has a
    result, `user_validation_required` is true and `validated` is null.
    """

    user_workflow_step_execution_pk: int
    creation_date: Moment | None = None
    user_validation_required: bool = True
    validated: bool | None = None
    """Null while pending, false once rejected; stays null for steps nobody must validate."""
    parameter: JsonValue = None
    """One item of the step before, or all inputs; an object unless a user's edit broke it."""
    result: JsonValue = None
    """A list of objects, one per run of the next step, unless a user's edit broke it."""
    error_status: ErrorStatus | None = None
    review_chat_enabled: bool = False
    """Whether to offer a rejection by chat."""

    @property
    def result_items(self) -> tuple[JsonObject, ...]:
        """The objects of the result; empty while there is none, or if it is no list of objects."""
        if not isinstance(self.result, list):
            return ()
        return tuple(item for item in self.result if isinstance(item, dict))
