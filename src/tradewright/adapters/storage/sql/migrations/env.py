"""Alembic's door: run the steps on the connection that was handed over, in the transaction that is open on it."""

from __future__ import annotations

from alembic import context

from tradewright.adapters.storage.sql.tables import METADATA

if __name__ == "env_py":  # so Alembic names it when it runs it; to import it does nothing
    context.configure(
        connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True
    )
    with context.begin_transaction():
        context.run_migrations()
