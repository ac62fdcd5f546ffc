"""The scrubbed questions that got no answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_questions"
down_revision = "0002_chats"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("id", BIG_KEY, primary_key=True, autoincrement=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("lang", sa.String(16), nullable=False),
        sa.Column("nearest", sa.String(128), nullable=True),
        sa.Column("asker", sa.String(64), nullable=False),
        sa.Column("asked", sa.Float(53), nullable=False),
    )
    op.create_index("questions_by_asked", "questions", ["asked"])
    op.create_index("questions_by_asker", "questions", ["asker"])
