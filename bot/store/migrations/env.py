"""What Alembic runs for each step; connection and transaction come from `migrations.upgrade`."""

from __future__ import annotations

from alembic import context

from bot.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
