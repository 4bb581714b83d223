"""Sessions of the page, one-time codes, and answers to requests with an idempotency key."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from tradewright.adapters.storage.sql.columns import Instant, Plain

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add two tables, and columns to those of people."""
    op.add_column("users", sa.Column("totp", sa.Text))
    op.add_column("users", sa.Column("step", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("tokens", sa.Column("used", Instant))
    op.create_table(
        "logins", _key("id"), _told("user", sa.Text), _told("hash", sa.Text), _told("created", Instant),
        _told("seen", Instant), _told("expires", Instant), _told("address", sa.Text), _told("agent", sa.Text),
        sa.Column("proved", Instant), sa.ForeignKeyConstraint(["user"], ["users.name"]),
    )  # fmt: skip
    op.create_index("logins_user", "logins", ["user"])
    op.create_table(
        "answers", _key("caller"), _key("key"), _told("request", sa.Text), _told("run", sa.Text),
        _told("ts", Instant), sa.Column("status", sa.Integer), _told("headers", Plain),
        sa.Column("body", sa.Text),
    )  # fmt: skip
    op.create_index("answers_ts", "answers", ["ts"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("answers")
    op.drop_table("logins")
    for table, column in (("tokens", "used"), ("users", "step"), ("users", "totp")):
        op.drop_column(table, column)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True, autoincrement=False)


def _told(name: str, kind: Any) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False)
