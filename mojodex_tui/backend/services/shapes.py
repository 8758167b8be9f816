"""How values look on the wire."""

from collections.abc import Iterable, Sequence

from mojodex_tui.backend.domain.catalog import JsonObject, OwnedTask, Task, in_language
from mojodex_tui.backend.domain.conversations import ExecutionDetail, TextVersion
from mojodex_tui.backend.domain.inputs import FILE_USES, is_filled
from mojodex_tui.backend.domain.text_edits import TextEdit
from mojodex_tui.backend.services.workflow_runs import Known, shown_runs, wire_step
from mojodex_tui.wire.catalog import SingleUserTask, UserTask
from mojodex_tui.wire.executions import (
    Execution,
    FilledInput,
    InputSpec,
    ListedExecution,
    PredefinedAction,
    TextEditAction,
)
from mojodex_tui.wire.produced_texts import ProducedText
from mojodex_tui.wire.steps import Step


def user_task(owned: OwnedTask, language: str) -> UserTask:
    """Return a task of the catalog as a list shows it (§2)."""
    words = owned.task.words_in(language)
    return UserTask(
        user_task_pk=owned.user_task_pk,
        task_pk=owned.task.task_pk,
        task_name=words.name if words else None,
        task_description=words.definition if words else None,
        task_icon=owned.task.icon,
        task_type=owned.task.type,
        steps=steps(owned.task, language),
        enabled=owned.enabled,
        group=owned.task.group or owned.task.output_type,
    )


def single_user_task(owned: OwnedTask, language: str) -> SingleUserTask:
    """Return one task of the catalog; three of its keys travel twice (§2)."""
    shown = user_task(owned, language)
    return SingleUserTask(
        **dict(shown),
        user_task_name=shown.task_name,
        user_task_description=shown.task_description,
        user_task_icon=shown.task_icon,
    )


def steps(task: Task, language: str) -> tuple[Step, ...]:
    """Return the steps of a workflow, by rank."""
    shown = []
    for step in task.steps:
        words = in_language(step.words, language)
        shown.append(
            Step(
                workflow_step_pk=step.step_pk,
                step_name=step.name,
                step_name_for_user=words.name if words else None,
                step_definition_for_user=words.definition if words else None,
            )
        )
    return tuple(shown)


def actions(task: Task, language: str) -> tuple[PredefinedAction, ...]:
    """Return the tasks to go on with (§3.8)."""
    return tuple(
        PredefinedAction.model_validate(
            {**(in_language(action.words, language) or {}), "task_pk": action.task_pk}
        )
        for action in task.actions
    )


def text_edit_actions(
    edits: Sequence[TextEdit], task: Task, language: str
) -> tuple[TextEditAction, ...]:
    """Return the rewritings offered for the texts of a task (§3.8)."""
    offered = ((each, in_language(each.words, language)) for each in edits)
    return tuple(
        TextEditAction(
            text_edit_action_pk=each.pk,
            name=words.name,
            description=words.description,
            emoji=each.emoji,
        )
        for each, words in offered
        if words is not None and each.is_for(task.output_type)
    )


def input_specs(inputs: Iterable[JsonObject]) -> tuple[InputSpec, ...]:
    """Return the form of a task (§3.3)."""
    return tuple(
        InputSpec.model_validate({**item, "use": FILE_USES.get(str(item.get("type")))})
        for item in inputs
    )


def listed_execution(
    detail: ExecutionDetail, language: str, edits: Sequence[TextEdit]
) -> ListedExecution:
    """Return an execution as a list shows it (§3.6)."""
    execution, task, latest = detail.execution, detail.task, detail.latest
    words = task.words_in(language)
    filled = tuple(FilledInput.model_validate(item) for item in execution.inputs)
    return ListedExecution(
        user_task_execution_pk=execution.pk,
        start_date=execution.start_date,
        end_date=execution.end_date,
        title=execution.title,
        summary=execution.summary,
        session_id=execution.session_id,
        json_inputs_values=filled if is_filled(execution.inputs) else None,
        icon=task.icon,
        task_name=words.name if words else None,
        task_type=task.type,
        result_chat_enabled=task.result_chat_enabled,
        actions=actions(task, language),
        text_edit_actions=text_edit_actions(edits, task, language),
        user_task_pk=execution.user_task_pk,
        n_todos=detail.todos.total,
        n_not_read_todos=detail.todos.unread,
        produced_text_pk=latest.text_pk if latest else None,
        produced_text_title=latest.title if latest else None,
        produced_text_production=latest.production if latest else None,
        produced_text_version_pk=latest.version_pk if latest else None,
        produced_text_version_index=latest.index if latest else None,
        working_on_todos=execution.todos_extracted is None,
    )


def single_execution(
    detail: ExecutionDetail, language: str, edits: Sequence[TextEdit], run: Known | None
) -> Execution:
    """Return one execution (§3.5), with its run if it is one of a workflow."""
    listed = dict(listed_execution(detail, language, edits))
    if detail.latest is None:
        listed["produced_text_version_index"] = 0
    return Execution(
        **listed,
        deleted_by_user=detail.execution.deleted,
        steps=tuple(map(wire_step, run.steps)) if run is not None else None,
        step_executions=shown_runs(run) if run is not None else None,
        failure=detail.failure,
    )


def produced_text(version: TextVersion) -> ProducedText:
    """Return the latest version of a text (§5.2)."""
    return ProducedText(
        produced_text_pk=version.text_pk,
        user_task_execution_fk=version.execution_pk,
        user_id=version.user_id,
        production=version.production,
        title=version.title,
        creation_date=version.creation_date,
        text_type=version.text_type,
    )
