"""Several statements that happen together or not at all, written once as plain functions of a `Session`: the contract.

They go past SQLAlchemy, which builds the statements and keeps the connections: its part would be most of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import Executable

T = TypeVar("T")
Values = Mapping[str, object]


class Session(Protocol):
    """Runs statements within one transaction. A list among the values is one value, for `statements.listed`."""

    def rows(self, statement: Executable, values: Values) -> Sequence[Any]: ...
    def run(self, statement: Executable, values: Values) -> None: ...
    def many(self, statement: Executable, values: Sequence[Values]) -> None: ...


Work = Callable[[Session], T]


class Transactions(Protocol):
    """`durable`: what is written outlasts a power cut once `run` returns; else the last half second may be lost."""

    async def run(self, work: Work[T], *, durable: bool = False) -> T: ...

    async def rows(self, statement: Executable, values: Values) -> Sequence[Any]:
        """Run a single statement."""
        ...

    def run_at_once(self, work: Work[object]) -> bool:
        """Do it now if that needs no waiting; whether it was done. Not durable."""
        ...

    async def close(self) -> None: ...
