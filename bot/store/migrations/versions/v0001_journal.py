"""The journal of updates, and the pulse that shows whether the database takes writes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001_journal"
down_revision = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column("update_id", BIG_KEY, primary_key=True, autoincrement=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("lease_until", sa.Float(53), nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.Column("claimed", sa.Float(53), nullable=False),
    )
    op.create_index("journal_by_claimed", "journal", ["claimed"])
    op.create_table(
        "pulse",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("beat", sa.Float(53), nullable=False),
    )
