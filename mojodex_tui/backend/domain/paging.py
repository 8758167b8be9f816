"""Which rows of a list."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page of a list (wire protocol §0.2)."""

    limit: int
    offset: int = 0
