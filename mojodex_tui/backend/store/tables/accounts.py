"""Accounts and what they may use (wire protocol §12)."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mojodex_tui.backend.store.tables.base import Table, now


class Company(Table):
    """A company users work for."""

    __tablename__ = "md_company"

    company_pk: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(String(255))
    website: Mapped[str | None] = mapped_column(String(255))
    emoji: Mapped[str | None] = mapped_column(String(255))
    creation_date: Mapped[datetime] = mapped_column(default=now)
    last_update_date: Mapped[datetime | None]


class ProductCategory(Table):
    """A kind of user there are products for."""

    __tablename__ = "md_product_category"

    product_category_pk: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(255), unique=True)
    emoji: Mapped[str] = mapped_column(String(255))
    implicit_goal: Mapped[str] = mapped_column(String(255))
    visible: Mapped[bool] = mapped_column(default=False)


class ProductCategoryText(Table):
    """A category in one language."""

    __tablename__ = "md_product_category_displayed_data"
    __table_args__ = (UniqueConstraint("product_category_fk", "language_code"),)

    product_category_displayed_data_pk: Mapped[int] = mapped_column(primary_key=True)
    product_category_fk: Mapped[int] = mapped_column(
        ForeignKey("md_product_category.product_category_pk")
    )
    language_code: Mapped[str] = mapped_column(String(5))
    name_for_user: Mapped[str] = mapped_column(String(255))
    description_for_user: Mapped[str] = mapped_column(Text)


class User(Table):
    """Who works here."""

    __tablename__ = "md_user"

    user_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str | None] = mapped_column(String(255))
    password: Mapped[str | None] = mapped_column(String(255))
    google_id: Mapped[str | None] = mapped_column(String(255))
    microsoft_id: Mapped[str | None] = mapped_column(String(255))
    apple_id: Mapped[str | None] = mapped_column(String(255))
    creation_date: Mapped[datetime] = mapped_column(default=now)
    terms_and_conditions_accepted: Mapped[datetime | None]
    onboarding_presented: Mapped[datetime | None]
    language_code: Mapped[str | None] = mapped_column(String(5))
    timezone_offset: Mapped[int | None]
    goal: Mapped[str | None] = mapped_column(Text)
    summary: Mapped[str | None] = mapped_column(Text)
    last_summary_update_date: Mapped[datetime | None]
    company_fk: Mapped[int | None] = mapped_column(ForeignKey("md_company.company_pk"))
    company_description: Mapped[str | None] = mapped_column(Text)
    last_company_description_update_date: Mapped[datetime | None]
    product_category_fk: Mapped[int | None] = mapped_column(
        ForeignKey("md_product_category.product_category_pk")
    )
    todo_email_reception: Mapped[bool] = mapped_column(default=True)
    timezone: Mapped[str | None] = mapped_column(String(64))
    """The name of the zone, from clients that tell it; an offset alone knows no summer time."""
    todo_feed_digest: Mapped[str | None] = mapped_column(String(64), index=True)
    """Of the key that opens the calendar feed."""


class Word(Table):
    """A word a user spells their own way."""

    __tablename__ = "md_user_vocabulary"

    user_vocabulary_pk: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("md_user.user_id"), index=True)
    word: Mapped[str] = mapped_column(String(255))
    creation_date: Mapped[datetime] = mapped_column(default=now)


class Product(Table):
    """What gives tasks to those who have it."""

    __tablename__ = "md_product"

    product_pk: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str | None] = mapped_column(String(255), unique=True)
    status: Mapped[str] = mapped_column(String(20), default="active")
    free: Mapped[bool] = mapped_column(default=False)
    product_category_fk: Mapped[int | None] = mapped_column(
        ForeignKey("md_product_category.product_category_pk")
    )
    n_days_validity: Mapped[int | None]
    n_tasks_limit: Mapped[int | None]
    product_stripe_id: Mapped[str | None] = mapped_column(String(255))
    product_apple_id: Mapped[str | None] = mapped_column(String(255))


class ProductText(Table):
    """A product in one language."""

    __tablename__ = "md_product_displayed_data"
    __table_args__ = (UniqueConstraint("product_fk", "language_code"),)

    product_displayed_data_pk: Mapped[int] = mapped_column(primary_key=True)
    product_fk: Mapped[int] = mapped_column(ForeignKey("md_product.product_pk"))
    language_code: Mapped[str] = mapped_column(String(5))
    name: Mapped[str] = mapped_column(String(255))


class ProductTask(Table):
    """A task a product gives."""

    __tablename__ = "md_product_task"
    __table_args__ = (UniqueConstraint("product_fk", "task_fk"),)

    product_task_pk: Mapped[int] = mapped_column(primary_key=True)
    product_fk: Mapped[int] = mapped_column(ForeignKey("md_product.product_pk"))
    task_fk: Mapped[int] = mapped_column(ForeignKey("md_task.task_pk"), index=True)


class Purchase(Table):
    """A product somebody has, or had."""

    __tablename__ = "md_purchase"

    purchase_pk: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("md_user.user_id"), index=True)
    product_fk: Mapped[int] = mapped_column(ForeignKey("md_product.product_pk"))
    creation_date: Mapped[datetime] = mapped_column(default=now)
    active: Mapped[bool] = mapped_column(default=False)
    completed_date: Mapped[datetime | None]
    subscription_stripe_id: Mapped[str | None] = mapped_column(String(255))
    session_stripe_id: Mapped[str | None] = mapped_column(String(255))
    customer_stripe_id: Mapped[str | None] = mapped_column(String(255))
    apple_transaction_id: Mapped[str | None] = mapped_column(String(255))
    apple_original_transaction_id: Mapped[str | None] = mapped_column(String(255))
    custom_purchase_id: Mapped[str | None] = mapped_column(String(255))
