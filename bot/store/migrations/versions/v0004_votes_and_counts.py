"""Thumbs, and the counts per day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_votes_and_counts"
down_revision = "0003_questions"


def upgrade() -> None:
    op.create_table(
        "votes",
        sa.Column("asker", sa.String(64), primary_key=True),
        sa.Column("message", sa.String(64), primary_key=True),
        sa.Column("entry", sa.String(128), primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
    )
    op.create_index("votes_by_day", "votes", ["day"])
    op.create_table(
        "counts",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("entry", sa.String(128), primary_key=True),
        sa.Column("n", sa.Integer, nullable=False),
    )
