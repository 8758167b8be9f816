"""The tables (wire protocol §12.1, and of §12.2 what is used)."""

from mojodex_tui.backend.store.tables import (
    accounts,
    catalog,
    conversations,
    jobs,
    runtime,
    todos,
    workflows,
)
from mojodex_tui.backend.store.tables.base import Table, now

__all__ = [
    "Table",
    "accounts",
    "catalog",
    "conversations",
    "jobs",
    "now",
    "runtime",
    "todos",
    "workflows",
]
