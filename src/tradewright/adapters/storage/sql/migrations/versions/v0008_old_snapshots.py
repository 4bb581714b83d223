"""Where the oldest snapshots of a venue are found without a look at all that it has."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the index."""
    op.create_index("market_snapshots_old", "market_snapshots", ["venue", "ts", "symbol"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("market_snapshots_old", "market_snapshots")
