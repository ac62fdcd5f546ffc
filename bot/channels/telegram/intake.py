"""Takes raw updates in, each on its own: journal, parsing, handling, journal. Polling and webhook only bring them."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from enum import Enum
from functools import partial
from typing import TypeVar

from telegram import Bot, Update

from bot.channels.telegram import handling
from bot.channels.telegram.failures import is_network_trouble
from bot.channels.telegram.lanes import Lanes
from bot.channels.telegram.raw import RawUpdate, kind_of, lane_of, message_of, update_id_of
from bot.store.base import Claim, Store

log = logging.getLogger(__name__)

V = TypeVar("V")
Handle = Callable[[Update], Awaitable[None]]


class Outcome(Enum):
    """What is to be done about an update that was taken in."""

    DONE = "done"  # confirm it
    BUSY = "busy"  # another copy of the bot is at it; offer it again later
    AGAIN = "again"  # network trouble before anything was sent; offer it again soon
    STOPPED = "stopped"  # the bot is stopping and has not begun with it; leave it to Telegram


class Intake:
    """`owner` names this copy of the bot and has to be the same after a restart: else a claim left by a kill keeps its
    update away for `lease` seconds, which are prolonged while it is in hand. `limit` chats at a time;
    `patience` is the longest for one update, in seconds; `tries` counts handlings of an update that fails for network trouble. `crowd` updates of one chat that wait at once are
    a flood: of the 100 that Telegram gives, too few are left for the others.

    What a kill can double are the updates between Telegram's acceptance and the journal: those within the `gate`,
    and those whose send takes longer than its grace.
    """

    def __init__(
        self,
        journal: Store,
        handle: Handle,
        bot: Bot,
        owner: str,
        *,
        limit: int = 16,
        patience: float = 60.0,
        tries: int = 3,
        lease: float = 15.0,
        gate: handling.Gate | None = None,
        crowd: int = 60,
        remembered: int = 10_000,
    ) -> None:
        self._journal = journal
        self._handle = handle
        self._bot = bot
        self._owner = owner
        self._patience = patience
        self._tries = tries
        self._lease = lease
        self._claimed: set[int] = set()
        self._renewal: asyncio.Task[None] | None = None
        self._gate = gate or handling.Gate()
        self._crowd = crowd
        self._lanes: Lanes[Outcome] = Lanes(limit)
        self._in_hand: dict[int, asyncio.Future[Outcome]] = {}
        self._done: OrderedDict[int, None] = OrderedDict()
        self._failed: OrderedDict[int, int] = OrderedDict()
        self._remembered = remembered
        self._running = True
        self._journal_lost = False

    def __len__(self) -> int:
        """How many updates are in hand, the waiting ones among them."""
        return len(self._in_hand)

    @property
    def running(self) -> bool:
        return self._running

    async def health(self) -> dict[str, bool]:
        """What has to be true for updates to be handled and remembered."""
        try:
            async with asyncio.timeout(2.0):
                store = await self._journal.healthy()
        except Exception:  # whatever it is, the store is not well
            store = False
        return {"intake": self._running, "store": store}

    def take(self, raw: RawUpdate, *, takeover: bool = False) -> asyncio.Future[Outcome]:
        """Queue an update; the future never fails. One that is in hand already is not queued twice.

        Raises ValueError if it has no update_id. `takeover`: as in `Store.claim`.
        """
        update_id = update_id_of(raw)
        if update_id is None:
            raise ValueError("This is no update: it has no update_id.")
        if (known := self._in_hand.get(update_id)) is not None:
            return known
        if update_id in self._done:
            return _settled(Outcome.DONE)
        if not self._running:
            return _settled(Outcome.STOPPED)
        future = self._lanes.submit(lane_of(raw), partial(self._work, update_id, raw, takeover))
        self._in_hand[update_id] = future
        future.add_done_callback(lambda _: self._in_hand.pop(update_id, None))
        return future

    async def stop(self, grace: float = 8.0) -> None:
        """Begin nothing more, finish what has begun within `grace` seconds, give the rest back."""
        self._running = False
        self._lanes.drop_waiting(Outcome.STOPPED)
        await self._lanes.drain(grace)
        if self._renewal is not None:
            self._renewal.cancel()

    async def _work(self, update_id: int, raw: RawUpdate, takeover: bool) -> Outcome:
        crowded = self._lanes.waiting(lane_of(raw)) >= self._crowd
        update = handling.Handling(update_id, self._gate, message_of(raw), crowded=crowded)
        handling.begin(update)
        try:
            claim = await self._claim(update_id, takeover)
            if claim is Claim.BUSY:
                return Outcome.BUSY
            if claim is Claim.FRESH and not await self._handled(update, raw):
                await self._tell_journal("release", self._journal.release, update_id)
                return Outcome.AGAIN
            if claim is Claim.FRESH:
                await self._tell_journal("finish", self._journal.finish, update_id)
        except asyncio.CancelledError:
            if not update.sent:
                await self._tell_journal("release", self._journal.release, update_id)
                return Outcome.STOPPED
            await self._tell_journal("finish", self._journal.finish, update_id)
        finally:
            update.leave()
            self._claimed.discard(update_id)
        self._remember_done(update_id)
        return Outcome.DONE

    async def _handled(self, update: handling.Handling, raw: RawUpdate) -> bool:
        """False if it is worth another try."""
        parsed = self._parse(raw)
        if parsed is None:
            return True
        try:
            async with asyncio.timeout(self._patience):
                await self._handle(parsed)
        except Exception as error:  # a handler may raise anything; logged there
            return not self._worth_another_try(update, error, kind_of(raw))
        return True

    def _parse(self, raw: RawUpdate) -> Update | None:
        try:
            return Update.de_json(raw, self._bot)
        except Exception as error:  # strange updates break the parser in any way
            # The error's own words may quote the update.
            log.warning(
                "Update %d (%s) cannot be read (%s); skipped",
                raw["update_id"],
                kind_of(raw),
                _name(error),
            )
            return None

    def _worth_another_try(self, update: handling.Handling, error: Exception, kind: str) -> bool:
        if is_network_trouble(error) and not update.sent:
            tries = self._failed.pop(update.update_id, 0) + 1
            if tries < self._tries:
                _remember(self._failed, update.update_id, tries, self._remembered)
                log.warning(
                    "Update %d (%s): %s, nothing was sent; once more",
                    update.update_id,
                    kind,
                    _name(error),
                )
                return True
        log.error(
            "Update %d (%s) failed: %s%s",
            update.update_id,
            kind,
            _name(error),
            _place(error),
        )
        log.debug("The failure in full", exc_info=error)
        return False

    async def _claim(self, update_id: int, takeover: bool) -> Claim:
        try:
            claim = await self._journal.claim(update_id, owner=self._owner, lease=self._lease, takeover=takeover)
        except Exception as error:  # no answer may be lost to the journal; logged there
            self._journal_trouble("claim", error)
            return Claim.FRESH
        self._journal_lost = False
        if claim is Claim.FRESH:
            self._keep(update_id)
        return claim

    def _keep(self, update_id: int) -> None:
        """See to it that the claim does not run out while the update is in hand."""
        self._claimed.add(update_id)
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        while self._claimed:
            await asyncio.sleep(self._lease / 3)
            in_hand = frozenset(self._claimed)
            try:
                await self._journal.renew(in_hand, owner=self._owner, lease=self._lease)
            except Exception as error:  # as with a claim
                self._journal_trouble("renew", error)

    async def _tell_journal(self, what: str, call: Callable[[int], Awaitable[None]], update_id: int) -> None:
        try:
            await call(update_id)
        except Exception as error:
            self._journal_trouble(what, error)

    def _journal_trouble(self, what: str, error: Exception) -> None:
        """A lost journal may double answers after a restart; being silent would be worse."""
        level = logging.DEBUG if self._journal_lost else logging.ERROR
        log.log(
            level,
            "The journal of updates fails (%s: %s); answering without it",
            what,
            _name(error),
        )
        self._journal_lost = True

    def _remember_done(self, update_id: int) -> None:
        self._failed.pop(update_id, None)
        _remember(self._done, update_id, None, self._remembered)


def _settled(outcome: Outcome) -> asyncio.Future[Outcome]:
    future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
    future.set_result(outcome)
    return future


def _remember(memory: OrderedDict[int, V], key: int, value: V, most: int) -> None:
    memory[key] = value
    while len(memory) > most:
        memory.popitem(last=False)


def _name(error: BaseException) -> str:
    return type(error).__name__


def _place(error: Exception) -> str:
    """Where it was raised, for a log line that must not hold the error's own words."""
    frames = traceback.extract_tb(error.__traceback__)
    return f" at {frames[-1].filename}:{frames[-1].lineno} in {frames[-1].name}" if frames else ""
