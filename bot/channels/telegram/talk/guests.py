"""Guest mode: the bot is called in a chat it is not in, and may say one thing there."""

from __future__ import annotations

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Message,
)
from telegram.constants import ParseMode

from bot.channels.telegram.looks import render
from bot.channels.telegram.looks.deeplinks import address
from bot.channels.telegram.looks.keyboards import Me
from bot.channels.telegram.looks.markup import visible
from bot.channels.telegram.talk import language
from bot.channels.telegram.talk.asker import asker_of
from bot.channels.telegram.talk.desk import Desk
from bot.channels.telegram.talk.incoming import without_mention
from bot.channels.telegram.talk.memory import Turn
from bot.channels.telegram.talk.questions import Questions
from bot.reply import Reply

_LONGEST_TITLE = 64


class Guests:
    """Answers a guest message, once."""

    def __init__(self, desk: Desk, questions: Questions) -> None:
        self._desk = desk
        self._questions = questions

    async def called(self, bot: Bot, message: Message) -> None:
        """Whatever is asked gets exactly one reply; who asks too often gets none."""
        reply = await self._reply(bot, message)
        if reply is None or message.guest_query_id is None:
            return
        page = render.pages(reply, self._desk.base, Me(bot.username))[0]
        content = InputTextMessageContent(page.text, ParseMode.HTML, link_preview_options=render.NO_PREVIEW)
        result = InlineQueryResultArticle(
            "answer", visible(page.text)[:_LONGEST_TITLE], content, reply_markup=self._links(reply, bot.username)
        )
        await self._desk.sender.deliver(bot.answer_guest_query, guest_query_id=message.guest_query_id, result=result)

    async def _reply(self, bot: Bot, message: Message) -> Reply | None:
        desk, user = self._desk, None if message.sender_chat else message.from_user
        lang = await language.of_chat(desk, user.id, user) if user else desk.service.default
        turn = desk.memory.turn(asker_of(message).who)
        if turn is not Turn.ANSWER:
            return desk.service.info("too_fast", lang) if turn is Turn.WARN else None
        question = without_mention(message.text or message.caption or "", bot.username)
        outcome = await desk.holder.ask(question, lang)
        self._questions.misses.record(outcome, question, asker_of(message), ())
        return outcome.reply

    def _links(self, reply: Reply, username: str) -> InlineKeyboardMarkup:
        """Everything else happens in the chat with the bot: links, no buttons that call back."""
        rows = [(one.text, one.entry) for one in reply.choices] if not reply.answers else []
        start = reply.answers[0].entry if reply.answers else ""
        rows.append((self._desk.base.voice(reply.lang).say("inline_more"), start))
        return InlineKeyboardMarkup([[InlineKeyboardButton(text, url=address(username, to))] for text, to in rows])
