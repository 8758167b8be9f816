"""How Alembic runs here: always on a connection it is handed, never on an address."""

from alembic import context

from mojodex_tui.backend.store.engine_log import engine_metadata
from mojodex_tui.backend.store.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[Table.metadata, engine_metadata],
    # SQLite changes a table by copying it.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
