"""What admins do with the questions in vain: look, set aside, and choose what answers them. What is chosen becomes a patch
for review, a file in the chat; the base in use stays as it is."""

from __future__ import annotations

import asyncio
from pathlib import Path

from telegram import Bot

from bot.channels.telegram.looks import board
from bot.channels.telegram.looks.data import DealWith, Deed
from bot.channels.telegram.looks.render import Page
from bot.channels.telegram.talk.desk import Desk
from bot.errors import ReformbotError
from bot.store.base import StoreError
from bot.workbench import chosen
from bot.workbench.asked_again import AskedAgain
from bot.workbench.chosen import Patch
from bot.workbench.trial import reader, root_of
from bot.workbench.unanswered import Group, Look, Section, look

_READ = 2_000  # questions, the newest
SHOWN = (Section.VAIN, Section.WRONG, Section.REPORTED)


class Board:
    """Pages of the list, and what the buttons on them do. `folder` is where the base is written."""

    def __init__(self, desk: Desk, bot: Bot, folder: Path) -> None:
        self._desk = desk
        self._bot = bot
        self._folder = folder
        self._again: AskedAgain | None = None

    async def page(self, lang: str, number: int) -> Page:
        """Raises StoreUnavailable."""
        found = await self._look()
        return board.listed(found.of(*SHOWN), self._desk.base, lang, number)

    async def deal(self, chat_id: int, lang: str, action: DealWith) -> Page | None:
        """What takes the place of the message with the button; None where that stays. Raises StoreUnavailable."""
        base, group = self._desk.base, (await self._look()).find(action.number)
        if group is None:
            return board.told(base, lang, "unanswered_gone")
        match action.deed:
            case Deed.SHOW:
                return board.opened(group, base, lang)
            case Deed.GROUPS:
                return board.refusals(group, base, lang)
            case Deed.DISMISS:
                await self._desk.store.dismiss(group.marks)
                await self._desk.store.forget_unanswered(group.ids)
                return board.told(base, lang, "unanswered_dismissed")
            case _:
                return await self._patched(chat_id, lang, action, group)

    async def _patched(self, chat_id: int, lang: str, action: DealWith, group: Group) -> Page | None:
        base = self._desk.base
        try:
            patch = await asyncio.to_thread(self._patch, action, group)
        except StoreError:
            raise
        except ReformbotError as error:  # its text is for maintainers, as in the terminal
            return board.told(base, lang, "unanswered_no_patch", str(error))
        if not patch:
            return board.told(base, lang, "unanswered_gone")
        name = f"unanswered-{group.number}.patch"
        caption = base.voice(lang).say("unanswered_patch", count=chosen.added(patch), file=name)
        await self._desk.sender.deliver(
            self._bot.send_document,
            chat_id=chat_id,
            document=chosen.as_diff(patch, root_of(self._folder)).encode(),
            filename=name,
            caption=caption,
        )
        return None

    def _patch(self, action: DealWith, group: Group) -> Patch:
        base, read = self._desk.base, reader(self._folder)
        match action.deed:
            case Deed.ADD:
                return chosen.adding(base, read, action.choice, group.wordings)
            case Deed.REFUSE:
                return chosen.refusing(base, read, action.choice, group.wordings)
            case _:
                topic = None if group.near else next(iter(base.topics))
                return chosen.beginning(base, read, group, topic)

    async def _look(self) -> Look:
        """Asked again of the service in use; what it answers now is forgotten."""
        service = self._desk.service
        if self._again is None or self._again.service is not service:
            self._again = AskedAgain(service)
        again, store = self._again, self._desk.store
        questions, dismissed = await store.unanswered(limit=_READ), await store.dismissed()
        found = await asyncio.to_thread(look, questions, again, dismissed)
        if found.settled:
            await store.forget_unanswered(found.settled)
        return found
