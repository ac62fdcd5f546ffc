"""Pieces of work, shared out over every core there is. No I/O."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from loky import ProcessPoolExecutor

_WORTH_IT = 3000  # phrases; below, starting another Python takes longer than the work
_ONE_THREAD = "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"  # every core has a worker already
_LOOK = 1.0  # seconds between two looks at who the parent is

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Step = Callable[[float], None]
"""Called with the share of the work done, 0 to 1, at the beginning too."""


class Task(Protocol[T_co]):
    """A piece of work for one core, which can be handed to another Python."""

    def run(self) -> T_co: ...


class Crew:
    """Runs pieces of work, on all cores where there is much of it, and reports how much of `total` is done: what pieces cost
    together, in whatever unit.

    Every core gets a Python of its own, by a library that asks no caller for a guarded main module."""

    def __init__(self, phrases: int, step: Step, total: float) -> None:
        workers = _workers() if phrases > _WORTH_IT else 1
        self._pool = _pool(workers) if workers > 1 else None
        self._step, self._done, self._total, self._alone = step, 0.0, max(total, 1e-9), threading.Lock()
        step(0.0)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(kill_workers=True)

    def start(self, task: Task[T], cost: float = 1.0) -> Callable[[], T]:
        """Begins the work; what is returned waits for its result, and raises what it raised."""
        if self._pool is None:
            found = task.run()
            self._tell(cost)
            return lambda: found
        future = self._pool.submit(_run, task)
        future.add_done_callback(lambda _: self._tell(cost))
        return lambda: cast("T", future.result())

    def _tell(self, cost: float) -> None:
        with self._alone:
            self._done += cost
            self._step(min(0.99, self._done / self._total))


def _workers() -> int:
    """The cores that this process may use: containers and LOKY_MAX_CPU_COUNT may grant fewer than there are."""
    from loky import cpu_count

    return int(cpu_count())


def _pool(workers: int) -> ProcessPoolExecutor:
    from loky import ProcessPoolExecutor

    env = dict.fromkeys(_ONE_THREAD, "1")
    return ProcessPoolExecutor(workers, initializer=_end_with, initargs=(os.getpid(),), env=env)


def _end_with(parent: int) -> None:
    """A worker waits for work from a pipe that its fellows hold open, too: that nobody is left to send any, it has to see itself."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _run(task: Any) -> Any:
    return task.run()
