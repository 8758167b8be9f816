"""Runs of workflows: whose item a step works on, when it ended, what the user wants of a run."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STEPS = "md_user_workflow_step_execution"


def upgrade() -> None:
    """Apply the revision."""
    # Columns without constraint: SQLite adds those without copying the table.
    op.add_column(_STEPS, sa.Column("parent_pk", sa.Integer(), nullable=True))
    op.add_column(
        _STEPS, sa.Column("item_index", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    op.add_column(_STEPS, sa.Column("ended_date", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "md_workflow_run",
        sa.Column("user_task_execution_fk", sa.Integer(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("auto_step_pk", sa.Integer(), nullable=True),
        sa.Column("ended_date", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_task_execution_fk"],
            ["md_user_task_execution.user_task_execution_pk"],
            name=op.f("fk_md_workflow_run_user_task_execution_fk"),
        ),
        sa.PrimaryKeyConstraint("user_task_execution_fk", name=op.f("pk_md_workflow_run")),
    )


def downgrade() -> None:
    """Take the revision back."""
    op.drop_table("md_workflow_run")
    for column in ("ended_date", "item_index", "parent_pk"):
        op.drop_column(_STEPS, column)
