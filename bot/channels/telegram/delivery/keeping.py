"""Writes updates into the store's inbox and out of it, sealed and many at a time, and gives what else waits there."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.channels.telegram.delivery.batches import Batches
from bot.channels.telegram.delivery.handling import Gate, Handling
from bot.channels.telegram.delivery.raw import RawUpdate, message_of
from bot.store.base import StoreBusy
from bot.store.inbox import Copy, Inbox, Later, Waiting
from bot.store.sealing import Seal

log = logging.getLogger(__name__)

# Seconds. What was handled stands in the journal before; only what another copy has put into our lane waits for this.
_SETTLE = 0.1
_LOCKED_LANES = 3  # that are waited for in one batch; a copy that stands still has locked few, or all
_COMPACT = json.JSONEncoder(separators=(",", ":"))  # made once: for one of its own, each call would make another


@dataclass(slots=True, eq=False)
class Item:
    """An update on its way. `stored`: it stands in the inbox, so that a kill cannot lose it. `over` tells whoever brought
    it, and waits, whether it was handled. `told_to_wait`: its last try failed because Telegram wants quiet there."""

    raw: RawUpdate
    update_id: int
    lane: str
    asked: float
    handling: Handling
    over: asyncio.Future[bool]
    tries: int = 0
    pause: float = 0.0
    stored: bool = False
    told_to_wait: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a batch that was put: to be worked off by us, in order; and lanes that are another copy's."""

    ours: list[Item]
    elsewhere: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Settling:
    """One update that was handled, or has to wait."""

    lane: str
    done: int | None = None
    later: Later | None = None
    leave: bool = False


class Keeping:
    """`held` gives the lanes in which we have something to do; `came` is told of each batch that was put, `more` gets what
    others have put into a lane of ours, and `lost` the lanes that are ours no more."""

    def __init__(
        self,
        inbox: Inbox,
        me: Copy,
        seal: Seal,
        gate: Gate,
        *,
        held: Callable[[], Collection[str]],
        came: Callable[[list[Item], Written], None],
        more: Callable[[Sequence[Item]], None],
        lost: Callable[[Collection[str]], None],
    ) -> None:
        self._inbox = inbox
        self._me = me
        self._seal = seal
        self._gate = gate
        self._held = held
        self._came = came
        self._more = more
        self._lost = lost
        self._puts: Batches[Item] = Batches(self._put)
        self._settles: Batches[_Settling] = Batches(self._settle, pause=_SETTLE)
        self.unreadable = 0

    def item(self, raw: RawUpdate, update_id: int, lane: str, asked: float) -> Item:
        work = Handling(update_id, self._gate, message_of(raw), asked)
        return Item(raw, update_id, lane, asked, work, asyncio.get_running_loop().create_future())

    def name(self, lane: str) -> str:
        return self._seal.name(lane)

    async def put(self, items: Iterable[Item]) -> None:
        """Returns once they are written, those but whose lanes are locked, and `came` was told. Raises StoreError."""
        await self._puts.add(items)

    async def note(self, item: Item) -> None:
        """Write that it was handled, by itself and at once: until then a kill doubles it. Raises StoreError."""
        if not self._inbox.note_at_once(self._me, [item.update_id]):
            await self._inbox.note(self._me, [item.update_id])

    def done(self, item: Item, *, leave: bool) -> None:
        """Take out soon what was handled; `leave` gives up its lane if nothing more waits there."""
        self._settles.give([_Settling(item.lane, done=item.update_id, leave=leave)])

    def later(self, item: Item, pause: float) -> None:
        self._settles.give([_Settling(item.lane, later=Later(item.update_id, item.tries, pause))])

    async def settled(self) -> None:
        """Returns once all that was handled is taken out."""
        await self._settles.finish()

    async def take(self, limit: int) -> list[Item]:
        """What waits in lanes that nobody holds."""
        return self._opened(await self._inbox.take(self._me, limit=limit))

    async def renew(self, lanes: Collection[str]) -> frozenset[str]:
        return await self._inbox.renew(self._me, lanes)

    async def let_go(self) -> None:
        await self._inbox.let_go(self._me)

    async def _put(self, items: list[Item]) -> None:
        try:
            await self._put_together(items)
        except StoreBusy:
            by_lane: dict[str, list[Item]] = {}
            for item in items:
                by_lane.setdefault(item.lane, []).append(item)
            if len(by_lane) == 1:
                raise
            await self._put_each(list(by_lane.values()))

    async def _put_each(self, lanes: list[list[Item]]) -> None:
        """One lane may be locked by a copy that stands still, and is left out then: its updates will come again."""
        locked = 0
        for items in lanes:
            try:
                await self._put_together(items)
            except StoreBusy:
                locked += 1
                if locked == _LOCKED_LANES:
                    return

    async def _put_together(self, items: list[Item]) -> None:
        held = set(self._held())
        taken = await self._inbox.put(self._me, [self._sealed(item) for item in items], held=held)
        for item in items:
            item.stored = True
        fresh = {item.update_id: item for item in items if item.update_id in taken.fresh and item.lane in taken.ours}
        before = [found for found in taken.before if found.update_id not in fresh]
        ours = sorted([*fresh.values(), *self._opened(before, items)], key=lambda item: item.update_id)
        self._came(items, Written(ours, frozenset(item.lane for item in items) - taken.ours))

    async def _settle(self, settled: list[_Settling]) -> None:
        try:
            found = await self._inbox.settle(
                self._me,
                done=[one.done for one in settled if one.done is not None],
                later=[one.later for one in settled if one.later is not None],
                lanes={one.lane for one in settled},
                leave={one.lane for one in settled if one.leave},
            )
        except Exception as error:  # the answers are out, and those after them are not to wait for it
            log.error("%d updates were handled, and that could not be noted: %s", len(settled), type(error).__name__)
            return
        self._more(self._opened(found.found))
        if found.lost:
            self._lost(found.lost)

    def _sealed(self, item: Item) -> Waiting:
        content = _COMPACT.encode(item.raw).encode()
        return Waiting(item.update_id, item.lane, self._seal.close(item.update_id, content), item.asked, item.tries)

    def _opened(self, found: Sequence[Waiting], known: Sequence[Item] = ()) -> list[Item]:
        """Without those that were sealed with another key: they wait for a copy that has it. `known` need no opening."""
        by_id = {item.update_id: item for item in known}
        items = [by_id.get(waiting.update_id) or self._open(waiting) for waiting in found]
        return [item for item in items if item is not None]

    def _open(self, waiting: Waiting) -> Item | None:
        content = self._seal.open(waiting.update_id, waiting.payload)
        if content is None:
            self.unreadable += 1
            return None
        item = self.item(json.loads(content), waiting.update_id, waiting.lane, waiting.asked)
        item.tries, item.pause, item.stored = waiting.tries, waiting.pause, True
        return item
