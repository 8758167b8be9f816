"""The first tables."""

import sqlalchemy as sa
from alembic import op

from mojodex_tui.backend.store.engine_log import append_only_ddl, drop_append_only_ddl

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "md_company",
        sa.Column("company_pk", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=True),
        sa.Column("website", sa.String(length=255), nullable=True),
        sa.Column("emoji", sa.String(length=255), nullable=True),
        sa.Column("creation_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_update_date", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("company_pk", name=op.f("pk_md_company")),
    )
    op.create_table(
        "md_platform",
        sa.Column("platform_pk", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("platform_pk", name=op.f("pk_md_platform")),
        sa.UniqueConstraint("name", name=op.f("uq_md_platform_name")),
    )
    op.create_table(
        "md_product_category",
        sa.Column("product_category_pk", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=255), nullable=False),
        sa.Column("emoji", sa.String(length=255), nullable=False),
        sa.Column("implicit_goal", sa.String(length=255), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("product_category_pk", name=op.f("pk_md_product_category")),
        sa.UniqueConstraint("label", name=op.f("uq_md_product_category_label")),
    )
    op.create_table(
        "md_text_type",
        sa.Column("text_type_pk", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("text_type_pk", name=op.f("pk_md_text_type")),
        sa.UniqueConstraint("name", name=op.f("uq_md_text_type_name")),
    )
    op.create_table(
        "md_product",
        sa.Column("product_pk", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=255), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("free", sa.Boolean(), nullable=False),
        sa.Column("product_category_fk", sa.Integer(), nullable=True),
        sa.Column("n_days_validity", sa.Integer(), nullable=True),
        sa.Column("n_tasks_limit", sa.Integer(), nullable=True),
        sa.Column("product_stripe_id", sa.String(length=255), nullable=True),
        sa.Column("product_apple_id", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(
            ["product_category_fk"],
            ["md_product_category.product_category_pk"],
            name=op.f("fk_md_product_product_category_fk"),
        ),
        sa.PrimaryKeyConstraint("product_pk", name=op.f("pk_md_product")),
        sa.UniqueConstraint("label", name=op.f("uq_md_product_label")),
    )
    op.create_table(
        "md_product_category_displayed_data",
        sa.Column("product_category_displayed_data_pk", sa.Integer(), nullable=False),
        sa.Column("product_category_fk", sa.Integer(), nullable=False),
        sa.Column("language_code", sa.String(length=5), nullable=False),
        sa.Column("name_for_user", sa.String(length=255), nullable=False),
        sa.Column("description_for_user", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_category_fk"],
            ["md_product_category.product_category_pk"],
            name=op.f("fk_md_product_category_displayed_data_product_category_fk"),
        ),
        sa.PrimaryKeyConstraint(
            "product_category_displayed_data_pk", name=op.f("pk_md_product_category_displayed_data")
        ),
        sa.UniqueConstraint(
            "product_category_fk",
            "language_code",
            name=op.f("uq_md_product_category_displayed_data_product_category_fk_language_code"),
        ),
    )
    op.create_table(
        "md_task",
        sa.Column("task_pk", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("name_for_system", sa.String(length=255), nullable=False),
        sa.Column("definition_for_system", sa.Text(), nullable=False),
        sa.Column("final_instruction", sa.Text(), nullable=True),
        sa.Column("infos_to_extract", sa.JSON(), nullable=True),
        sa.Column("output_format_instruction_title", sa.String(length=255), nullable=True),
        sa.Column("output_format_instruction_draft", sa.String(length=255), nullable=True),
        sa.Column("output_text_type_fk", sa.Integer(), nullable=True),
        sa.Column("icon", sa.String(length=255), nullable=True),
        sa.Column("visible_for_teasing", sa.Boolean(), nullable=False),
        sa.Column("result_chat_enabled", sa.Boolean(), nullable=False),
        sa.Column("catalog_group", sa.String(length=255), nullable=True),
        sa.Column("file_digest", sa.String(length=64), nullable=True),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["output_text_type_fk"],
            ["md_text_type.text_type_pk"],
            name=op.f("fk_md_task_output_text_type_fk"),
        ),
        sa.PrimaryKeyConstraint("task_pk", name=op.f("pk_md_task")),
        sa.UniqueConstraint("name_for_system", name=op.f("uq_md_task_name_for_system")),
    )
    op.create_table(
        "md_user",
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=True),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("google_id", sa.String(length=255), nullable=True),
        sa.Column("microsoft_id", sa.String(length=255), nullable=True),
        sa.Column("apple_id", sa.String(length=255), nullable=True),
        sa.Column("creation_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("terms_and_conditions_accepted", sa.DateTime(timezone=True), nullable=True),
        sa.Column("onboarding_presented", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language_code", sa.String(length=5), nullable=True),
        sa.Column("timezone_offset", sa.Integer(), nullable=True),
        sa.Column("goal", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("last_summary_update_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("company_fk", sa.Integer(), nullable=True),
        sa.Column("company_description", sa.Text(), nullable=True),
        sa.Column(
            "last_company_description_update_date", sa.DateTime(timezone=True), nullable=True
        ),
        sa.Column("product_category_fk", sa.Integer(), nullable=True),
        sa.Column("todo_email_reception", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_fk"], ["md_company.company_pk"], name=op.f("fk_md_user_company_fk")
        ),
        sa.ForeignKeyConstraint(
            ["product_category_fk"],
            ["md_product_category.product_category_pk"],
            name=op.f("fk_md_user_product_category_fk"),
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_md_user")),
        sa.UniqueConstraint("email", name=op.f("uq_md_user_email")),
    )
    op.create_table(
        "md_product_displayed_data",
        sa.Column("product_displayed_data_pk", sa.Integer(), nullable=False),
        sa.Column("product_fk", sa.Integer(), nullable=False),
        sa.Column("language_code", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_fk"],
            ["md_product.product_pk"],
            name=op.f("fk_md_product_displayed_data_product_fk"),
        ),
        sa.PrimaryKeyConstraint(
            "product_displayed_data_pk", name=op.f("pk_md_product_displayed_data")
        ),
        sa.UniqueConstraint(
            "product_fk",
            "language_code",
            name=op.f("uq_md_product_displayed_data_product_fk_language_code"),
        ),
    )
    op.create_table(
        "md_product_task",
        sa.Column("product_task_pk", sa.Integer(), nullable=False),
        sa.Column("product_fk", sa.Integer(), nullable=False),
        sa.Column("task_fk", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_fk"], ["md_product.product_pk"], name=op.f("fk_md_product_task_product_fk")
        ),
        sa.ForeignKeyConstraint(
            ["task_fk"], ["md_task.task_pk"], name=op.f("fk_md_product_task_task_fk")
        ),
        sa.PrimaryKeyConstraint("product_task_pk", name=op.f("pk_md_product_task")),
        sa.UniqueConstraint(
            "product_fk", "task_fk", name=op.f("uq_md_product_task_product_fk_task_fk")
        ),
    )
    with op.batch_alter_table("md_product_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_md_product_task_task_fk"), ["task_fk"], unique=False)

    op.create_table(
        "md_purchase",
        sa.Column("purchase_pk", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=True),
        sa.Column("product_fk", sa.Integer(), nullable=False),
        sa.Column("creation_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("completed_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("subscription_stripe_id", sa.String(length=255), nullable=True),
        sa.Column("session_stripe_id", sa.String(length=255), nullable=True),
        sa.Column("customer_stripe_id", sa.String(length=255), nullable=True),
        sa.Column("apple_transaction_id", sa.String(length=255), nullable=True),
        sa.Column("apple_original_transaction_id", sa.String(length=255), nullable=True),
        sa.Column("custom_purchase_id", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(
            ["product_fk"], ["md_product.product_pk"], name=op.f("fk_md_purchase_product_fk")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["md_user.user_id"], name=op.f("fk_md_purchase_user_id")
        ),
        sa.PrimaryKeyConstraint("purchase_pk", name=op.f("pk_md_purchase")),
    )
    with op.batch_alter_table("md_purchase", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_md_purchase_user_id"), ["user_id"], unique=False)

    op.create_table(
        "md_session",
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("creation_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=True),
        sa.Column("starting_mode", sa.String(length=20), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=True),
        sa.Column("end_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by_user", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["md_user.user_id"], name=op.f("fk_md_session_user_id")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_md_session")),
    )
    with op.batch_alter_table("md_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_md_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "md_task_displayed_data",
        sa.Column("task_displayed_data_pk", sa.Integer(), nullable=False),
        sa.Column("task_fk", sa.Integer(), nullable=False),
        sa.Column("language_code", sa.String(length=2), nullable=False),
        sa.Column("name_for_user", sa.String(length=255), nullable=False),
        sa.Column("definition_for_user", sa.Text(), nullable=False),
        sa.Column("json_input", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_fk"], ["md_task.task_pk"], name=op.f("fk_md_task_displayed_data_task_fk")
        ),
        sa.PrimaryKeyConstraint("task_displayed_data_pk", name=op.f("pk_md_task_displayed_data")),
        sa.UniqueConstraint(
            "task_fk", "language_code", name=op.f("uq_md_task_displayed_data_task_fk_language_code")
        ),
    )
    op.create_table(
        "md_task_platform_association",
        sa.Column("task_platform_association_pk", sa.Integer(), nullable=False),
        sa.Column("task_fk", sa.Integer(), nullable=False),
        sa.Column("platform_fk", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["platform_fk"],
            ["md_platform.platform_pk"],
            name=op.f("fk_md_task_platform_association_platform_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["task_fk"], ["md_task.task_pk"], name=op.f("fk_md_task_platform_association_task_fk")
        ),
        sa.PrimaryKeyConstraint(
            "task_platform_association_pk", name=op.f("pk_md_task_platform_association")
        ),
        sa.UniqueConstraint(
            "task_fk",
            "platform_fk",
            name=op.f("uq_md_task_platform_association_task_fk_platform_fk"),
        ),
    )
    op.create_table(
        "md_task_predefined_action_association",
        sa.Column("task_predefined_action_association_pk", sa.Integer(), nullable=False),
        sa.Column("task_fk", sa.Integer(), nullable=False),
        sa.Column("predefined_action_fk", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["predefined_action_fk"],
            ["md_task.task_pk"],
            name=op.f("fk_md_task_predefined_action_association_predefined_action_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["task_fk"],
            ["md_task.task_pk"],
            name=op.f("fk_md_task_predefined_action_association_task_fk"),
        ),
        sa.PrimaryKeyConstraint(
            "task_predefined_action_association_pk",
            name=op.f("pk_md_task_predefined_action_association"),
        ),
        sa.UniqueConstraint(
            "task_fk",
            "predefined_action_fk",
            name=op.f("uq_md_task_predefined_action_association_task_fk_predefined_action_fk"),
        ),
    )
    op.create_table(
        "md_user_task",
        sa.Column("user_task_pk", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("task_fk", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_fk"], ["md_task.task_pk"], name=op.f("fk_md_user_task_task_fk")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["md_user.user_id"], name=op.f("fk_md_user_task_user_id")
        ),
        sa.PrimaryKeyConstraint("user_task_pk", name=op.f("pk_md_user_task")),
        sa.UniqueConstraint("user_id", "task_fk", name=op.f("uq_md_user_task_user_id_task_fk")),
    )
    with op.batch_alter_table("md_user_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_md_user_task_task_fk"), ["task_fk"], unique=False)

    op.create_table(
        "md_workflow_step",
        sa.Column("workflow_step_pk", sa.Integer(), nullable=False),
        sa.Column("task_fk", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("name_for_system", sa.String(length=255), nullable=False),
        sa.Column("definition_for_system", sa.String(length=255), nullable=True),
        sa.Column("user_validation_required", sa.Boolean(), nullable=False),
        sa.Column("review_chat_enabled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_fk"], ["md_task.task_pk"], name=op.f("fk_md_workflow_step_task_fk")
        ),
        sa.PrimaryKeyConstraint("workflow_step_pk", name=op.f("pk_md_workflow_step")),
        sa.UniqueConstraint("task_fk", "rank", name=op.f("uq_md_workflow_step_task_fk_rank")),
    )
    op.create_table(
        "md_predefined_action_displayed_data",
        sa.Column("predefined_action_displayed_data_pk", sa.Integer(), nullable=False),
        sa.Column("task_predefined_action_association_fk", sa.Integer(), nullable=False),
        sa.Column("language_code", sa.String(length=2), nullable=False),
        sa.Column("displayed_data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_predefined_action_association_fk"],
            ["md_task_predefined_action_association.task_predefined_action_association_pk"],
            name="fk_md_predefined_action_displayed_data_association",
        ),
        sa.PrimaryKeyConstraint(
            "predefined_action_displayed_data_pk",
            name=op.f("pk_md_predefined_action_displayed_data"),
        ),
    )
    with op.batch_alter_table("md_predefined_action_displayed_data", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f(
                "ix_md_predefined_action_displayed_data_task_predefined_action_association_fk"
            ),
            ["task_predefined_action_association_fk"],
            unique=False,
        )

    op.create_table(
        "md_user_task_execution",
        sa.Column("user_task_execution_pk", sa.Integer(), nullable=False),
        sa.Column("user_task_fk", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("json_input_values", sa.JSON(), nullable=False),
        sa.Column("start_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title", sa.String(length=255), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("predefined_action_from_user_task_execution_fk", sa.Integer(), nullable=True),
        sa.Column("todos_extracted", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by_user", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purchase_fk", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["predefined_action_from_user_task_execution_fk"],
            ["md_user_task_execution.user_task_execution_pk"],
            name="fk_md_user_task_execution_parent",
        ),
        sa.ForeignKeyConstraint(
            ["purchase_fk"],
            ["md_purchase.purchase_pk"],
            name=op.f("fk_md_user_task_execution_purchase_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["md_session.session_id"],
            name=op.f("fk_md_user_task_execution_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["user_task_fk"],
            ["md_user_task.user_task_pk"],
            name=op.f("fk_md_user_task_execution_user_task_fk"),
        ),
        sa.PrimaryKeyConstraint("user_task_execution_pk", name=op.f("pk_md_user_task_execution")),
    )
    with op.batch_alter_table("md_user_task_execution", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_md_user_task_execution_session_id"), ["session_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_md_user_task_execution_user_task_fk"), ["user_task_fk"], unique=False
        )

    op.create_table(
        "md_workflow_step_displayed_data",
        sa.Column("workflow_step_displayed_data_pk", sa.Integer(), nullable=False),
        sa.Column("workflow_step_fk", sa.Integer(), nullable=False),
        sa.Column("language_code", sa.String(length=2), nullable=False),
        sa.Column("name_for_user", sa.String(length=255), nullable=False),
        sa.Column("definition_for_user", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workflow_step_fk"],
            ["md_workflow_step.workflow_step_pk"],
            name=op.f("fk_md_workflow_step_displayed_data_workflow_step_fk"),
        ),
        sa.PrimaryKeyConstraint(
            "workflow_step_displayed_data_pk", name=op.f("pk_md_workflow_step_displayed_data")
        ),
        sa.UniqueConstraint(
            "workflow_step_fk",
            "language_code",
            name=op.f("uq_md_workflow_step_displayed_data_workflow_step_fk_language_code"),
        ),
    )
    op.create_table(
        "md_llm_call",
        sa.Column("llm_call_pk", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("user_task_execution_fk", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=50), nullable=False),
        sa.Column("model", sa.String(length=255), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("creation_date", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["md_user.user_id"], name=op.f("fk_md_llm_call_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_task_execution_fk"],
            ["md_user_task_execution.user_task_execution_pk"],
            name=op.f("fk_md_llm_call_user_task_execution_fk"),
        ),
        sa.PrimaryKeyConstraint("llm_call_pk", name=op.f("pk_md_llm_call")),
    )
    with op.batch_alter_table("md_llm_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_md_llm_call_user_id"), ["user_id"], unique=False)

    op.create_table(
        "md_message",
        sa.Column("message_pk", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=True),
        sa.Column("user_task_execution_fk", sa.Integer(), nullable=True),
        sa.Column("sender", sa.String(length=20), nullable=False),
        sa.Column("message", sa.JSON(), nullable=False),
        sa.Column("event_name", sa.String(length=255), nullable=True),
        sa.Column("creation_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by_user", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_error_state", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["md_session.session_id"], name=op.f("fk_md_message_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_task_execution_fk"],
            ["md_user_task_execution.user_task_execution_pk"],
            name=op.f("fk_md_message_user_task_execution_fk"),
        ),
        sa.PrimaryKeyConstraint("message_pk", name=op.f("pk_md_message")),
        sa.UniqueConstraint(
            "session_id", "message_id", name=op.f("uq_md_message_session_id_message_id")
        ),
    )
    with op.batch_alter_table("md_message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_md_message_session_order", ["session_id", "message_pk"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_md_message_user_task_execution_fk"),
            ["user_task_execution_fk"],
            unique=False,
        )

    op.create_table(
        "md_produced_text",
        sa.Column("produced_text_pk", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=False),
        sa.Column("user_task_execution_fk", sa.Integer(), nullable=True),
        sa.Column("session_id", sa.String(length=255), nullable=True),
        sa.Column("deleted_by_user", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["md_session.session_id"], name=op.f("fk_md_produced_text_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["md_user.user_id"], name=op.f("fk_md_produced_text_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_task_execution_fk"],
            ["md_user_task_execution.user_task_execution_pk"],
            name=op.f("fk_md_produced_text_user_task_execution_fk"),
        ),
        sa.PrimaryKeyConstraint("produced_text_pk", name=op.f("pk_md_produced_text")),
    )
    with op.batch_alter_table("md_produced_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_md_produced_text_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_md_produced_text_user_task_execution_fk"),
            ["user_task_execution_fk"],
            unique=False,
        )

    op.create_table(
        "md_todo",
        sa.Column("todo_pk", sa.Integer(), nullable=False),
        sa.Column("user_task_execution_fk", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("creation_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by_user", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by_user", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by_mojo", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deletion_justification", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_task_execution_fk"],
            ["md_user_task_execution.user_task_execution_pk"],
            name=op.f("fk_md_todo_user_task_execution_fk"),
        ),
        sa.PrimaryKeyConstraint("todo_pk", name=op.f("pk_md_todo")),
    )
    with op.batch_alter_table("md_todo", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_md_todo_user_task_execution_fk"),
            ["user_task_execution_fk"],
            unique=False,
        )

    op.create_table(
        "md_user_workflow_step_execution",
        sa.Column("user_workflow_step_execution_pk", sa.Integer(), nullable=False),
        sa.Column("user_task_execution_fk", sa.Integer(), nullable=False),
        sa.Column("workflow_step_fk", sa.Integer(), nullable=False),
        sa.Column("creation_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parameter", sa.JSON(), nullable=True),
        sa.Column("validated", sa.Boolean(), nullable=True),
        sa.Column("learned_instruction", sa.Text(), nullable=True),
        sa.Column("error_status", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_task_execution_fk"],
            ["md_user_task_execution.user_task_execution_pk"],
            name=op.f("fk_md_user_workflow_step_execution_user_task_execution_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["workflow_step_fk"],
            ["md_workflow_step.workflow_step_pk"],
            name=op.f("fk_md_user_workflow_step_execution_workflow_step_fk"),
        ),
        sa.PrimaryKeyConstraint(
            "user_workflow_step_execution_pk", name=op.f("pk_md_user_workflow_step_execution")
        ),
    )
    with op.batch_alter_table("md_user_workflow_step_execution", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_md_user_workflow_step_execution_user_task_execution_fk"),
            ["user_task_execution_fk"],
            unique=False,
        )

    op.create_table(
        "md_answer_due",
        sa.Column("answer_due_pk", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("user_task_execution_fk", sa.Integer(), nullable=False),
        sa.Column("user_message_fk", sa.Integer(), nullable=True),
        sa.Column("creation_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["md_session.session_id"], name=op.f("fk_md_answer_due_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_message_fk"],
            ["md_message.message_pk"],
            name=op.f("fk_md_answer_due_user_message_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["user_task_execution_fk"],
            ["md_user_task_execution.user_task_execution_pk"],
            name=op.f("fk_md_answer_due_user_task_execution_fk"),
        ),
        sa.PrimaryKeyConstraint("answer_due_pk", name=op.f("pk_md_answer_due")),
    )
    with op.batch_alter_table("md_answer_due", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_md_answer_due_session_id"), ["session_id"], unique=False
        )

    op.create_table(
        "md_produced_text_version",
        sa.Column("produced_text_version_pk", sa.Integer(), nullable=False),
        sa.Column("produced_text_fk", sa.Integer(), nullable=False),
        sa.Column("production", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("creation_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_type_fk", sa.Integer(), nullable=True),
        sa.Column("read_by_user", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["produced_text_fk"],
            ["md_produced_text.produced_text_pk"],
            name=op.f("fk_md_produced_text_version_produced_text_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["text_type_fk"],
            ["md_text_type.text_type_pk"],
            name=op.f("fk_md_produced_text_version_text_type_fk"),
        ),
        sa.PrimaryKeyConstraint(
            "produced_text_version_pk", name=op.f("pk_md_produced_text_version")
        ),
    )
    with op.batch_alter_table("md_produced_text_version", schema=None) as batch_op:
        batch_op.create_index(
            "ix_md_produced_text_version_order", ["produced_text_fk", "creation_date"], unique=False
        )

    op.create_table(
        "md_todo_scheduling",
        sa.Column("todo_scheduling_pk", sa.Integer(), nullable=False),
        sa.Column("todo_fk", sa.Integer(), nullable=False),
        sa.Column("scheduled_date", sa.Date(), nullable=False),
        sa.Column("creation_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reschedule_justification", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["todo_fk"], ["md_todo.todo_pk"], name=op.f("fk_md_todo_scheduling_todo_fk")
        ),
        sa.PrimaryKeyConstraint("todo_scheduling_pk", name=op.f("pk_md_todo_scheduling")),
    )
    with op.batch_alter_table("md_todo_scheduling", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_md_todo_scheduling_todo_fk"), ["todo_fk"], unique=False
        )

    op.create_table(
        "md_user_workflow_step_execution_result",
        sa.Column("user_workflow_step_execution_result_pk", sa.Integer(), nullable=False),
        sa.Column("user_workflow_step_execution_fk", sa.Integer(), nullable=False),
        sa.Column("creation_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_workflow_step_execution_fk"],
            ["md_user_workflow_step_execution.user_workflow_step_execution_pk"],
            name="fk_md_user_workflow_step_execution_result_execution",
        ),
        sa.PrimaryKeyConstraint(
            "user_workflow_step_execution_result_pk",
            name=op.f("pk_md_user_workflow_step_execution_result"),
        ),
    )
    with op.batch_alter_table("md_user_workflow_step_execution_result", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_md_user_workflow_step_execution_result_user_workflow_step_execution_fk"),
            ["user_workflow_step_execution_fk"],
            unique=False,
        )

    op.create_table(
        "md_delivery",
        sa.Column("delivery_pk", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=255), nullable=False),
        sa.Column("message_fk", sa.Integer(), nullable=False),
        sa.Column("produced_text_version_fk", sa.Integer(), nullable=True),
        sa.Column("event_name", sa.String(length=255), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("next_copy", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_fk"], ["md_message.message_pk"], name=op.f("fk_md_delivery_message_fk")
        ),
        sa.ForeignKeyConstraint(
            ["produced_text_version_fk"],
            ["md_produced_text_version.produced_text_version_pk"],
            name=op.f("fk_md_delivery_produced_text_version_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["md_session.session_id"], name=op.f("fk_md_delivery_session_id")
        ),
        sa.PrimaryKeyConstraint("delivery_pk", name=op.f("pk_md_delivery")),
        sa.UniqueConstraint("message_fk", name=op.f("uq_md_delivery_message_fk")),
    )
    with op.batch_alter_table("md_delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_md_delivery_session_due", ["session_id", "next_copy"], unique=False
        )

    op.create_table(
        "engine_event",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("run", sa.String(length=64), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("engine_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_engine_event_root"), ["root"], unique=False)
        batch_op.create_index(batch_op.f("ix_engine_event_run"), ["run"], unique=False)
        batch_op.create_index("ix_engine_event_type_task", ["type", "task"], unique=False)

    op.create_table(
        "engine_node",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("parent", sa.String(length=64), nullable=True),
        sa.Column("run", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=1), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent"],
            ["engine_node.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("engine_node", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_engine_node_parent"), ["parent"], unique=False)
        batch_op.create_index(batch_op.f("ix_engine_node_run"), ["run"], unique=False)

    for statement in append_only_ddl(op.get_context().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Take the revision back."""
    for statement in drop_append_only_ddl(op.get_context().dialect.name):
        op.execute(statement)
    with op.batch_alter_table("engine_node", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_engine_node_run"))
        batch_op.drop_index(batch_op.f("ix_engine_node_parent"))

    op.drop_table("engine_node")
    with op.batch_alter_table("engine_event", schema=None) as batch_op:
        batch_op.drop_index("ix_engine_event_type_task")
        batch_op.drop_index(batch_op.f("ix_engine_event_run"))
        batch_op.drop_index(batch_op.f("ix_engine_event_root"))

    op.drop_table("engine_event")
    with op.batch_alter_table("md_delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_md_delivery_session_due")

    op.drop_table("md_delivery")
    with op.batch_alter_table("md_user_workflow_step_execution_result", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_md_user_workflow_step_execution_result_user_workflow_step_execution_fk")
        )

    op.drop_table("md_user_workflow_step_execution_result")
    with op.batch_alter_table("md_todo_scheduling", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_md_todo_scheduling_todo_fk"))

    op.drop_table("md_todo_scheduling")
    with op.batch_alter_table("md_produced_text_version", schema=None) as batch_op:
        batch_op.drop_index("ix_md_produced_text_version_order")

    op.drop_table("md_produced_text_version")
    with op.batch_alter_table("md_answer_due", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_md_answer_due_session_id"))

    op.drop_table("md_answer_due")
    with op.batch_alter_table("md_user_workflow_step_execution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_md_user_workflow_step_execution_user_task_execution_fk"))

    op.drop_table("md_user_workflow_step_execution")
    with op.batch_alter_table("md_todo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_md_todo_user_task_execution_fk"))

    op.drop_table("md_todo")
    with op.batch_alter_table("md_produced_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_md_produced_text_user_task_execution_fk"))
        batch_op.drop_index(batch_op.f("ix_md_produced_text_user_id"))

    op.drop_table("md_produced_text")
    with op.batch_alter_table("md_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_md_message_user_task_execution_fk"))
        batch_op.drop_index("ix_md_message_session_order")

    op.drop_table("md_message")
    with op.batch_alter_table("md_llm_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_md_llm_call_user_id"))

    op.drop_table("md_llm_call")
    op.drop_table("md_workflow_step_displayed_data")
    with op.batch_alter_table("md_user_task_execution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_md_user_task_execution_user_task_fk"))
        batch_op.drop_index(batch_op.f("ix_md_user_task_execution_session_id"))

    op.drop_table("md_user_task_execution")
    with op.batch_alter_table("md_predefined_action_displayed_data", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f(
                "ix_md_predefined_action_displayed_data_task_predefined_action_association_fk"
            )
        )

    op.drop_table("md_predefined_action_displayed_data")
    op.drop_table("md_workflow_step")
    with op.batch_alter_table("md_user_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_md_user_task_task_fk"))

    op.drop_table("md_user_task")
    op.drop_table("md_task_predefined_action_association")
    op.drop_table("md_task_platform_association")
    op.drop_table("md_task_displayed_data")
    with op.batch_alter_table("md_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_md_session_user_id"))

    op.drop_table("md_session")
    with op.batch_alter_table("md_purchase", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_md_purchase_user_id"))

    op.drop_table("md_purchase")
    with op.batch_alter_table("md_product_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_md_product_task_task_fk"))

    op.drop_table("md_product_task")
    op.drop_table("md_product_displayed_data")
    op.drop_table("md_user")
    op.drop_table("md_task")
    op.drop_table("md_product_category_displayed_data")
    op.drop_table("md_product")
    op.drop_table("md_text_type")
    op.drop_table("md_product_category")
    op.drop_table("md_platform")
    op.drop_table("md_company")
