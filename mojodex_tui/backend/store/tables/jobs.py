"""What was done on the clock, and the mails that went out (wire protocol §12.2)."""

from datetime import date, datetime

from pydantic import JsonValue
from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mojodex_tui.backend.store.tables.base import Table, now


class JobRun(Table):
    """A job that was begun; it is done once for each subject and day."""

    __tablename__ = "md_job_run"
    __table_args__ = (UniqueConstraint("job", "subject", "day"),)

    job_run_pk: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(255))
    day: Mapped[date]
    user_id: Mapped[str] = mapped_column(ForeignKey("md_user.user_id"), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None]
    started: Mapped[datetime | None]
    ended: Mapped[datetime | None]
    sending: Mapped[datetime | None]
    next_try: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(Text)
    gave_up: Mapped[bool] = mapped_column(default=False)


class Event(Table):
    """A mail that went out."""

    __tablename__ = "md_event"

    event_pk: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("md_user.user_id"), index=True)
    event_type: Mapped[str] = mapped_column(String(255))
    message: Mapped[dict[str, JsonValue]]
    creation_date: Mapped[datetime] = mapped_column(default=now)
