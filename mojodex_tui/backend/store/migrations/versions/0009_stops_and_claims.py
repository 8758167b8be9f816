"""Whether a pause was a stop, and when somebody took work up."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.add_column(
        "md_workflow_run",
        sa.Column("stopped", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "md_answer_due", sa.Column("claimed_date", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    """Take the revision back."""
    op.drop_column("md_answer_due", "claimed_date")
    op.drop_column("md_workflow_run", "stopped")
