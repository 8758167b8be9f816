"""Runs of workflow steps (wire protocol §12)."""

from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from mojodex_tui.backend.store.tables.base import Table, now


class StepExecution(Table):
    """One run of one step."""

    __tablename__ = "md_user_workflow_step_execution"

    user_workflow_step_execution_pk: Mapped[int] = mapped_column(primary_key=True)
    user_task_execution_fk: Mapped[int] = mapped_column(
        ForeignKey("md_user_task_execution.user_task_execution_pk"), index=True
    )
    workflow_step_fk: Mapped[int] = mapped_column(ForeignKey("md_workflow_step.workflow_step_pk"))
    creation_date: Mapped[datetime] = mapped_column(default=now)
    parameter: Mapped[JsonValue] = mapped_column(JSON)
    validated: Mapped[bool | None]
    learned_instruction: Mapped[str | None] = mapped_column(Text)
    error_status: Mapped[dict[str, JsonValue] | None] = mapped_column(JSON(none_as_null=True))


class StepResult(Table):
    """A result of a run; the latest counts."""

    __tablename__ = "md_user_workflow_step_execution_result"

    user_workflow_step_execution_result_pk: Mapped[int] = mapped_column(primary_key=True)
    user_workflow_step_execution_fk: Mapped[int] = mapped_column(
        ForeignKey(
            "md_user_workflow_step_execution.user_workflow_step_execution_pk",
            name="fk_md_user_workflow_step_execution_result_execution",
        ),
        index=True,
    )
    creation_date: Mapped[datetime] = mapped_column(default=now)
    result: Mapped[JsonValue] = mapped_column(JSON)
    author: Mapped[str] = mapped_column(default="assistant")
