"""Buttons: what each does, and that every press is answered once, whatever came with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from telegram import Bot, CallbackQuery, Message

from bot.channels.telegram.delivery.sending import Delivery
from bot.channels.telegram.looks import data, render
from bot.channels.telegram.looks.data import (
    Action,
    NoneOfThese,
    SetLanguage,
    ShowEntry,
    ShowTopic,
    ShowTopics,
    Vote,
)
from bot.channels.telegram.looks.render import Page
from bot.channels.telegram.talk import language
from bot.channels.telegram.talk.desk import Desk, Offered
from bot.channels.telegram.talk.memory import Turn
from bot.channels.telegram.talk.questions import Asker, Questions
from bot.channels.telegram.talk.speaking import Place, change, say

_LONGEST_TOAST = 200


class _Press:
    """One press of a button, to be answered once. `place` is None where the message is not in a chat we know, and then
    no button of ours is under it: what is sent inline has links alone."""

    def __init__(self, bot: Bot, query: CallbackQuery, desk: Desk) -> None:
        self.bot = bot
        self.query = query
        self._sender = desk.sender
        self._answered = False

    @property
    def message(self) -> Message | None:
        """The message with the button, unless it is too old for Telegram to show it: then it is of the year 1970."""
        found = self.query.message
        return found if isinstance(found, Message) and found.date.timestamp() > 0 else None

    @property
    def place(self) -> Place | None:
        found = self.query.message
        if found is None:
            return None
        thread = self.message.message_thread_id if self.message and self.message.is_topic_message else None
        return Place(found.chat.id, thread, found.message_id if found.chat.id < 0 else None)

    @property
    def asker(self) -> Asker:
        place = self.place
        person = self.query.from_user.id
        return Asker(place.chat_id if place else person, person, person)

    @property
    def belongs(self) -> bool:
        """Whether the bot put a button with this data under the message; true where that cannot be seen."""
        if self.message is None:
            return self.query.message is not None
        return self.query.data in self._buttons

    @property
    def is_list(self) -> bool:
        """Whether the message is a list of topics or questions, to be turned over."""
        return any(_turns_over(data.read(one)) for one in self._buttons)

    @property
    def _buttons(self) -> list[str]:
        markup = self.message.reply_markup if self.message is not None else None
        rows = markup.inline_keyboard if markup else ()
        return [one.callback_data for row in rows for one in row if isinstance(one.callback_data, str)]

    async def answer(self, text: str = "", *, alert: bool = False) -> None:
        """Answer, unless that is done."""
        if self._answered:
            return
        self._answered = True
        await self._sender.deliver(
            self.bot.answer_callback_query,
            callback_query_id=self.query.id,
            text=text[:_LONGEST_TOAST] or None,
            show_alert=alert or None,
        )


def _turns_over(action: Action | None) -> bool:
    return isinstance(action, ShowTopics) or (isinstance(action, ShowTopic) and not action.fresh)


class Callbacks:
    """Carries out the actions of buttons."""

    def __init__(self, desk: Desk, questions: Questions) -> None:
        self._desk = desk
        self._questions = questions

    async def pressed(self, bot: Bot, query: CallbackQuery) -> None:
        """Do what the button says; answer the query in any case."""
        press = _Press(bot, query, self._desk)
        try:
            action = data.read(query.data)
            if action is None or not self._exists(action):
                await self._stale(press)
            elif not press.belongs:
                await self._not_there(press, action)
            else:
                await self._act(press, action)
        except Exception:
            lang = language.of_user(query.from_user, self._desk.base)
            await press.answer(self._voice(lang, "error"), alert=True)
            raise
        finally:
            await press.answer()

    def _exists(self, action: Action) -> bool:
        """Whether the present base has what the button speaks of."""
        base = self._desk.base
        match action:
            case ShowEntry(lang, entry) | Vote(lang, entry):
                return lang in base.voices and entry in base.entries
            case ShowTopic(lang, topic):
                return lang in base.voices and topic in base.topics
            case SetLanguage(lang):
                return lang is None or lang in base.voices
            case ShowTopics(lang) | NoneOfThese(lang):
                return lang in base.voices

    async def _act(self, press: _Press, action: Action) -> None:
        match action:
            case ShowEntry():
                await self._in_turn(press, lambda: self._entry(press, action))
            case ShowTopic(fresh=True):
                await self._in_turn(press, lambda: self._topic(press, action))
            case ShowTopic():
                await self._if_seen(press, lambda: self._topic(press, action))
            case ShowTopics():
                await self._if_seen(press, lambda: self._topics(press, action))
            case Vote():
                await self._if_seen(press, lambda: self._vote(press, action))
            case NoneOfThese(lang):
                await self._none(press, lang)
            case SetLanguage(lang):
                await self._language(press, lang)

    async def _in_turn(self, press: _Press, act: Callable[[], Awaitable[None]]) -> None:
        """Buttons that bring a new message count as questions."""
        if self._desk.memory.turn(press.asker.who) is Turn.ANSWER:
            await act()
        else:
            await press.answer(self._voice(self._lang_of(press), "too_fast"), alert=True)

    async def _if_seen(self, press: _Press, act: Callable[[], Awaitable[None]]) -> None:
        """Where Telegram shows the message no more, nobody sees whether the button was there: at the pace of questions."""
        if press.message is not None:
            await act()
        else:
            await self._in_turn(press, act)

    async def _not_there(self, press: _Press, action: Action) -> None:
        """A press made up by somebody, or one of two quick ones that turned the list over: that needs no words."""
        if press.is_list and _turns_over(action):
            await press.answer()
        else:
            await self._stale(press)

    async def _entry(self, press: _Press, action: ShowEntry) -> None:
        place, desk = press.place, self._desk
        if place is None:
            return
        desk.count("chosen", action.entry)
        reply = desk.service.entry(action.entry, action.lang)
        if self._questions.answered_here(place, reply):
            await press.answer(self._voice(action.lang, "already_answered"))
            return
        await press.answer()
        await self._questions.deliver(press.bot, place, reply, press.asker)

    async def _topic(self, press: _Press, action: ShowTopic) -> None:
        service = self._desk.service
        choices = service.topic(action.topic, action.lang)
        pages = render.topic_pages(service.base, action.topic, choices, action.page, action.lang)
        await press.answer()
        if action.fresh and press.place is not None:
            await say(press.bot, self._desk.sender, press.place, pages)
        else:
            await self._turn_over(press, pages)

    async def _topics(self, press: _Press, action: ShowTopics) -> None:
        await press.answer()
        await self._turn_over(press, render.topics_pages(self._desk.base, action.lang))

    async def _turn_over(self, press: _Press, pages: tuple[Page, ...]) -> None:
        """Put the pages in place of the message with the button; send them anew if it is gone, or may be another's."""
        place, found, sender = press.place, press.query.message, self._desk.sender
        if place is None or found is None:
            return
        unseen = press.message is None and place.chat_id < 0
        if unseen or await change(press.bot, sender, place.chat_id, found.message_id, pages[0]) is Delivery.GONE:
            await say(press.bot, self._desk.sender, replace(place, reply_to=None), pages)

    async def _vote(self, press: _Press, action: Vote) -> None:
        desk, query = self._desk, press.query
        if query.message is None:
            return
        # Of the messages that nobody sees any more, whoever makes up presses could name any number: they are one.
        name = desk.message(query.message.chat.id, press.message.message_id if press.message else 0)
        person = desk.person(query.from_user.id)
        await desk.store.vote(action.entry, person, name, 1 if action.up else -1)
        before = desk.memory.votes.get((person, name, action.entry))
        desk.memory.votes.put((person, name, action.entry), action.up)
        changed = before is not None and before is not action.up
        await press.answer(self._voice(action.lang, "vote_changed" if changed else "vote_noted"))

    async def _none(self, press: _Press, lang: str) -> None:
        offered = self._offered(press)
        if offered is None or press.place is None:
            await press.answer(self._voice(lang, "none_forgotten"), alert=True)
            return
        self._questions.note_unanswered(offered.question, offered.lang, offered.nearest, offered.author)
        await press.answer()
        pages = self._questions.pages(press.bot, self._desk.service.info("none_noted", lang))
        await self._turn_over(press, pages)

    def _offered(self, press: _Press) -> Offered | None:
        found = press.query.message
        return self._desk.memory.offered.pop((found.chat.id, found.message_id)) if found is not None else None

    async def _language(self, press: _Press, lang: str | None) -> None:
        desk, place = self._desk, press.place
        if place is None:
            return
        if not await language.may_choose(press.bot, place.chat_id, press.query.from_user):
            await press.answer(self._voice(await self._spoken(press), "language_admins"), alert=True)
            return
        await desk.store.set_language(desk.chat(place.chat_id), lang)
        await press.answer()
        shown = lang or language.of_user(press.query.from_user, desk.base)
        await self._turn_over(press, language.now_set(desk.base, shown, lang))

    async def _spoken(self, press: _Press) -> str:
        """The language of the chat; a button that sets another one is no sign of it."""
        user, place = press.query.from_user, press.place
        return (
            language.of_user(user, self._desk.base)
            if place is None
            else await language.of_chat(self._desk, place.chat_id, user)
        )

    async def _stale(self, press: _Press) -> None:
        await press.answer(self._voice(self._lang_of(press), "stale_button"), alert=True)

    def _lang_of(self, press: _Press) -> str:
        """The language that the button was written in, else that of the presser."""
        action = data.read(press.query.data)
        if action is not None and action.lang in self._desk.base.voices:
            return str(action.lang)
        return language.of_user(press.query.from_user, self._desk.base)

    def _voice(self, lang: str, key: str) -> str:
        return self._desk.base.voice(lang).say(key)
