"""Conversations run on the task engine: rows say which node they come from; the home chat."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    # Columns without constraint: SQLite adds those without copying the table.
    op.add_column("md_session", sa.Column("run_id", sa.String(length=64), nullable=True))
    op.add_column("md_session", sa.Column("thread_node", sa.String(length=64), nullable=True))
    for table in ("md_message", "md_produced_text_version"):
        op.add_column(table, sa.Column("node_id", sa.String(length=64), nullable=True))
        op.create_index(op.f(f"ix_{table}_node_id"), table, ["node_id"], unique=True)
    op.create_table(
        "md_session_run",
        sa.Column("session_run_pk", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["md_session.session_id"], name=op.f("fk_md_session_run_session_id")
        ),
        sa.PrimaryKeyConstraint("session_run_pk", name=op.f("pk_md_session_run")),
        sa.UniqueConstraint("run_id", name=op.f("uq_md_session_run_run_id")),
    )
    op.create_index(op.f("ix_md_session_run_session_id"), "md_session_run", ["session_id"])
    op.create_table(
        "md_home_chat",
        sa.Column("home_chat_pk", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("creation_date", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["md_session.session_id"], name=op.f("fk_md_home_chat_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["md_user.user_id"], name=op.f("fk_md_home_chat_user_id")
        ),
        sa.PrimaryKeyConstraint("home_chat_pk", name=op.f("pk_md_home_chat")),
        sa.UniqueConstraint("user_id", "week", name=op.f("uq_md_home_chat_user_id_week")),
    )
    # In a home chat an answer may be due that belongs to no execution.
    with op.batch_alter_table("md_answer_due", schema=None) as batch:
        batch.alter_column("user_task_execution_fk", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    """Take the revision back."""
    op.execute("DELETE FROM md_answer_due WHERE user_task_execution_fk IS NULL")
    with op.batch_alter_table("md_answer_due", schema=None) as batch:
        batch.alter_column("user_task_execution_fk", existing_type=sa.Integer(), nullable=False)
    op.drop_table("md_home_chat")
    op.drop_table("md_session_run")
    for table in ("md_produced_text_version", "md_message"):
        op.drop_index(op.f(f"ix_{table}_node_id"), table)
        op.drop_column(table, "node_id")
    op.drop_column("md_session", "thread_node")
    op.drop_column("md_session", "run_id")
