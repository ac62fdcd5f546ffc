"""Buttons: what each does, and that every press is answered once, whatever came with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from telegram import Bot, CallbackQuery, Message

from bot.channels.telegram import data, deeplinks, language, render
from bot.channels.telegram.data import (
    Action,
    NoneOfThese,
    SetLanguage,
    ShowEntry,
    ShowTopic,
    ShowTopics,
    Vote,
)
from bot.channels.telegram.memory import Turn
from bot.channels.telegram.questions import Asker, Questions
from bot.channels.telegram.render import Page
from bot.channels.telegram.sending import Delivery
from bot.channels.telegram.speaking import Place, change, say
from bot.channels.telegram.state import Desk, Offered

_LONGEST_TOAST = 200


class _Press:
    """One press of a button, to be answered once. `place` is None where the message is not in a chat we know."""

    def __init__(self, bot: Bot, query: CallbackQuery, desk: Desk) -> None:
        self.bot = bot
        self.query = query
        self._sender = desk.sender
        self._answered = False

    @property
    def message(self) -> Message | None:
        """The message with the button, unless it is too old for Telegram to show it."""
        return self.query.message if isinstance(self.query.message, Message) else None

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
        return Asker(place.chat_id if place else self.query.from_user.id, self.query.from_user.id)

    @property
    def belongs(self) -> bool:
        """Whether the message has a button with this data; true where that cannot be seen."""
        if self.message is None:
            return True
        markup = self.message.reply_markup
        rows = markup.inline_keyboard if markup else ()
        return any(button.callback_data == self.query.data for row in rows for button in row)

    async def answer(self, text: str = "", *, alert: bool = False, url: str | None = None) -> None:
        """Answer, unless that is done."""
        if self._answered:
            return
        self._answered = True
        await self._sender.deliver(
            self.bot.answer_callback_query,
            callback_query_id=self.query.id,
            text=text[:_LONGEST_TOAST] or None,
            show_alert=alert or None,
            url=url,
        )


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
                await self._topic(press, action)
            case ShowTopics(lang):
                await press.answer()
                await self._turn_over(press, render.topics_pages(self._desk.base, lang))
            case Vote():
                await self._vote(press, action)
            case NoneOfThese(lang):
                await self._none(press, lang)
            case SetLanguage(lang):
                await self._language(press, lang)

    async def _in_turn(self, press: _Press, act: Callable[[], Awaitable[None]]) -> None:
        """Buttons that bring a new message count as questions."""
        if self._desk.memory.turn(press.asker.person_id) is Turn.ANSWER:
            await act()
        else:
            await press.answer(self._voice(self._lang_of(press), "too_fast"), alert=True)

    async def _entry(self, press: _Press, action: ShowEntry) -> None:
        place, desk = press.place, self._desk
        desk.count("chosen", action.entry)
        if place is None:  # in a chat we are not in: the link leads into ours
            await press.answer(url=deeplinks.address(press.bot.username, action.entry))
            return
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

    async def _turn_over(self, press: _Press, pages: tuple[Page, ...]) -> None:
        """Put the pages in place of the message with the button; send them anew if it is gone."""
        place, found = press.place, press.query.message
        if place is None or found is None:
            return
        if await change(press.bot, self._desk.sender, place.chat_id, found.message_id, pages[0]) is Delivery.GONE:
            await say(press.bot, self._desk.sender, replace(place, reply_to=None), pages)

    async def _vote(self, press: _Press, action: Vote) -> None:
        if not press.belongs:
            await self._stale(press)
            return
        desk, query = self._desk, press.query
        if query.message is not None:
            name = desk.message(query.message.chat.id, query.message.message_id)
        else:
            name = desk.inline_message(query.inline_message_id or query.id)
        person = desk.person(query.from_user.id)
        await desk.store.vote(action.entry, person, name, 1 if action.up else -1)
        before = desk.memory.votes.get((person, name, action.entry))
        desk.memory.votes.put((person, name, action.entry), action.up)
        changed = before is not None and before is not action.up
        await press.answer(self._voice(action.lang, "vote_changed" if changed else "vote_noted"))

    async def _none(self, press: _Press, lang: str) -> None:
        offered = self._offered(press)
        if offered is None or not press.belongs or press.place is None:
            await press.answer(self._voice(lang, "none_forgotten"), alert=True)
            return
        self._questions.note_unanswered(offered.question, offered.lang, offered.nearest, press.asker.person_id)
        await press.answer()
        pages = self._questions.pages(press.bot, self._desk.service.info("none_noted", lang))
        await self._turn_over(press, pages)

    def _offered(self, press: _Press) -> Offered | None:
        found = press.query.message
        return self._desk.memory.offered.pop((found.chat.id, found.message_id)) if found is not None else None

    async def _language(self, press: _Press, lang: str | None) -> None:
        desk, place = self._desk, press.place
        if place is None or not press.belongs:
            await self._stale(press)
            return
        await desk.store.set_language(desk.chat(place.chat_id), lang)
        await press.answer()
        shown = lang or language.of_user(press.query.from_user, desk.base)
        await self._turn_over(press, language.now_set(desk.base, shown, lang))

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
