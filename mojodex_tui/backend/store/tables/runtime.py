"""What an original server keeps in memory and loses: answers due, messages not acknowledged."""

from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mojodex_tui.backend.store.tables.base import Table, now


class AnswerDue(Table):
    """What a session's run of the task engine has yet to answer, and who drives it.

    Written with the message or the form that asks for it, removed in the transaction that logs the
    answer, or with the failure: what is here at a start was cut off by a crash, and goes on.
    """

    __tablename__ = "md_answer_due"

    answer_due_pk: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("md_session.session_id"), index=True)
    user_task_execution_fk: Mapped[int | None] = mapped_column(
        ForeignKey("md_user_task_execution.user_task_execution_pk")
    )
    """None in a home chat, which knows by itself what goes on in it."""
    user_message_fk: Mapped[int | None] = mapped_column(ForeignKey("md_message.message_pk"))
    creation_date: Mapped[datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    """The process that generates it."""
    claimed_until: Mapped[datetime | None]
    """When another process may take it over."""
    claimed_date: Mapped[datetime | None]
    """When that process took it up."""


class Delivery(Table):
    """A message no client has acknowledged yet (wire protocol §10.5)."""

    __tablename__ = "md_delivery"
    __table_args__ = (Index("ix_md_delivery_session_due", "session_id", "next_copy"),)

    delivery_pk: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("md_session.session_id"))
    message_fk: Mapped[int] = mapped_column(ForeignKey("md_message.message_pk"), unique=True)
    produced_text_version_fk: Mapped[int | None] = mapped_column(
        ForeignKey("md_produced_text_version.produced_text_version_pk")
    )
    """Set for a draft, which is acknowledged by its version."""
    event_name: Mapped[str] = mapped_column(String(255))
    payload: Mapped[dict[str, JsonValue]]
    copies: Mapped[int] = mapped_column(default=0)
    next_copy: Mapped[datetime] = mapped_column(default=now)


class LlmCall(Table):
    """What one call to a model cost."""

    __tablename__ = "md_llm_call"

    llm_call_pk: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("md_user.user_id"), index=True)
    user_task_execution_fk: Mapped[int | None] = mapped_column(
        ForeignKey("md_user_task_execution.user_task_execution_pk")
    )
    purpose: Mapped[str] = mapped_column(String(50))
    model: Mapped[str] = mapped_column(String(255))
    input_tokens: Mapped[int]
    output_tokens: Mapped[int]
    creation_date: Mapped[datetime] = mapped_column(default=now)
