"""Signs of life of processes, and what the scanner found of each instrument."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from tradewright.adapters.storage.sql.columns import Instant, Plain

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "heartbeats", sa.Column("name", sa.Text, primary_key=True, autoincrement=False), _told("run", sa.Text),
        _told("pid", sa.BigInteger), _told("ts", Instant), _told("told", Plain),
    )  # fmt: skip
    op.create_table(
        "verdicts", sa.Column("venue", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("symbol", sa.Text, primary_key=True, autoincrement=False), _told("ts", Instant),
        _told("found", Plain),
    )  # fmt: skip


def downgrade() -> None:
    """Take both away."""
    op.drop_table("verdicts")
    op.drop_table("heartbeats")


def _told(name: str, kind: Any) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False)
