"""The language a chat has chosen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_chats"
down_revision = "0001_journal"


def upgrade() -> None:
    op.create_table(
        "chats",
        sa.Column("chat", sa.String(64), primary_key=True),
        sa.Column("language", sa.String(16), nullable=False),
    )
