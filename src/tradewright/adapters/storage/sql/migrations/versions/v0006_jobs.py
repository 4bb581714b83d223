"""Work that takes longer than a request, and what people put on results."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from tradewright.adapters.storage.sql.columns import Instant, Plain

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "jobs", sa.Column("id", sa.Text, primary_key=True, autoincrement=False), _told("kind"), _told("title"),
        _told("request", Plain), _told("owner"), _told("created", Instant), _told("priority", sa.Integer),
        _told("identity"), _told("state"), _told("attempts", sa.Integer), sa.Column("begun", Instant),
        sa.Column("ended", Instant), _told("fraction", sa.Double), _told("step"), sa.Column("result", Plain),
        sa.Column("error", Plain),
    )  # fmt: skip
    op.create_index("jobs_created", "jobs", ["created"])
    op.create_index("jobs_state", "jobs", ["state", "created"])
    op.create_index("jobs_identity", "jobs", ["identity"])
    op.create_table(
        "result_marks", sa.Column("id", sa.Text, primary_key=True, autoincrement=False),
        _told("is_starred", sa.Integer), _told("tags", Plain), _told("note"), _told("updated", Instant),
    )  # fmt: skip


def downgrade() -> None:
    """Take both away."""
    op.drop_table("result_marks")
    op.drop_table("jobs")


def _told(name: str, kind: Any = sa.Text) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False)
