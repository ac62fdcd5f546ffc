"""Buttons: what each does, and that every press is answered once, whatever came with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from telegram import Bot, CallbackQuery

from bot.channels.telegram.looks import data, render
from bot.channels.telegram.looks.data import (
    Action,
    CancelReport,
    DealWith,
    NoneOfThese,
    NotThis,
    ReportError,
    SetLanguage,
    ShowEntry,
    ShowTopic,
    ShowTopics,
    ShowUnanswered,
    Vote,
    WatchFor,
)
from bot.channels.telegram.talk import language
from bot.channels.telegram.talk.admin import Admin
from bot.channels.telegram.talk.desk import Desk
from bot.channels.telegram.talk.feedback import Feedback
from bot.channels.telegram.talk.memory import Turn
from bot.channels.telegram.talk.press import Press, turns_over
from bot.channels.telegram.talk.questions import Questions
from bot.channels.telegram.talk.speaking import say


class Callbacks:
    """Carries out the actions of buttons."""

    def __init__(self, desk: Desk, questions: Questions, admin: Admin, feedback: Feedback) -> None:
        self._desk = desk
        self._questions = questions
        self._admin = admin
        self._feedback = feedback

    async def pressed(self, bot: Bot, query: CallbackQuery) -> None:
        """Do what the button says; answer the query in any case."""
        press = Press(bot, query, self._desk)
        try:
            action = data.read(query.data)
            if action is None or not self._exists(press, action):
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

    def _exists(self, press: Press, action: Action) -> bool:
        """Whether the present base has what the button speaks of, for who pressed it."""
        base = self._desk.base
        match action:
            case ShowEntry(lang, entry) | Vote(lang, entry) | NotThis(lang, entry) | ReportError(lang, entry):
                return lang in base.voices and entry in base.entries
            case ShowTopic(lang, topic):
                return lang in base.voices and topic in base.topics
            case SetLanguage(lang):
                return lang is None or lang in base.voices
            case ShowTopics(lang) | NoneOfThese(lang) | CancelReport(lang) | WatchFor(lang):
                return lang in base.voices
            case ShowUnanswered() | DealWith():
                return press.message is not None and self._admin.may(press.query.from_user, press.message.chat_id)

    async def _act(self, press: Press, action: Action) -> None:
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
                await self._if_seen(press, lambda: self._feedback.voted(press, action))
            case NotThis():
                await self._in_turn(press, lambda: self._feedback.not_this(press, action))
            case ReportError():
                await self._in_turn(press, lambda: self._feedback.ask_what(press, action))
            case NoneOfThese() | CancelReport() | WatchFor():
                await self._feedback.pressed(press, action)
            case SetLanguage(lang):
                await self._language(press, lang)
            case ShowUnanswered(page) if press.message is not None:
                await press.answer()
                await self._admin.turn(press.message, press.query.from_user, page)
            case DealWith() if press.message is not None:
                await press.answer()
                await self._admin.deal(press.message, press.query.from_user, action)

    async def _in_turn(self, press: Press, act: Callable[[], Awaitable[None]]) -> None:
        """Buttons that bring a new message count as questions."""
        if self._desk.memory.turn(press.asker.who) is Turn.ANSWER:
            await act()
        else:
            await press.answer(self._voice(self._lang_of(press), "too_fast"), alert=True)

    async def _if_seen(self, press: Press, act: Callable[[], Awaitable[None]]) -> None:
        """Where Telegram shows the message no more, nobody sees whether the button was there: at the pace of questions."""
        if press.message is not None:
            await act()
        else:
            await self._in_turn(press, act)

    async def _not_there(self, press: Press, action: Action) -> None:
        """A press made up by somebody, or one of two quick ones that turned the list over: that needs no words."""
        if press.is_list and turns_over(action):
            await press.answer()
        else:
            await self._stale(press)

    async def _entry(self, press: Press, action: ShowEntry) -> None:
        place, desk = press.place, self._desk
        if place is None:
            return
        desk.count("chosen", action.entry)
        reply = desk.service.entry(action.entry, action.lang)
        if self._questions.answered_here(place, reply):
            await press.answer(self._voice(action.lang, "already_answered"))
            return
        await press.answer()
        ids = await self._questions.deliver(press.bot, place, reply, press.asker)
        self._feedback.picked(press, action.entry, ids)

    async def _topic(self, press: Press, action: ShowTopic) -> None:
        service = self._desk.service
        choices = service.topic(action.topic, action.lang)
        pages = render.topic_pages(service.base, action.topic, choices, action.page, action.lang)
        await press.answer()
        if action.fresh and press.place is not None:
            await say(press.bot, self._desk.sender, press.place, pages)
        else:
            await press.turn_over(pages)

    async def _topics(self, press: Press, action: ShowTopics) -> None:
        await press.answer()
        await press.turn_over(render.topics_pages(self._desk.base, action.lang))

    async def _language(self, press: Press, lang: str | None) -> None:
        desk, place = self._desk, press.place
        if place is None:
            return
        if not await language.may_choose(press.bot, place.chat_id, press.query.from_user):
            await press.answer(self._voice(await self._spoken(press), "language_admins"), alert=True)
            return
        await desk.languages.choose(place.chat_id, lang)
        if state := desk.memory.turns.get(press.asker.both):  # from now on the talk is in it
            desk.memory.turns[press.asker.both] = replace(state, lang=lang)
        await press.answer()
        shown = lang or language.of_user(press.query.from_user, desk.base)
        await press.turn_over(language.now_set(desk.base, shown, lang))

    async def _spoken(self, press: Press) -> str:
        """The language of the chat; a button that sets another one is no sign of it."""
        user, place = press.query.from_user, press.place
        return (
            language.of_user(user, self._desk.base)
            if place is None
            else await language.of_chat(self._desk, place.chat_id, user)
        )

    async def _stale(self, press: Press) -> None:
        await press.answer(self._voice(self._lang_of(press), "stale_button"), alert=True)

    def _lang_of(self, press: Press) -> str:
        """The language that the button was written in, else that of the presser."""
        action = data.read(press.query.data)
        if (
            action is not None
            and not isinstance(action, ShowUnanswered | DealWith)
            and action.lang in self._desk.base.voices
        ):
            return str(action.lang)
        return language.of_user(press.query.from_user, self._desk.base)

    def _voice(self, lang: str, key: str) -> str:
        return self._desk.base.voice(lang).say(key)
