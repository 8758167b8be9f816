"""To-Dos with their source, jobs that run once, and the mails they send."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    # Only columns with a constant default: SQLite adds those without copying the table.
    op.add_column("md_user", sa.Column("timezone", sa.String(length=64), nullable=True))
    op.add_column("md_user", sa.Column("todo_feed_digest", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_md_user_todo_feed_digest"), "md_user", ["todo_feed_digest"])
    op.add_column("md_todo", sa.Column("source", sa.Text(), nullable=True))
    op.add_column("md_todo", sa.Column("deletion_cause", sa.Text(), nullable=True))
    op.add_column(
        "md_todo", sa.Column("by_user", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column(
        "md_todo_scheduling",
        sa.Column("by_user", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "md_event",
        sa.Column("event_pk", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("event_type", sa.String(length=255), nullable=False),
        sa.Column("message", sa.JSON(), nullable=False),
        sa.Column("creation_date", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["md_user.user_id"], name=op.f("fk_md_event_user_id_md_user")
        ),
        sa.PrimaryKeyConstraint("event_pk", name=op.f("pk_md_event")),
    )
    op.create_index(op.f("ix_md_event_user_id"), "md_event", ["user_id"])
    op.create_table(
        "md_job_run",
        sa.Column("job_run_pk", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sending", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("gave_up", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["md_user.user_id"], name=op.f("fk_md_job_run_user_id_md_user")
        ),
        sa.PrimaryKeyConstraint("job_run_pk", name=op.f("pk_md_job_run")),
        sa.UniqueConstraint("job", "subject", "day", name=op.f("uq_md_job_run_job_subject_day")),
    )
    op.create_index(op.f("ix_md_job_run_user_id"), "md_job_run", ["user_id"])


def downgrade() -> None:
    """Take the revision back."""
    op.drop_table("md_job_run")
    op.drop_table("md_event")
    op.drop_column("md_todo_scheduling", "by_user")
    op.drop_column("md_todo", "by_user")
    op.drop_column("md_todo", "deletion_cause")
    op.drop_column("md_todo", "source")
    op.drop_index(op.f("ix_md_user_todo_feed_digest"), "md_user")
    op.drop_column("md_user", "todo_feed_digest")
    op.drop_column("md_user", "timezone")
