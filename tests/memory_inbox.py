"""The inbox that lives as long as the process, with the same rules as the one in a database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from cachetools import LRUCache

from bot.store.base import Clock
from bot.store.inbox import Copy, Later, Settled, TakenIn, Waiting

_Key = tuple[int, str]  # bot and lane


@dataclass(frozen=True, slots=True)
class _Held:
    owner: str
    until: float


@dataclass(frozen=True, slots=True)
class _Kept:
    waiting: Waiting
    not_before: float
    owner: str


class MemoryInbox:
    """`journal_size` is how many handled ids are known; what waits is not limited."""

    def __init__(self, clock: Clock, journal_size: int) -> None:
        self._clock = clock
        self._kept: dict[tuple[int, int], _Kept] = {}
        self._lanes: dict[_Key, _Held] = {}
        self._handled: LRUCache[tuple[int, int], float] = LRUCache(journal_size)

    async def put(self, me: Copy, updates: Sequence[Waiting], *, held: Collection[str] = ()) -> TakenIn:
        ours = frozenset(update.lane for update in updates if self._hold(me, update.lane))
        fresh = set()
        for update in updates:
            key = me.bot, update.update_id
            if key not in self._kept and key not in self._handled:
                self._kept[key] = _Kept(update, 0.0, me.owner if update.lane in ours else "")
                fresh.add(update.update_id)
        found = self._given(me, ours, anew=ours.difference(held))
        return TakenIn(frozenset(fresh), ours, tuple(waiting for waiting in found if waiting.update_id not in fresh))

    async def take(self, me: Copy, *, limit: int = 200) -> list[Waiting]:
        now = self._now()
        free: dict[str, None] = {}
        for (bot, _), kept in sorted(self._kept.items()):
            held = self._lanes.get((bot, kept.waiting.lane))
            if bot == me.bot and (held is None or held.until <= now):
                free[kept.waiting.lane] = None
        ours = frozenset(lane for lane in list(free)[:limit] if self._hold(me, lane))
        for key in [key for key, kept in self._kept.items() if kept.waiting.lane in ours and key in self._handled]:
            del self._kept[key]
        return self._given(me, ours, anew=ours)

    async def note(self, me: Copy, done: Collection[int]) -> None:
        self._note(me, done)

    def note_at_once(self, me: Copy, done: Collection[int]) -> bool:
        return False

    async def settle(
        self,
        me: Copy,
        *,
        done: Collection[int] = (),
        later: Collection[Later] = (),
        lanes: Collection[str] = (),
        leave: Collection[str] = (),
    ) -> Settled:
        self._note(me, done)
        for update_id in done:
            self._kept.pop((me.bot, update_id), None)
        for one in later:
            self._put_off(me, one)
        touched = frozenset((*lanes, *leave))
        ours = frozenset(lane for lane in touched if self._owner(me.bot, lane) == me.owner)
        found = self._given(me, ours, anew=ours.intersection(leave))
        for lane in ours.intersection(leave) - {waiting.lane for waiting in found}:
            del self._lanes[me.bot, lane]
        return Settled(tuple(found), touched - ours)

    async def renew(self, me: Copy, lanes: Collection[str]) -> frozenset[str]:
        ours = frozenset(lane for lane in lanes if self._owner(me.bot, lane) == me.owner)
        self._lanes |= {(me.bot, lane): self._lease(me) for lane in ours}
        return ours

    async def let_go(self, me: Copy) -> None:
        for key in [key for key, held in self._lanes.items() if key[0] == me.bot and held.owner == me.owner]:
            del self._lanes[key]

    def drop_before(self, moment: float) -> int:
        """Forget what was asked or handled before; how much that was."""
        old = [key for key, at in self._handled.items() if at < moment]
        for key in old:
            self._handled.pop(key)
        late = [key for key, kept in self._kept.items() if kept.waiting.asked < moment]
        for key in late:
            del self._kept[key]
        return len(old) + len(late)

    def _hold(self, me: Copy, lane: str) -> bool:
        held = self._lanes.get((me.bot, lane))
        if held is not None and held.owner != me.owner and held.until > self._now():
            return False
        self._lanes[me.bot, lane] = self._lease(me)
        return True

    def _note(self, me: Copy, done: Collection[int]) -> None:
        for update_id in done:
            self._handled[me.bot, update_id] = self._now()

    def _put_off(self, me: Copy, one: Later) -> None:
        kept = self._kept.get((me.bot, one.update_id))
        if kept is not None and self._owner(me.bot, kept.waiting.lane) == me.owner:
            waiting = replace(kept.waiting, tries=one.tries)
            self._kept[me.bot, one.update_id] = replace(kept, waiting=waiting, not_before=self._now() + one.pause)

    def _given(self, me: Copy, lanes: frozenset[str], *, anew: frozenset[str]) -> list[Waiting]:
        """Of what waits in these lanes, which are ours: all in those that are held `anew`, else what others brought."""
        found, now = [], self._now()
        for key, kept in sorted(self._kept.items()):
            lane = kept.waiting.lane
            if key[0] != me.bot or lane not in lanes or key in self._handled:
                continue
            if lane in anew or kept.owner != me.owner:
                self._kept[key] = replace(kept, owner=me.owner)
                found.append(replace(kept.waiting, pause=max(0.0, kept.not_before - now)))
        return found

    def _owner(self, bot: int, lane: str) -> str | None:
        held = self._lanes.get((bot, lane))
        return held.owner if held is not None else None

    def _lease(self, me: Copy) -> _Held:
        return _Held(me.owner, self._now() + me.lease)

    def _now(self) -> float:
        return self._clock().timestamp()
