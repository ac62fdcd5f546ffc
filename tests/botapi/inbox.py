"""The queue of undelivered updates and long polling on it. Delivery to a webhook stands in `webhook`."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from tests.botapi.errors import ApiError
from tests.botapi.model import Delivery, JsonDict

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True)
class Pending:
    """An update not confirmed yet: `body` is its JSON, `lane` what must stay in order, `copies` of it go out."""

    update_id: int
    body: bytes
    lane: object
    copies: int = 1


class Inbox:
    """Updates in order, each kept until it is confirmed."""

    def __init__(self, changed: Callable[[], None]) -> None:
        """`changed` is told of each change of the queue."""
        self._changed = changed
        self.pending: dict[int, Pending] = {}
        self.allowed: list[str] = []
        self.deliveries: list[Delivery] = []
        self.webhook_active = False
        self.conflicts = 0
        self.closing = False
        self.copies: Callable[[], int] = lambda: 1
        self._poller: object = None
        self._event = asyncio.Event()

    def add(self, update_id: int, update: JsonDict, lane: object) -> None:
        """Queue an update, unless the bot asked not to get its kind."""
        kinds = [key for key in update if key != "update_id"]
        if any(not self._wants(kind) for kind in kinds):
            return
        self.pending[update_id] = Pending(update_id, json.dumps(update).encode(), lane, self.copies())
        self.wake()

    def _wants(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT

    def wake(self) -> None:
        """Let whoever waits look at the queue again."""
        self._event.set()
        self._event = asyncio.Event()
        self._changed()

    def next_wake(self) -> asyncio.Event:
        """Set at the next change of the queue; take it before looking at the queue."""
        return self._event

    def set_allowed(self, allowed: Iterable[str] | None) -> None:
        """None keeps the former setting, an empty list means the default."""
        if allowed is not None:
            self.allowed = list(allowed)

    def confirm(self, offset: int) -> None:
        """Forget what lies before `offset`; a negative one keeps that many of the newest."""
        if offset < 0:
            for update_id in list(self.pending)[:offset]:
                del self.pending[update_id]
        for update_id in [known for known in self.pending if known < offset]:
            del self.pending[update_id]

    async def poll(self, params: JsonDict, alive: Callable[[], bool]) -> list[bytes]:
        """The updates for one getUpdates; raises ApiError 409 if a newer poll or a webhook takes over."""
        if self.webhook_active:
            raise _conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
                            "webhook first")  # fmt: skip
        mine = self._poller = object()
        self.wake()
        self.set_allowed(params.get("allowed_updates"))
        self.confirm(params.get("offset", 0))
        await self._arrival(mine, time.monotonic() + min(params.get("timeout", 0), 50), alive)
        if not alive():
            return []
        found = list(islice(self.pending.values(), params.get("limit", 100)))
        return [body for pending in found for body in self._hand_out(pending)]

    async def _arrival(self, mine: object, deadline: float, alive: Callable[[], bool]) -> None:
        while not self.pending and not self.closing and (left := deadline - time.monotonic()) > 0:
            event = self._event
            try:
                await asyncio.wait_for(event.wait(), left)
            except TimeoutError:
                return
            if self._poller is not mine:
                self.conflicts += alive()
                raise _conflict("terminated by other getUpdates request; make sure that only one bot instance is "
                                "running")  # fmt: skip

    def _hand_out(self, pending: Pending) -> Iterable[bytes]:
        self.deliveries.append(Delivery(pending.update_id, 200, time.monotonic()))
        yield from [pending.body] * pending.copies
        pending.copies = 1


def _conflict(reason: str) -> ApiError:
    return ApiError(409, f"Conflict: {reason}")


def lane_of(update: JsonDict) -> Any:
    """The chat, or else the user, whose updates have to stay in order; the update itself if there is none."""
    for content in update.values():
        if not isinstance(content, dict):
            continue
        message = content.get("message")
        chat = content.get("chat") or (message.get("chat") if isinstance(message, dict) else None)
        for owner in (chat, content.get("from")):
            if isinstance(owner, dict) and isinstance(owner.get("id"), int):
                return owner["id"]
    return ("update", update.get("update_id") if isinstance(update.get("update_id"), int) else id(update))
