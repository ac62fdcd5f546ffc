"""Transactions in PostgreSQL, over the engine's pool."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import ClauseElement, Dialect, Executable, PoolProxiedConnection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import await_only, greenlet_spawn

from bot.store.transactions import Session, Values, Work

T = TypeVar("T")


class InPostgresql:
    """Over the engine's pool, whose connections are else in autocommit and do not wait for the disk. `pooled`: see `pooler`."""

    def __init__(self, engine: AsyncEngine, *, pooled: bool) -> None:
        self._engine = engine.sync_engine
        self._pooled = pooled
        self._texts: dict[int, _Text] = {}

    async def run(self, work: Work[T], *, durable: bool = False) -> T:
        def in_transaction(session: _PostgresqlSession) -> T:
            session.say("BEGIN ISOLATION LEVEL READ COMMITTED;")
            if durable:
                session.say("SET LOCAL synchronous_commit = on")
            found = work(session)
            session.say("COMMIT")
            return found

        return await greenlet_spawn(self._run, in_transaction)

    async def rows(self, statement: Executable, values: Values) -> Sequence[Any]:
        def work(session: Session) -> Sequence[Any]:
            return session.rows(statement, values)

        return await (self.run(work) if self._pooled else greenlet_spawn(self._run, work))

    def run_at_once(self, _: Work[object]) -> bool:
        return False

    async def close(self) -> None:
        """The pool is the engine's."""

    def _run(self, work: Callable[[_PostgresqlSession], T]) -> T:
        connection = self._engine.raw_connection()
        session = _PostgresqlSession(connection.driver_connection, self._engine.dialect, self._texts)
        try:
            found = work(session)
        except BaseException as error:
            if session.recovers(error):
                connection.close()
            else:
                self._without(connection, error)
            raise
        connection.close()
        return found

    def _without(self, connection: PoolProxiedConnection, error: BaseException) -> None:
        """If the server has closed this one, it has closed the others, too."""
        closed = cast(Any, connection.driver_connection).is_closed()
        connection.invalidate(error)
        if closed:
            self._engine.dispose(close=False)
            cast(Any, error).connection_invalidated = True


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement as the driver takes it; kept, since its id is its name here."""

    statement: Executable
    text: str
    names: tuple[str, ...]
    fixed: dict[str, Any]


class _PostgresqlSession:
    """Statements as text, compiled once; parameters by their place."""

    def __init__(self, driver: Any, dialect: Dialect, texts: dict[int, _Text]) -> None:
        self._driver = driver
        self._dialect = dialect
        self._texts = texts

    def say(self, text: str) -> None:
        await_only(self._driver.execute(text))

    def rows(self, statement: Executable, values: Values) -> Sequence[Any]:
        text = self._text(statement)
        return cast(Sequence[Any], await_only(self._driver.fetch(text.text, *_placed(text, values))))

    def run(self, statement: Executable, values: Values) -> None:
        self.rows(statement, values)

    def many(self, statement: Executable, values: Sequence[Values]) -> None:
        text = self._text(statement)
        await_only(self._driver.executemany(text.text, [_placed(text, one) for one in values]))

    def recovers(self, error: BaseException) -> bool:
        """Whether the connection can go on after this."""
        if not isinstance(error, Exception) or self._driver.is_closed():
            return False
        try:
            if self._driver.is_in_transaction():
                self.say("ROLLBACK")
        except Exception:  # whatever it is, the first error says more
            return False
        return True

    def _text(self, statement: Executable) -> _Text:
        known = self._texts.get(id(statement))
        if known is None:
            compiled: Any = cast(ClauseElement, statement).compile(dialect=self._dialect)
            names = tuple(compiled.positiontup or ())
            known = self._texts[id(statement)] = _Text(statement, str(compiled), names, dict(compiled.params))
        return known


def _placed(text: _Text, values: Values) -> list[object]:
    return [values[name] if name in values else text.fixed[name] for name in text.names]
