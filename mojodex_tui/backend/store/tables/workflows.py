"""Runs of workflow steps (wire protocol §12)."""

from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import JSON, ForeignKey, Index, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from mojodex_tui.backend.store.tables.base import Table, now


class WorkflowRun(Table):
    """What the user wants of a run, and whether it has ended; an original server knows neither."""

    __tablename__ = "md_workflow_run"

    user_task_execution_fk: Mapped[int] = mapped_column(
        ForeignKey("md_user_task_execution.user_task_execution_pk"),
        primary_key=True,
        autoincrement=False,
    )
    paused: Mapped[bool] = mapped_column(default=False)
    stopped: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the pause is a stop between two steps, where there is no step to give up."""
    auto_step_pk: Mapped[int | None]
    """The step whose results are taken without asking."""
    ended_date: Mapped[datetime | None]


class StepExecution(Table):
    """One run of one step."""

    __tablename__ = "md_user_workflow_step_execution"
    __table_args__ = (
        Index("ix_md_user_workflow_step_execution_revision", "user_task_execution_fk", "revision"),
    )

    user_workflow_step_execution_pk: Mapped[int] = mapped_column(primary_key=True)
    user_task_execution_fk: Mapped[int] = mapped_column(
        ForeignKey("md_user_task_execution.user_task_execution_pk")
    )
    workflow_step_fk: Mapped[int] = mapped_column(ForeignKey("md_workflow_step.workflow_step_pk"))
    parent_pk: Mapped[int | None]
    """The execution whose item it works on; none for the first step."""
    item_index: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    creation_date: Mapped[datetime] = mapped_column(default=now)
    ended_date: Mapped[datetime | None]
    parameter: Mapped[JsonValue] = mapped_column(JSON)
    validated: Mapped[bool | None]
    learned_instruction: Mapped[str | None] = mapped_column(Text)
    error_status: Mapped[dict[str, JsonValue] | None] = mapped_column(JSON(none_as_null=True))
    revision: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Counts the changes within one run: the highest one belongs to what changed last."""


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
