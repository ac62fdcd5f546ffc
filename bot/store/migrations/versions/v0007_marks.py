"""What has to be known to all copies: which admin wants the digest and has had it, what they were told of the base."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_marks"
down_revision = "0006_inbox_owner"


def upgrade() -> None:
    op.create_table(
        "marks",
        sa.Column("owner", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("value", sa.String(128), nullable=False),
    )
