"""What is to trade, how each session stands, and what happened."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from tradewright.adapters.storage.sql.columns import Instant, Plain

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the three tables."""
    words = ("mode", "session", "wanted", "origin", "owner", "state", "detail")
    op.create_table(
        "deployments", _key("name"), *(_told(name, sa.Text) for name in words), _told("terms", Plain),
        _told("revision", sa.BigInteger), _told("created", Instant), _told("updated", Instant),
    )  # fmt: skip
    op.create_table(
        "session_facts", _key("session"), _told("deployment", sa.Text), _told("mode", sa.Text), _told("ts", Instant),
        _told("told", Plain),
    )  # fmt: skip
    op.create_index("session_facts_ts", "session_facts", ["ts"])
    counted = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "events", sa.Column("number", counted, primary_key=True, autoincrement=True), _told("ts", Instant),
        _told("kind", sa.Text), _told("data", Plain),
    )  # fmt: skip


def downgrade() -> None:
    """Take them away."""
    for name in ("events", "session_facts", "deployments"):
        op.drop_table(name)


def _key(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text, primary_key=True, autoincrement=False)


def _told(name: str, kind: Any) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False)
