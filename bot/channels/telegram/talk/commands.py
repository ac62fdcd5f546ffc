"""Slash commands: those of every bot, those of this one, and one for each topic of the knowledge base."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from telegram import Bot, Message

from bot import commands
from bot.channels.telegram.looks import deeplinks, render
from bot.channels.telegram.looks.markup import escaped
from bot.channels.telegram.looks.render import Page
from bot.channels.telegram.talk import language
from bot.channels.telegram.talk.admin import Admin
from bot.channels.telegram.talk.asker import asker_of
from bot.channels.telegram.talk.desk import Desk, Who
from bot.channels.telegram.talk.incoming import Command, in_private, words
from bot.channels.telegram.talk.questions import Questions
from bot.channels.telegram.talk.speaking import place_of, say
from bot.news import has_news, news
from bot.reply import Reply

Run = Callable[[Bot, Message, str], Awaitable[None]]


class Commands:
    """`run` finds the command by its name; each method below is one."""

    def __init__(self, desk: Desk, questions: Questions, admin: Admin) -> None:
        self._desk = desk
        self._questions = questions
        self._admin = admin
        self._known: dict[str, Run] = {
            "start": self._start,
            "help": self._help,
            "privacy": self._sentence("privacy"),
            "about": self._about,
            "topics": self._topics,
            "random": self._random,
            commands.NEWS: self._news,
            "language": self._language,
            "settings": self._settings,
            "forget": self._forget,
        }

    async def run(self, bot: Bot, message: Message, command: Command) -> None:
        """Carry a command out. One that we do not know is read as a question in private, and ignored in groups."""
        if self._admin.knows(command.name, message):
            await self._admin.run(message, command.name, command.rest)
        elif command.name == "ask":
            await self._ask(bot, message, command.rest)
        elif (known := self._known.get(command.name)) is not None and self._has(command.name):
            if await self._questions.has_turn(bot, message):
                await known(bot, message, command.rest)
        elif command.name in self._desk.base.topics:
            if await self._questions.has_turn(bot, message):
                await self._topic(bot, message, command.name)
        elif in_private(message):
            question = f"{command.name} {command.rest}".replace("_", " ")
            await self._questions.answer(bot, message, question)

    async def _ask(self, bot: Bot, message: Message, question: str) -> None:
        author: Who | None = None
        if not question.strip():
            question, author = _pointed_at(message), _author(message.reply_to_message, bot)
        if question.strip():
            await self._questions.answer(bot, message, question, author)
        elif await self._questions.has_turn(bot, message):
            await self._questions.tell(bot, message, "ask_usage")

    async def _start(self, bot: Bot, message: Message, payload: str) -> None:
        match deeplinks.read(payload.strip(), self._desk.base):
            case deeplinks.ToEntry(entry):
                await self._entry(bot, message, self._desk.service.entry(entry, await self._lang(message)))
            case deeplinks.ToTopic(topic):
                await self._topic(bot, message, topic)
            case None if not payload.strip() or payload.strip() in deeplinks.PLAIN:
                await self._questions.tell(bot, message, "start")
            case None:
                await self._questions.tell(bot, message, "started_unknown")

    def _has(self, name: str) -> bool:
        """A base without news has no such command."""
        return name != commands.NEWS or has_news(self._desk.base)

    async def _help(self, bot: Bot, message: Message, _: str) -> None:
        base, voice = self._desk.base, self._desk.base.voice(await self._lang(message))
        lines = [voice.say("help"), *([voice.say("help_news")] if has_news(base) else [])]
        await self._say(bot, message, render.paged(escaped("\n".join(lines))))

    async def _news(self, bot: Bot, message: Message, _: str) -> None:
        reply = news(self._desk.base, await self._lang(message))
        await self._say(bot, message, render.paged(escaped(reply.text)))

    def _sentence(self, key: str) -> Run:
        async def tell(bot: Bot, message: Message, _: str) -> None:
            await self._questions.tell(bot, message, key)

        return tell

    async def _about(self, bot: Bot, message: Message, _: str) -> None:
        await self._say(bot, message, render.about_pages(self._desk.base, await self._lang(message)))

    async def _topics(self, bot: Bot, message: Message, _: str) -> None:
        await self._say(bot, message, render.topics_pages(self._desk.base, await self._lang(message)))

    async def _topic(self, bot: Bot, message: Message, topic: str) -> None:
        lang, service = await self._lang(message), self._desk.service
        choices = service.topic(topic, lang)
        await self._say(bot, message, render.topic_pages(service.base, topic, choices, 0, lang))

    async def _random(self, bot: Bot, message: Message, _: str) -> None:
        service = self._desk.service
        reply = service.random_entry(await self._lang(message), self._desk.dice)
        lead = service.base.voice(reply.lang).say("random_lead")
        await self._entry(bot, message, replace(reply, lead=(lead,)))

    async def _language(self, bot: Bot, message: Message, _: str) -> None:
        chosen = await language.chosen(self._desk, message.chat_id)
        await self._say(bot, message, language.pick(self._desk.base, await self._lang(message), chosen))

    async def _settings(self, bot: Bot, message: Message, _: str) -> None:
        chosen = await language.chosen(self._desk, message.chat_id)
        await self._say(bot, message, language.settings(self._desk.base, await self._lang(message), chosen))

    async def _forget(self, bot: Bot, message: Message, _: str) -> None:
        """A private chat and its person have one name in the store. What a group has in common is not one member's."""
        desk, who = self._desk, asker_of(message).who
        gone = await desk.store.forget(desk.person(who))
        desk.memory.forget_person(who, desk.person(who))
        if isinstance(who, int):
            desk.languages.changed(who)
        if in_private(message):
            desk.memory.forget_chat(message.chat_id)
            said = "forget_done" if gone else "forget_nothing"
        else:
            said = "forget_done_group" if gone else "forget_nothing_group"
        await self._questions.tell(bot, message, "forget_later" if gone is None else said)

    async def _entry(self, bot: Bot, message: Message, reply: Reply) -> None:
        await self._questions.deliver(bot, place_of(message), reply, asker_of(message))

    async def _say(self, bot: Bot, message: Message, pages: tuple[Page, ...]) -> None:
        await say(bot, self._desk.sender, place_of(message), pages)

    async def _lang(self, message: Message) -> str:
        return await language.of_message(self._desk, message)


def _pointed_at(message: Message) -> str:
    """What a reply is about: the part that somebody picked, else the whole message, else as much of it as is shown."""
    quote, replied = message.quote, message.reply_to_message
    if quote is not None and quote.is_manual:
        return quote.text
    whole = words(replied) if replied is not None else ""
    return whole or (quote.text if quote is not None else "")


def _author(replied: Message | None, bot: Bot) -> Who | None:
    """Who wrote the message replied to, if it is somebody who may have it forgotten."""
    if replied is None or (replied.from_user is not None and replied.from_user.id == bot.id):
        return None
    return asker_of(replied).who
