"""The inbox: updates that wait, the lanes they wait in, and the journal of what was handled, each tied to its bot."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_inbox"
down_revision = "0004_votes_and_counts"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "inbox",
        sa.Column("bot", BIG_KEY, primary_key=True, autoincrement=False),
        sa.Column("update_id", BIG_KEY, primary_key=True, autoincrement=False),
        sa.Column("lane", sa.String(64), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("asked", sa.Float(53), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("not_before", sa.Float(53), nullable=False),
    )
    op.create_index("inbox_by_lane", "inbox", ["bot", "lane", "update_id"])
    op.create_table(
        "lanes",
        sa.Column("bot", BIG_KEY, primary_key=True, autoincrement=False),
        sa.Column("lane", sa.String(64), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("lease_until", sa.Float(53), nullable=False),
    )
    op.create_table(
        "handled",
        sa.Column("bot", BIG_KEY, primary_key=True, autoincrement=False),
        sa.Column("update_id", BIG_KEY, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Float(53), nullable=False),
    )
    op.create_index("handled_by_at", "handled", ["at"])
    # The journal of before knew no bots. What it held is what a stopped bot has confirmed: it does not come again.
    op.drop_table("journal")
