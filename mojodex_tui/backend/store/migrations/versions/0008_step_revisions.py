"""What changed since a run was last read is found without reading all of it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_STEPS = "md_user_workflow_step_execution"
_BY_RUN = "ix_md_user_workflow_step_execution_user_task_execution_fk"
_BY_REVISION = "ix_md_user_workflow_step_execution_revision"


def upgrade() -> None:
    """Apply the revision."""
    op.add_column(
        _STEPS, sa.Column("revision", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    op.create_index(_BY_REVISION, _STEPS, ["user_task_execution_fk", "revision"])
    # The new one begins with the same column.
    op.drop_index(op.f(_BY_RUN), _STEPS)


def downgrade() -> None:
    """Take the revision back."""
    op.create_index(op.f(_BY_RUN), _STEPS, ["user_task_execution_fk"])
    op.drop_index(_BY_REVISION, _STEPS)
    op.drop_column(_STEPS, "revision")
