"""Messages to people, and their wishes about them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from tradewright.adapters.storage.sql.columns import Flag, Instant, Plain

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "notifications", _key("id"), *(_told(name, sa.Text) for name in ("channel", "kind", "title", "text")),
        _told("ts", Instant), _told("state", sa.Text), _told("tries", sa.Integer), _told("error", sa.Text),
    )  # fmt: skip
    op.create_index("notifications_state", "notifications", ["state", "ts"])
    op.create_index("notifications_ts", "notifications", ["ts"])
    op.create_table("notification_wishes", _key("kind"), _key("channel"), _told("is_on", Flag))
    op.create_table("alert_rules", _key("id"), _told("terms", Plain))


def downgrade() -> None:
    """Take them away."""
    for name in ("alert_rules", "notification_wishes", "notifications"):
        op.drop_table(name)


def _key(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text, primary_key=True, autoincrement=False)


def _told(name: str, kind: Any) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False)
