"""What the counts of the last days say, ready to be drawn or written. Pure: rows of the store in, figures out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 7
TOP = 10
KINDS = ("answered", "offered", "declined", "small_talk")  # what becomes of a question, in the order of the picture

DayCount = tuple[date, str, str | None, int]


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts by day, oldest first; `by_kind` has a count for each day under every one of KINDS. `top` is entry -> count."""

    days: tuple[date, ...]
    asked: tuple[int, ...]
    by_kind: Mapping[str, tuple[int, ...]]
    thumbs_up: int
    thumbs_down: int
    top: tuple[tuple[str, int], ...]

    @property
    def empty(self) -> bool:
        return not (sum(self.asked) or any(map(sum, self.by_kind.values())) or self.thumbs_up or self.thumbs_down)

    def total(self, kind: str) -> int:
        return sum(self.by_kind[kind])

    def share(self, kind: str) -> float:
        """0 to 1, of all that something became of."""
        every = sum(map(self.total, KINDS))
        return self.total(kind) / every if every else 0.0


def first_day(today: date) -> date:
    return today - timedelta(days=DAYS - 1)


def stats_of(rows: Iterable[DayCount], votes: Mapping[str, tuple[int, int]], today: date) -> Stats:
    """`rows` as `Store.counts`, `votes` as `Store.votes` gives them, both since `first_day(today)`."""
    days = tuple(first_day(today) + timedelta(days=n) for n in range(DAYS))
    counts: Counter[tuple[date, str]] = Counter()
    entries: Counter[str] = Counter()
    for day, kind, entry, n in rows:
        counts[day, kind] += n
        if entry and kind in ("answered", "chosen") and day in days:
            entries[entry] += n
    return Stats(
        days=days,
        asked=tuple(counts[day, "asked"] for day in days),
        by_kind={kind: tuple(counts[day, kind] for day in days) for kind in KINDS},
        thumbs_up=sum(up for up, _ in votes.values()),
        thumbs_down=sum(down for _, down in votes.values()),
        top=tuple(sorted(entries.items(), key=lambda item: (-item[1], item[0]))[:TOP]),
    )
