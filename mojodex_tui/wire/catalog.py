"""The tasks a user may run (wire protocol §2)."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from mojodex_tui.wire.base import Items, Omittable, PageRequest, Request, WireModel
from mojodex_tui.wire.route import Placement, Route
from mojodex_tui.wire.steps import Step


class TaskType(StrEnum):
    """What runs when a task is run."""

    INSTRUCT = "instruct"
    WORKFLOW = "workflow"


OpenTaskType = Annotated[TaskType | str, Field(union_mode="left_to_right")]
"""A `TaskType`, or the name of one that a newer server knows."""


class CatalogRequest(PageRequest):
    """Asks for the tasks of one platform (§2)."""

    n_user_tasks: Omittable[int] = None


class UserTaskRequest(Request):
    """Asks for one task of the platform (§2)."""

    user_task_pk: int


class UserTask(WireModel):
    """A task of the user, or one to tease with (§2)."""

    user_task_pk: int | None = None
    """Null only for tasks the user does not have."""
    task_pk: int
    task_name: str | None = None
    """Null when the task has a name neither in the user's language nor in English."""
    task_description: str | None = None
    task_icon: str | None = None
    task_type: OpenTaskType = TaskType.INSTRUCT
    steps: Items[Step] = ()
    enabled: bool = True
    """False for a task that is only shown to those who do not have it."""
    group: Omittable[str] = None
    """The heading to put it under; only our own backend tells."""
    output_type: Omittable[str] = None
    """What it produces, such as `meeting_minutes`; only our own backend tells."""


class SingleUserTask(UserTask):
    """One task; three of its keys travel twice (§2)."""

    user_task_name: str | None = None
    user_task_description: str | None = None
    user_task_icon: str | None = None


class Catalog(WireModel):
    """A page of tasks, by `task_pk`."""

    user_tasks: Items[UserTask] = ()


LIST_TASKS = Route("GET", "/user_task", CatalogRequest, Catalog, Placement.QUERY)
READ_TASK = Route(
    "GET",
    "/user_task",
    UserTaskRequest,
    SingleUserTask,
    Placement.QUERY,
    picked_by="user_task_pk",
)
