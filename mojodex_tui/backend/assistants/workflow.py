"""A workflow on the engine: a controller that asks no model, with its steps as sub-tasks.

The controller answers every message on its thread with what comes next: a step's parameter to that
step, a rejected result's reason to the review, a question to the user, or the end (task engine
§3.9). It decides from what is kept, so that a run goes on wherever a crash cut it off.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from mojodex_tui.backend.assistants.instruct import CONVERSATION, reply_of
from mojodex_tui.backend.assistants.steps import step_task
from mojodex_tui.backend.chat.ports import LLM, AbsentUser, ChatTurn, Emit, ToolSpec
from mojodex_tui.backend.chat.task import ChatTask
from mojodex_tui.backend.domain.workflows import WorkflowStep
from mojodex_tui.backend.engine.nodes import Node, Reply
from mojodex_tui.backend.llm.port import Usage

GO_ON = "⟨go on⟩"
"""What a run is told when something was decided; what was decided stands in the database."""
REVIEW = "review"
"""The name of the sub-task that talks about a rejected result."""

Answering = Callable[[Node], Awaitable[Reply | None]]


def step_name(step: WorkflowStep) -> str:
    """Return the name on the engine of a step."""
    return f"step:{step.name}"


def workflow_task(
    task_pk: int,
    steps: Sequence[WorkflowStep],
    decide: Answering,
    perform: Answering,
    review: LLM,
) -> ChatTask[Any]:
    """Return the root task of a workflow's run.

    Args:
        task_pk: the workflow, in the catalog.
        steps: its steps.
        decide: says what comes after a node of the controller's thread.
        perform: does the step that has begun.
        review: talks about a rejected result.
    """
    return ChatTask(
        f"workflow:{task_pk}",
        llm=None,
        user=AbsentUser(),
        sub_tasks=[
            *(_step(name, perform) for name in dict.fromkeys(map(step_name, steps))),
            step_task(REVIEW, _Reviewer(review)),
        ],
        config=CONVERSATION.model_copy(update={"fallback": decide}),
    )


def _step(name: str, perform: Answering) -> ChatTask[Any]:
    """Return the sub-task of one step; what it did before is not its business."""
    return ChatTask(
        name,
        llm=None,
        config=CONVERSATION.model_copy(
            update={"fallback": perform, "addressed_only": True, "restart_as_subtask": True}
        ),
    )


class _Reviewer:
    """Talks about a rejected result until the user decides something instead.

    Args:
        llm: does the talking.
    """

    def __init__(self, llm: LLM) -> None:
        self._llm = llm

    async def complete(
        self,
        thread: list[ChatTurn],
        *,
        tools: list[ToolSpec],
        emit: Emit,
        cancelled: Callable[[], bool],
    ) -> Reply:
        """Write the next answer, or end the talk without one."""
        if thread[-1].text == GO_ON:
            return reply_of({"instruction": GO_ON}, GO_ON, Usage(""))
        said = [turn for turn in thread if GO_ON not in turn.text]
        return await self._llm.complete(said, tools=tools, emit=emit, cancelled=cancelled)
