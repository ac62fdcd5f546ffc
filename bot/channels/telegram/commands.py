"""Slash commands: those of every bot, those of this one, and one for each topic of the knowledge base."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from telegram import Bot, Message

from bot.channels.telegram import deeplinks, language, render
from bot.channels.telegram.groups import Command, in_private
from bot.channels.telegram.questions import Questions, asker_of
from bot.channels.telegram.render import Page
from bot.channels.telegram.speaking import place_of, say
from bot.channels.telegram.state import Desk
from bot.reply import Reply

Run = Callable[[Bot, Message, str], Awaitable[None]]


class Commands:
    """`run` finds the command by its name; each method below is one."""

    def __init__(self, desk: Desk, questions: Questions) -> None:
        self._desk = desk
        self._questions = questions
        self._known: dict[str, Run] = {
            "start": self._start,
            "help": self._sentence("help"),
            "privacy": self._sentence("privacy"),
            "about": self._about,
            "topics": self._topics,
            "random": self._random,
            "language": self._language,
            "settings": self._settings,
            "forget": self._forget,
        }

    async def run(self, bot: Bot, message: Message, command: Command) -> None:
        """Carry a command out. One that we do not know is read as a question in private, and ignored in groups."""
        if command.name == "ask":
            await self._ask(bot, message, command.rest)
        elif (known := self._known.get(command.name)) is not None:
            if await self._questions.has_turn(bot, message):
                await known(bot, message, command.rest)
        elif command.name in self._desk.base.topics:
            if await self._questions.has_turn(bot, message):
                await self._topic(bot, message, command.name)
        elif in_private(message):
            words = f"{command.name} {command.rest}".replace("_", " ")
            await self._questions.answer(bot, message, words)

    async def _ask(self, bot: Bot, message: Message, question: str) -> None:
        replied = message.reply_to_message
        if not question.strip() and replied is not None:
            question = replied.text or replied.caption or ""
        if question.strip():
            await self._questions.answer(bot, message, question)
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
        lang, asker, desk = await self._lang(message), asker_of(message), self._desk
        names = {desk.chat(asker.chat_id), desk.person(asker.person_id)}
        gone = sum([await desk.store.forget(name) for name in sorted(names)])
        desk.memory.forget_chat(asker.chat_id)
        reply = desk.service.info("forget_done" if gone else "forget_nothing", lang)
        await self._say(bot, message, self._questions.pages(bot, reply))

    async def _entry(self, bot: Bot, message: Message, reply: Reply) -> None:
        await self._questions.deliver(bot, place_of(message), reply, asker_of(message))

    async def _say(self, bot: Bot, message: Message, pages: tuple[Page, ...]) -> None:
        await say(bot, self._desk.sender, place_of(message), pages)

    async def _lang(self, message: Message) -> str:
        return await language.of_chat(self._desk, message.chat_id, message.from_user)
