"""Tasks, their words, and who has them (wire protocol §12)."""

from pydantic import JsonValue
from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mojodex_tui.backend.store.tables.base import Table


class TextType(Table):
    """A kind of produced text."""

    __tablename__ = "md_text_type"

    text_type_pk: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255), unique=True)


class Task(Table):
    """A task or a workflow."""

    __tablename__ = "md_task"

    task_pk: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(20), default="instruct")
    name_for_system: Mapped[str] = mapped_column(String(255), unique=True)
    definition_for_system: Mapped[str] = mapped_column(Text)
    final_instruction: Mapped[str | None] = mapped_column(Text)
    infos_to_extract: Mapped[list[dict[str, JsonValue]] | None]
    output_format_instruction_title: Mapped[str | None] = mapped_column(String(255))
    output_format_instruction_draft: Mapped[str | None] = mapped_column(String(255))
    output_text_type_fk: Mapped[int | None] = mapped_column(ForeignKey("md_text_type.text_type_pk"))
    icon: Mapped[str | None] = mapped_column(String(255))
    visible_for_teasing: Mapped[bool] = mapped_column(default=False)
    result_chat_enabled: Mapped[bool] = mapped_column(default=True)
    catalog_group: Mapped[str | None] = mapped_column(String(255))
    """The heading it stands under; an original server has none."""
    file_digest: Mapped[str | None] = mapped_column(String(64))
    """What the file held when it was read last: an unchanged catalog costs a start nothing."""
    retired: Mapped[bool] = mapped_column(default=False)
    """Its file is gone: no longer offered, though its executions stay."""


class TaskText(Table):
    """A task in one language."""

    __tablename__ = "md_task_displayed_data"
    __table_args__ = (UniqueConstraint("task_fk", "language_code"),)

    task_displayed_data_pk: Mapped[int] = mapped_column(primary_key=True)
    task_fk: Mapped[int] = mapped_column(ForeignKey("md_task.task_pk"))
    language_code: Mapped[str] = mapped_column(String(2))
    name_for_user: Mapped[str] = mapped_column(String(255))
    definition_for_user: Mapped[str] = mapped_column(Text)
    json_input: Mapped[list[dict[str, JsonValue]]]


class Platform(Table):
    """A client tasks are offered on."""

    __tablename__ = "md_platform"

    platform_pk: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255), unique=True)


class TaskPlatform(Table):
    """A platform a task is offered on."""

    __tablename__ = "md_task_platform_association"
    __table_args__ = (UniqueConstraint("task_fk", "platform_fk"),)

    task_platform_association_pk: Mapped[int] = mapped_column(primary_key=True)
    task_fk: Mapped[int] = mapped_column(ForeignKey("md_task.task_pk"))
    platform_fk: Mapped[int] = mapped_column(ForeignKey("md_platform.platform_pk"))


class PredefinedAction(Table):
    """A task to go on with."""

    __tablename__ = "md_task_predefined_action_association"
    __table_args__ = (UniqueConstraint("task_fk", "predefined_action_fk"),)

    task_predefined_action_association_pk: Mapped[int] = mapped_column(primary_key=True)
    task_fk: Mapped[int] = mapped_column(ForeignKey("md_task.task_pk"))
    predefined_action_fk: Mapped[int] = mapped_column(ForeignKey("md_task.task_pk"))
    rank: Mapped[int] = mapped_column(default=0)


class PredefinedActionText(Table):
    """How it is offered in one language."""

    __tablename__ = "md_predefined_action_displayed_data"

    predefined_action_displayed_data_pk: Mapped[int] = mapped_column(primary_key=True)
    task_predefined_action_association_fk: Mapped[int] = mapped_column(
        ForeignKey(
            "md_task_predefined_action_association.task_predefined_action_association_pk",
            name="fk_md_predefined_action_displayed_data_association",
        ),
        index=True,
    )
    language_code: Mapped[str] = mapped_column(String(2))
    displayed_data: Mapped[dict[str, JsonValue]]


class WorkflowStep(Table):
    """A step of a workflow."""

    __tablename__ = "md_workflow_step"
    __table_args__ = (UniqueConstraint("task_fk", "rank"),)

    workflow_step_pk: Mapped[int] = mapped_column(primary_key=True)
    task_fk: Mapped[int] = mapped_column(ForeignKey("md_task.task_pk"))
    rank: Mapped[int]
    name_for_system: Mapped[str] = mapped_column(String(255))
    definition_for_system: Mapped[str | None] = mapped_column(String(255))
    user_validation_required: Mapped[bool] = mapped_column(default=True)
    review_chat_enabled: Mapped[bool] = mapped_column(default=False)


class WorkflowStepText(Table):
    """A step in one language."""

    __tablename__ = "md_workflow_step_displayed_data"
    __table_args__ = (UniqueConstraint("workflow_step_fk", "language_code"),)

    workflow_step_displayed_data_pk: Mapped[int] = mapped_column(primary_key=True)
    workflow_step_fk: Mapped[int] = mapped_column(ForeignKey("md_workflow_step.workflow_step_pk"))
    language_code: Mapped[str] = mapped_column(String(2))
    name_for_user: Mapped[str] = mapped_column(String(255))
    definition_for_user: Mapped[str] = mapped_column(Text)


class UserTask(Table):
    """A task somebody has."""

    __tablename__ = "md_user_task"
    __table_args__ = (UniqueConstraint("user_id", "task_fk"),)

    user_task_pk: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("md_user.user_id"))
    task_fk: Mapped[int] = mapped_column(ForeignKey("md_task.task_pk"), index=True)
    enabled: Mapped[bool] = mapped_column(default=True)
