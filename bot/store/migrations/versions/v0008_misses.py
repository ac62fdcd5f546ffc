"""What a question in vain came to, notes on errors, what maintainers set aside, and who waits for an answer."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0008_misses"
down_revision = "0007_marks"


def upgrade() -> None:
    # SQLite would give the number of the last question again once that is deleted, unless the table is made anew.
    anew: Literal["always", "never"] = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("questions", recreate=anew, table_kwargs={"sqlite_autoincrement": True}) as questions:
        questions.add_column(sa.Column("kind", sa.String(16), nullable=False, server_default="declined"))
        questions.add_column(sa.Column("note", sa.Text, nullable=False, server_default=""))
        questions.add_column(sa.Column("reply", sa.String(80), nullable=True))
    op.create_index("questions_by_reply", "questions", ["reply"], unique=True)
    op.create_table(
        "dismissed",
        sa.Column("mark", sa.String(64), primary_key=True),
        sa.Column("at", sa.Float(53), nullable=False),
    )
    op.create_table(
        "watches",
        sa.Column("asker", sa.String(64), primary_key=True),
        sa.Column("question", sa.String(64), primary_key=True),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("asked", sa.Float(53), nullable=False),
    )
    op.create_index("watches_by_asked", "watches", ["asked"])
