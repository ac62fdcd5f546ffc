"""PostgreSQL behind a pooler, such as PgBouncer in transaction mode: each transaction may meet another of its connections."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any
from weakref import WeakSet

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store import postgresql

_POOLED: WeakSet[AsyncEngine] = WeakSet()


async def is_pooled(url: URL) -> bool:
    """Whether there is one. Connects if the address leaves it open (pgbouncer=true or false)."""
    if url.get_backend_name() != "postgresql":
        return False
    said = postgresql.behind_pooler(url)
    return await postgresql.has_pooler(url) if said is None else said


def engine_of(url: URL, pooled: bool, **options: Any) -> AsyncEngine:
    """An engine for PostgreSQL: in autocommit, but behind a pooler nothing may outlast its transaction, no setting and no
    prepared statement; so each statement has a transaction there (see `opened`), and none has a name."""
    arguments: dict[str, Any] = {"async_creator_fn": postgresql.Dialer(url, pooled)}
    if pooled:
        arguments |= {"prepared_statement_cache_size": 0, "prepared_statement_name_func": lambda: ""}
    engine = create_async_engine(
        URL.create("postgresql+asyncpg"),
        **options,
        isolation_level="READ COMMITTED" if pooled else "AUTOCOMMIT",
        connect_args=arguments,
    )
    if pooled:
        _without_codecs(engine)
        _POOLED.add(engine)
    return engine


def opened(engine: AsyncEngine) -> AbstractAsyncContextManager[AsyncConnection]:
    """A connection for one statement, in a transaction where it needs one."""
    return engine.begin() if engine in _POOLED else engine.connect()


def _without_codecs(engine: AsyncEngine) -> None:
    """SQLAlchemy teaches each connection JSON, which we have none of, by statements outside of any transaction."""

    async def nothing(_: object) -> None: ...

    dialect: Any = engine.sync_engine.dialect
    dialect.setup_asyncpg_json_codec = dialect.setup_asyncpg_jsonb_codec = nothing
