"""What became of each wish that was left for a session, so that whoever left it can be told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tradewright.adapters.storage.sql.columns import Instant

revision = "0009"
down_revision = "0008"

_TABLES = ("session_wishes", "session_wishes_sim")


def upgrade() -> None:
    """Make both columns; every wish that is there waits."""
    for table in _TABLES:
        op.add_column(table, sa.Column("answered", Instant))
        op.add_column(table, sa.Column("refusal", sa.Text))


def downgrade() -> None:
    """Take them away; what was dealt with went with its answer before."""
    for table in _TABLES:
        op.execute(f"DELETE FROM {table} WHERE answered IS NOT NULL")  # noqa: S608 - one of two names
        op.drop_column(table, "refusal")
        op.drop_column(table, "answered")
