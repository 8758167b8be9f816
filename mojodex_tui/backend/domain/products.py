"""What gives tasks to users, as values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Category:
    """A kind of user, in one language."""

    pk: int
    emoji: str
    name: str
    description: str


@dataclass(frozen=True)
class Holding:
    """A product a user has."""

    product_pk: int
    product_name: str
    free: bool
    creation_date: datetime
    days: int | None
    limit: int | None
    consumed: int
    task_names: tuple[str, ...]
