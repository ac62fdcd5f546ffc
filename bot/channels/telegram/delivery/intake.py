"""Takes raw updates in: into the store first, then in lanes through parsing and handling, and out of the store."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from typing import TypeVar

from cachetools import LRUCache
from telegram import Bot

from bot.channels.telegram.delivery import handling
from bot.channels.telegram.delivery.attempts import Attempts, Handle
from bot.channels.telegram.delivery.keeping import Item, Keeping, Written
from bot.channels.telegram.delivery.lanes import Lanes
from bot.channels.telegram.delivery.raw import RawUpdate, asked_at, lane_of, update_id_of
from bot.store.base import StoreBusy, StoreError
from bot.store.inbox import Copy, Inbox
from bot.store.sealing import Seal

log = logging.getLogger(__name__)

T = TypeVar("T")

_SWEEP = 1.0  # seconds between two looks for what nobody holds
_AT_ONCE = 200  # lanes taken over at a time


class Intake:
    """An update is written to the store, and may then be confirmed: it is in `store` until it was handled, whatever
    happens to this process. While the store is away, it is handled first and confirmed then.

    `limit` chats at a time; `patience` is the longest for one try, in seconds; `most` updates are in memory at once.
    `entering` hears of the chats whose updates are about to be handled.
    What a kill can double are the updates between Telegram's acceptance and the journal: those within the `gate`.
    """

    def __init__(
        self,
        store: Inbox,
        handle: Handle,
        bot: Bot,
        me: Copy,
        seal: Seal,
        *,
        limit: int = 16,
        patience: float = 300.0,
        gate: handling.Gate | None = None,
        entering: Callable[[Collection[int]], None] = lambda _: None,
        most: int = 10_000,
        remembered: int = 20_000,
    ) -> None:
        self._store = store
        self._lease = me.lease
        self._entering = entering
        self._most = most
        self._attempts = Attempts(handle, bot, patience)
        self._lanes: Lanes[Item] = Lanes(self._work, place=lambda item: item.update_id, limit=limit)
        gate = gate or handling.Gate()
        self._keeping = Keeping(
            store, me, seal, gate, held=self._lanes.names, came=self._came, more=self._enter, lost=self._lost
        )
        self._in_hand: dict[int, Item] = {}
        self._done: LRUCache[int, None] = LRUCache(remembered)
        self._cut_off: set[str] = set()
        self._running = True
        self._renewed = math.inf  # when all lanes were last held for another lease
        self._chores: list[asyncio.Task[None]] = []
        self._again: set[asyncio.Task[None]] = set()
        self._fewer = asyncio.Event()

    def waiting(self) -> list[float]:
        """When each update in memory was asked, those in work among them; in seconds since 1970."""
        return [item.asked for item in list(self._in_hand.values())]

    def start(self) -> None:
        """Work off what waits in the store. Call within the loop."""
        self._renewed = asyncio.get_running_loop().time()
        self._chores = [asyncio.create_task(chore) for chore in (self._sweep(), self._renew())]

    async def health(self) -> dict[str, bool]:
        """What has to be true for updates to be handled and remembered."""
        try:
            async with asyncio.timeout(2.0):
                store = await self._store.healthy()
        except Exception:  # whatever it is, the store is not well
            store = False
        return {"intake": self._running, "store": store}

    @property
    def full(self) -> bool:
        """Whether so much is in hand that more is better left to Telegram for the moment."""
        return len(self._in_hand) >= self._most

    async def room(self) -> None:
        """Returns when more may be taken in."""
        while self.full:
            self._fewer.clear()
            await self._fewer.wait()

    async def settled(self) -> None:
        """Returns when all that was handled is out of the store."""
        await self._keeping.settled()

    async def take(self, raws: Sequence[RawUpdate]) -> dict[int, asyncio.Future[bool]]:
        """Take updates in. Those that are named must not be confirmed before they were handled: each with a future that
        tells whether it was: not if the store was busy, then it has to come again. All others may be confirmed at once.
        Raises ValueError for one without an update_id."""
        news = [item for item in map(self._known_or_new, raws) if item is not None]
        if not self._running:
            for item in news:
                _tell(item, False)
        elif any(not item.stored for item in news):
            await self._put([item for item in news if not item.stored])
        return {item.update_id: self._in_hand.get(item.update_id, item).over for item in news if not item.stored}

    async def stop(self, grace: float = 8.0) -> None:
        """Begin nothing more, finish what has begun within `grace` seconds; the rest stays in the store."""
        self._running = False
        for item in self._lanes.close():
            self._in_hand.pop(item.update_id, None)
            _tell(item, False)
        await self._lanes.drain(grace)
        for chore in self._chores:
            chore.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)
        await self.settled()
        with suppress(StoreError):
            await self._keeping.let_go()

    async def _put(self, items: list[Item]) -> None:
        try:
            await self._keeping.put(items)
        except StoreBusy:
            pass
        except StoreError:
            self._enter(items)
        for item in items:
            if not item.stored and item.update_id not in self._in_hand:
                _tell(item, False)

    def _known_or_new(self, raw: RawUpdate) -> Item | None:
        """None for what was handled."""
        update_id = update_id_of(raw)
        if update_id is None:
            raise ValueError("This is no update: it has no update_id.")
        if update_id in self._done:
            return None
        known = self._in_hand.get(update_id)
        return known or self._keeping.item(raw, update_id, self._keeping.name(lane_of(raw)), asked_at(raw, time.time()))

    def _came(self, items: list[Item], written: Written) -> None:
        self._lost(written.elsewhere)
        self._enter(written.ours)
        for item in items:
            if item.update_id in self._in_hand:
                _tell(item, True)

    def _enter(self, items: Sequence[Item]) -> None:
        """Into memory, and to their lanes."""
        if not self._running:
            for item in items:
                _tell(item, False)
            return
        new = [item for item in items if item.update_id not in self._in_hand and item.update_id not in self._done]
        self._entering({item.handling.message[0] for item in new if item.handling.message})
        for item in new:
            self._in_hand[item.update_id] = item
            self._lanes.add(item.lane, item, item.pause)

    def _lost(self, lanes: Collection[str]) -> None:
        """Another copy has these lanes, or the store was begun anew: putting them again tells which."""
        again = [item for lane in lanes for item in self._drop(lane)]
        if again:
            task = asyncio.create_task(self._put(again))
            self._again.add(task)
            task.add_done_callback(self._again.discard)

    def _drop(self, lane: str) -> list[Item]:
        """Leave to another copy what has not begun; but what is not stored is nowhere else."""
        dropped = self._lanes.drop(lane)
        for item in dropped:
            if item.stored:
                self._in_hand.pop(item.update_id, None)
            else:
                self._lanes.add(lane, item)
        return [item for item in dropped if item.stored]

    async def _work(self, item: Item) -> float | None:
        """One try; None when the update is over, else the seconds until the next."""
        handling.begin(item.handling)
        if not await self._still_ours(item):
            self._in_hand.pop(item.update_id, None)
            self._lost([item.lane])
            return None
        try:
            pause = await self._attempts.make(item)
            if pause is not None:
                self._put_off(item, pause)
                return pause
            await self._finish(item)
        except asyncio.CancelledError:
            if item.handling.sent:
                await self._finish(item)
            else:
                self._in_hand.pop(item.update_id, None)
                _tell(item, False)
            raise
        finally:
            item.handling.leave()
        return None

    async def _still_ours(self, item: Item) -> bool:
        """Looks only if this process stood still for so long that another copy may have gone on with the lane."""
        if not item.stored or asyncio.get_running_loop().time() - self._renewed <= self._lease:
            return True
        held = await self._chore("Holding a lane", lambda: self._keeping.renew([item.lane]))
        return held is None or item.lane in held

    async def _finish(self, item: Item) -> None:
        self._done[item.update_id] = None
        if item.handling.sent:
            try:
                await self._keeping.note(item)
            except Exception as error:  # no lane may stand still for it, and the answer is out
                log.error("An update was handled, and that could not be noted: %s", type(error).__name__)
            item.handling.leave()
        more = self._lanes.behind(item.lane) > 0
        self._keeping.done(item, leave=not more)
        if more:  # it is not to begin in a lane that is another copy's by now
            await self._keeping.settled()
        self._in_hand.pop(item.update_id, None)
        self._fewer.set()
        _tell(item, True)
        self._cut_off.discard(item.lane)
        if item.handling.sent and len(self._cut_off) > 1:
            # Telegram is back: whoever was cut off need not wait out a long pause.
            self._lanes.hurry(self._cut_off)
            self._cut_off.clear()

    def _put_off(self, item: Item, pause: float) -> None:
        item.handling.leave()
        if not item.told_to_wait:
            self._cut_off.add(item.lane)
        self._keeping.later(item, pause)

    # chores

    async def _sweep(self) -> None:
        """Take over what nobody holds: what was left at the last stop, or by a copy that was killed."""
        while True:
            full = await self._chore("Looking for what waits", self._take_over) or False
            self._report()
            await asyncio.sleep(0.05 if full else _SWEEP)

    async def _take_over(self) -> bool:
        """Whether there may be more at once."""
        if len(self._in_hand) >= self._most // 2:
            return False
        found = await self._keeping.take(_AT_ONCE)
        self._enter(found)
        return len({item.lane for item in found}) >= _AT_ONCE

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._lease / 3)
            await self._chore("Holding what is in hand", self._hold)

    async def _hold(self) -> None:
        held, began = {item.lane for item in self._in_hand.values() if item.stored}, asyncio.get_running_loop().time()
        self._lost(held - await self._keeping.renew(held))
        self._renewed = began

    @staticmethod
    async def _chore(what: str, work: Callable[[], Awaitable[T]]) -> T | None:
        """Do it, and whatever becomes of it, go on: the next time may be better."""
        try:
            return await work()
        except StoreError as error:  # said where it was noticed
            log.debug("%s failed: %s", what, error)
        except Exception as error:
            log.error("%s failed: %s", what, type(error).__name__, exc_info=error)
        return None

    def _report(self) -> None:
        if given_up := self._attempts.take_given_up():
            log.error("%d updates could not be answered in time, since Telegram was away; they are dropped", given_up)
        unreadable, self._keeping.unreadable = self._keeping.unreadable, 0
        if unreadable:
            log.error("%d updates were sealed with another key than ours; they wait for a copy that has it", unreadable)


def _tell(item: Item, handled: bool) -> None:
    if not item.over.done():
        item.over.set_result(handled)
