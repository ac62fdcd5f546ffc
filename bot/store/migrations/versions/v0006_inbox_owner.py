"""Who has a waiting update in memory, so that the holder of a lane is given what others put there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_inbox_owner"
down_revision = "0005_inbox"


def upgrade() -> None:
    op.add_column("inbox", sa.Column("owner", sa.String(64), nullable=False, server_default=""))
