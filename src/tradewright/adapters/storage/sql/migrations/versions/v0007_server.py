"""How far listeners have heard, and codes for who has lost what makes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tradewright.adapters.storage.sql.columns import Plain

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table, and the column."""
    op.create_table(
        "heard", sa.Column("name", sa.Text, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
    )  # fmt: skip
    op.add_column("users", sa.Column("recovery", Plain))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("users", "recovery")
    op.drop_table("heard")
