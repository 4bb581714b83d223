"""How far listeners have heard, parameters that people keep, and codes for who has lost what makes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tradewright.adapters.storage.sql.columns import Instant, Plain

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make both tables, and the column."""
    op.create_table(
        "heard", sa.Column("name", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
    )  # fmt: skip
    op.create_table(
        "strategy_presets", sa.Column("strategy", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, primary_key=True, autoincrement=False), sa.Column("params", Plain, nullable=False),
        sa.Column("note", sa.Text, nullable=False), sa.Column("owner", sa.Text, nullable=False),
        sa.Column("updated", Instant, nullable=False),
    )  # fmt: skip
    op.add_column("users", sa.Column("recovery", Plain))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("users", "recovery")
    op.drop_table("strategy_presets")
    op.drop_table("heard")
