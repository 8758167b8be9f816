"""Words users spell their own way."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "md_user_vocabulary",
        sa.Column("user_vocabulary_pk", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("word", sa.String(length=255), nullable=False),
        sa.Column("creation_date", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["md_user.user_id"], name=op.f("fk_md_user_vocabulary_user_id")
        ),
        sa.PrimaryKeyConstraint("user_vocabulary_pk", name=op.f("pk_md_user_vocabulary")),
    )
    op.create_index(op.f("ix_md_user_vocabulary_user_id"), "md_user_vocabulary", ["user_id"])


def downgrade() -> None:
    """Take the revision back."""
    op.drop_table("md_user_vocabulary")
