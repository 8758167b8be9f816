"""Sessions, executions, messages and produced texts (wire protocol §12)."""

from datetime import date, datetime

from pydantic import JsonValue
from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mojodex_tui.backend.store.tables.base import Table, now


class Session(Table):
    """A room for messages."""

    __tablename__ = "md_session"

    session_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("md_user.user_id"), index=True)
    creation_date: Mapped[datetime] = mapped_column(default=now)
    platform: Mapped[str | None] = mapped_column(String(20))
    starting_mode: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5), default="en")
    title: Mapped[str | None] = mapped_column(String(255))
    end_date: Mapped[datetime | None]
    deleted_by_user: Mapped[bool] = mapped_column(default=False)
    run_id: Mapped[str | None] = mapped_column(String(64))
    """The open root run of the task engine the conversation goes on in."""
    thread_node: Mapped[str | None] = mapped_column(String(64))
    """The last node of the conversation, where a new run goes on."""


class SessionRun(Table):
    """A root run of the task engine a session went on in, ever."""

    __tablename__ = "md_session_run"

    session_run_pk: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("md_session.session_id"), index=True)
    run_id: Mapped[str] = mapped_column(String(64), unique=True)


class HomeChat(Table):
    """A user's home chat of one week."""

    __tablename__ = "md_home_chat"
    __table_args__ = (UniqueConstraint("user_id", "week"),)

    home_chat_pk: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("md_session.session_id"))
    user_id: Mapped[str] = mapped_column(ForeignKey("md_user.user_id"))
    week: Mapped[date]
    """Its Monday."""
    creation_date: Mapped[datetime] = mapped_column(default=now)


class Execution(Table):
    """One run of a task by a user."""

    __tablename__ = "md_user_task_execution"

    user_task_execution_pk: Mapped[int] = mapped_column(primary_key=True)
    user_task_fk: Mapped[int] = mapped_column(ForeignKey("md_user_task.user_task_pk"), index=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("md_session.session_id"), index=True)
    json_input_values: Mapped[list[dict[str, JsonValue]]]
    start_date: Mapped[datetime | None]
    end_date: Mapped[datetime | None]
    title: Mapped[str | None] = mapped_column(String(255))
    summary: Mapped[str | None] = mapped_column(Text)
    predefined_action_from_user_task_execution_fk: Mapped[int | None] = mapped_column(
        ForeignKey(
            "md_user_task_execution.user_task_execution_pk",
            name="fk_md_user_task_execution_parent",
        )
    )
    todos_extracted: Mapped[datetime | None]
    deleted_by_user: Mapped[datetime | None]
    purchase_fk: Mapped[int | None] = mapped_column(ForeignKey("md_purchase.purchase_pk"))


class Message(Table):
    """One message of a session."""

    __tablename__ = "md_message"
    __table_args__ = (
        UniqueConstraint("session_id", "message_id"),
        Index("ix_md_message_session_order", "session_id", "message_pk"),
    )

    message_pk: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("md_session.session_id"))
    message_id: Mapped[str | None] = mapped_column(String(255))
    """The client's own key, in a column of its own so that it can be unique."""
    user_task_execution_fk: Mapped[int | None] = mapped_column(
        ForeignKey("md_user_task_execution.user_task_execution_pk"), index=True
    )
    """The execution the message carries, so that history can be filtered by it."""
    sender: Mapped[str] = mapped_column(String(20))
    message: Mapped[dict[str, JsonValue]]
    event_name: Mapped[str | None] = mapped_column(String(255))
    creation_date: Mapped[datetime] = mapped_column(default=now)
    message_date: Mapped[datetime] = mapped_column(default=now)
    read_by_user: Mapped[datetime | None]
    in_error_state: Mapped[datetime | None]
    node_id: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)
    """The node of the task engine's log this row shows."""


class ProducedText(Table):
    """What an execution delivers."""

    __tablename__ = "md_produced_text"

    produced_text_pk: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("md_user.user_id"), index=True)
    user_task_execution_fk: Mapped[int | None] = mapped_column(
        ForeignKey("md_user_task_execution.user_task_execution_pk"), index=True
    )
    session_id: Mapped[str | None] = mapped_column(ForeignKey("md_session.session_id"))
    deleted_by_user: Mapped[datetime | None]


class ProducedTextVersion(Table):
    """One version of a produced text; never changed."""

    __tablename__ = "md_produced_text_version"
    __table_args__ = (
        Index("ix_md_produced_text_version_order", "produced_text_fk", "creation_date"),
    )

    produced_text_version_pk: Mapped[int] = mapped_column(primary_key=True)
    produced_text_fk: Mapped[int] = mapped_column(ForeignKey("md_produced_text.produced_text_pk"))
    production: Mapped[str] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    creation_date: Mapped[datetime] = mapped_column(default=now)
    text_type_fk: Mapped[int | None] = mapped_column(ForeignKey("md_text_type.text_type_pk"))
    read_by_user: Mapped[datetime | None]
    node_id: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)
    """The node of the task engine's log it was delivered in; none if the user wrote it."""
