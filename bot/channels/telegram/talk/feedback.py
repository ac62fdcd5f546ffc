"""What people say of a reply: a vote, that another thing was meant, an error, that they want to hear when there is an answer."""

from __future__ import annotations

from dataclasses import replace

from telegram import Bot, Message

from bot.channels.telegram.looks import keyboards
from bot.channels.telegram.looks.data import CancelReport, NoneOfThese, NotThis, ReportError, Vote, WatchFor
from bot.channels.telegram.looks.markup import escaped
from bot.channels.telegram.looks.render import paged
from bot.channels.telegram.talk.asker import asker_of
from bot.channels.telegram.talk.desk import Desk, Replied, Reporting
from bot.channels.telegram.talk.press import Press
from bot.channels.telegram.talk.questions import Questions
from bot.channels.telegram.talk.speaking import say
from bot.channels.telegram.talk.watches import Watches
from bot.languages.text import shortened
from bot.store.base import MissKind

_QUOTED = 120  # characters of a question that is said again


class Feedback:
    """The buttons under a reply, and the note that somebody writes on one of them."""

    def __init__(self, desk: Desk, questions: Questions, watches: Watches) -> None:
        self._desk = desk
        self._questions = questions
        self._watches = watches

    async def pressed(self, press: Press, action: NoneOfThese | CancelReport | WatchFor) -> None:
        match action:
            case NoneOfThese(lang):
                await self._none(press, lang)
            case CancelReport(lang):
                await self._cancel(press, lang)
            case WatchFor(lang):
                await self._watch(press, lang)

    async def voted(self, press: Press, action: Vote) -> None:
        """A thumb down keeps the question as well, as long as it is one."""
        desk, query, key = self._desk, press.query, press.key
        if key is None:
            return
        # Of the messages that nobody sees any more, whoever makes up presses could name any number: they are one.
        name = desk.message(key[0], press.message.message_id if press.message else 0)
        person = desk.person(query.from_user.id)
        await desk.store.vote(action.entry, person, name, 1 if action.up else -1)
        before = desk.memory.votes.get((person, name, action.entry))
        desk.memory.votes[person, name, action.entry] = action.up
        replied = desk.memory.replied.get(key)
        if action.up:
            self._questions.misses.drop(key, MissKind.DOWN)
        elif replied is not None:
            self._note(replied, action.entry, MissKind.DOWN, press)
        changed = before is not None and before is not action.up
        await press.answer(self._say(action.lang, "vote_changed" if changed else "vote_noted"))

    async def not_this(self, press: Press, action: NotThis) -> None:
        """What comes next, to pick from; the question is kept."""
        key, place, desk = press.key, press.place, self._desk
        replied = desk.memory.replied.get(key) if key is not None else None
        if key is None or place is None or replied is None:
            await press.answer(self._say(action.lang, "none_forgotten"), alert=True)
            return
        await press.answer()
        self._note(replied, action.entry, MissKind.NOT_MEANT, press)
        others = desk.service.others(replied.question, action.lang, action.entry)
        said = self._say(action.lang, "not_this_others" if others else "none_noted")
        keyboard = keyboards.for_others(others, action.lang) if others else None
        ids = await say(press.bot, desk.sender, place, paged(escaped(said), keyboard))
        if ids:  # what is picked there answers the same question
            desk.memory.replied[place.chat_id, ids[-1]] = replace(replied, offers=False)

    def picked(self, press: Press, entry: str, ids: tuple[int, ...]) -> None:
        """An entry was taken out of a choice: the question has its answer, which may be judged in its turn."""
        key, memory = press.key, self._desk.memory
        replied = memory.replied.get(key) if key is not None else None
        if key is None or replied is None:
            return
        if replied.offers:
            self._questions.misses.drop(key, MissKind.OFFERED)
        if ids:
            memory.replied[key[0], ids[-1]] = replace(replied, nearest=entry, offers=False)

    async def ask_what(self, press: Press, action: ReportError) -> None:
        """Asks what is wrong; the next message is the note."""
        key, place, desk = press.key, press.place, self._desk
        if key is None or place is None:
            return
        replied = desk.memory.replied.get(key)
        question = replied.question if replied else ""
        desk.memory.reporting[press.asker.both] = Reporting(action.entry, action.lang, question)
        voice = desk.base.voice(action.lang)
        shown = shortened(desk.base.entries[action.entry].text(action.lang).question, _QUOTED)
        await press.answer()
        text = escaped(voice.say("report_ask", question=shown))
        await say(press.bot, desk.sender, place, paged(text, keyboards.to_cancel(voice)))

    async def took(self, bot: Bot, message: Message, text: str) -> bool:
        """Whether a message is the note on an error that was asked for. A cry for help is none."""
        asker, memory = asker_of(message), self._desk.memory
        reporting = memory.reporting.get(asker.both)
        if reporting is None or self._desk.service.in_danger(text):
            return False
        if await self._questions.has_turn(bot, message, text):
            memory.reporting.pop(asker.both, None)
            self._questions.misses.note(
                reporting.question, reporting.lang, reporting.entry, asker.author, MissKind.REPORTED, note=text
            )
            await self._questions.tell(bot, message, "report_noted")
        return True

    def turned_away(self, message: Message) -> None:
        """Somebody does another thing than to write what is wrong."""
        self._desk.memory.reporting.pop(asker_of(message).both, None)

    async def _cancel(self, press: Press, lang: str) -> None:
        self._desk.memory.reporting.pop(press.asker.both, None)
        await press.answer()
        await press.turn_over(paged(escaped(self._say(lang, "report_cancelled"))))

    async def _none(self, press: Press, lang: str) -> None:
        key = press.key
        replied = self._desk.memory.replied.get(key) if key is not None else None
        if key is None or replied is None or not replied.offers or press.place is None:
            await press.answer(self._say(lang, "none_forgotten"), alert=True)
            return
        self._questions.misses.not_meant(key, replied)
        await press.answer()
        await press.turn_over(self._questions.pages(press.bot, self._desk.service.info("none_noted", lang)))

    async def _watch(self, press: Press, lang: str) -> None:
        key = press.key
        replied = self._desk.memory.replied.get(key) if key is not None else None
        if key is None or key[0] < 0 or replied is None:
            await press.answer(self._say(lang, "none_forgotten"), alert=True)
            return
        await self._watches.begin(key[0], replied.author, replied.question, replied.lang)
        await press.answer(self._say(lang, "watch_noted"), alert=True)

    def _note(self, replied: Replied, entry: str, kind: MissKind, press: Press) -> None:
        self._questions.misses.note(replied.question, replied.lang, entry, replied.author, kind, key=press.key)

    def _say(self, lang: str, key: str) -> str:
        return self._desk.base.voice(lang).say(key)
