"""The conversations of the tour: what people write and press. All that the bot says in them is the bot's."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.store.base import utc_now
from tests.botapi.html_entities import parse_html
from tests.botapi.model import Sent
from tests.botapi.server import BotApiServer
from tests.botapi.wire import Upload
from tests.telegram_bot import Running
from tools.tour_page import Message, Result, Scene

USER, FRIEND, ADMIN = 1001, 1002, 1003
GROUP = -1001234567890
# What the bot is not sure of moves a little with every phrase of the base.
_VAGUE = ("What about women?", "women's rights", "children", "judges", "What about the courts?", "power", "elections")
NAMES = {USER: "Dana", FRIEND: "Arman"}


class Stage:
    """One conversation while it is played: what was said so far, as it is to be shown."""

    def __init__(self, name: str, api: BotApiServer, bot: Running) -> None:
        self.name = name
        self.api = api
        self.bot = bot
        self.shown: list[Message] = []
        self.sent: list[Sent] = []

    async def say(self, text: str, lang: str, user: int = USER) -> None:
        """Somebody writes to the bot; what it answers is shown below."""
        self.shown.append(Message(text, mine=True))
        await self._hear(self.api.private_message(user, text, lang))

    async def say_in_group(self, text: str, lang: str, user: int = FRIEND) -> None:
        self.shown.append(Message(text, sender=NAMES[user]))
        await self._hear(self.api.group_message(GROUP, user, text, language_code=lang), (NAMES[user], text))

    async def press(self, label: str, lang: str, user: int = USER) -> None:
        """Somebody presses a button of the last message."""
        last = self.sent[-1]
        button = next(one for one in last.buttons if label in one["text"])
        self.shown[-1] = replace(self.shown[-1], pressed=button["text"])
        await self._hear(self.api.callback(user, last, button["callback_data"], lang))

    async def _hear(self, update_id: int, answers: tuple[str, str] | None = None) -> None:
        await self.api.reply_to(update_id, timeout=60)
        await self.api.confirmed(update_id, timeout=60)
        pushed = self.api.state.pushed[update_id]
        new = [sent for sent in self.api.sent if sent.chat_id == pushed.chat_id and sent.seq > pushed.seq]
        self.sent += new
        self.shown += [_message(sent, self.head("en")[0] if sent.chat_id < 0 else "", answers) for sent in new]

    async def look_up(self, query: str, lang: str) -> Mapping[str, Any]:
        """Somebody types a query after the bot's name; gives the parameters of the answer."""
        call = await self.api.answer_to(self.api.inline_query(USER, query, lang), timeout=60)
        return call.params

    def head(self, lang: str) -> tuple[str, str]:
        """Name of the bot in that language, and what Telegram writes below."""
        name = self.bot.holder.base.voice(lang).profile["name"]
        return name, {"en": "bot", "ru": "бот", "kk": "бот"}[lang]

    def scene(self, lang: str, **more: Any) -> Scene:
        title, subtitle = more.pop("head", None) or self.head(lang)
        return Scene(self.name, lang, title, subtitle, tuple(self.shown), **more)


def _message(sent: Sent, sender: str = "", answers: tuple[str, str] | None = None) -> Message:
    photo = sent.file.content if isinstance(sent.file, Upload) else None
    keyboard = (sent.reply_markup or {}).get("inline_keyboard", [])
    return Message(
        sent.text,
        entities=sent.entities,
        keyboard=keyboard,
        sender=sender,
        answers=answers if sent.reply_to else None,
        photo=photo,
    )


async def answer(stage: Stage) -> Scene:
    await stage.say("How long may a president serve?", "en")
    return stage.scene("en")


async def gap(stage: Stage) -> Scene:
    await stage.say("Распространяется ли ограничение на Токаева?", "ru")
    return stage.scene("ru")


async def suggestion(stage: Stage) -> Scene:
    service = stage.bot.holder.service
    vague = (
        one for one in _VAGUE if len(service.ask(one, "en").reply.choices) > 1 and not service.ask(one, "en").entries
    )
    await stage.say(next(vague, _VAGUE[0]), "en")
    await stage.press(stage.sent[-1].buttons[0]["text"], "en")
    return stage.scene("en")


async def decline(stage: Stage) -> Scene:
    await stage.say("Сәлем!", "kk")
    await stage.say("Қазақстанға виза қалай алуға болады?", "kk")
    await stage.say("Түрмеде қанша адам отыр?", "kk")
    return stage.scene("kk")


async def small_talk(stage: Stage) -> Scene:
    await stage.say("Кто ты?", "ru")
    await stage.say("сколько митингов прошло", "ru")
    await stage.say("Спасибо!", "ru")
    return stage.scene("ru")


async def topics(stage: Stage) -> Scene:
    await stage.say("/topics", "kk")
    return stage.scene("kk")


async def inline(stage: Stage) -> Scene:
    query = "смертная казнь"
    found = await stage.look_up(query, "ru")
    results = [Result(one["title"], one["description"]) for one in found["results"]]
    stage.shown += [
        Message("А смертную казнь у нас точно отменили?", sender=""),
        Message("Сейчас найду источник", mine=True),
    ]
    return stage.scene(
        "ru",
        head=("Тимур", "был(а) недавно"),
        typed=f"@{stage.api.state.bot['username']} {query}",
        results=results,
        results_button=found["button"]["text"],
    )


async def inline_sent(stage: Stage) -> Scene:
    found = await stage.look_up("смертная казнь", "ru")
    first = found["results"][0]
    text, entities = parse_html(first["input_message_content"]["message_text"])
    keyboard = first["reply_markup"]["inline_keyboard"]
    stage.shown += [
        Message("А смертную казнь у нас точно отменили?"),
        Message(text, mine=True, entities=entities, keyboard=keyboard, via=stage.api.state.bot["username"]),
    ]
    return stage.scene("ru", head=("Тимур", "был(а) недавно"))


async def group(stage: Stage) -> Scene:
    stage.shown.append(Message("Did they keep the death penalty in the end?", sender="Aliya"))
    await stage.say_in_group("/ask Has the death penalty been abolished?", "en")
    return stage.scene("en", head=("Human rights seminar", "24 members"))


async def stats(stage: Stage) -> Scene:
    await _a_week(stage.bot)
    await stage.say("/stats", "en", ADMIN)
    return stage.scene("en")


async def unanswered(stage: Stage) -> Scene:
    store, now = stage.bot.store, utc_now()
    asked = {
        "who will be the next president": ("en", "presidential-term", 4),
        "will there be early elections": ("en", "party-list-quota", 2),
        "кто назначает омбудсмена": ("ru", "ombudsman-mandate", 3),
        "жаңа заң қашан шығады": ("kk", None, 1),
    }
    for days, (text, (lang, nearest, times)) in enumerate(asked.items()):
        for time in range(times):
            await store.add_unanswered(text, lang, nearest, "somebody", now - timedelta(days=days + time))
    await stage.say("/unanswered", "en", ADMIN)
    return stage.scene("en")


async def danger(stage: Stage) -> Scene:
    await stage.say("he hits me when he drinks, I hid in the bathroom", "en")
    await stage.say("соседка кричит за стенкой, муж её опять бьёт", "ru")
    await stage.say("өмір сүргім келмейді, бәрінен шаршадым", "kk")
    return stage.scene("en")


async def now(stage: Stage) -> Scene:
    await stage.say("В 2026 году международные договоры всё ещё выше законов?", "ru")
    return stage.scene("ru")


async def as_of(stage: Stage) -> Scene:
    await stage.say("Парламенттің бақылау өкілеттігінде не өзгерді?", "kk")
    return stage.scene("kk")


async def concerns(stage: Stage) -> Scene:
    await stage.say("What do independent sources criticise?", "en")
    return stage.scene("en")


async def when(stage: Stage) -> Scene:
    await stage.say("When was the death penalty abolished?", "en")
    return stage.scene("en")


async def _a_week(bot: Running) -> None:
    """Counts as a week might bring them."""
    dice, today, entries = random.Random(5), utc_now().date(), sorted(bot.holder.base.entries)
    favourites = ["presidential-term", "death-penalty", "upr-recommendations", *dice.sample(entries, 12)]
    for ago in range(7):
        day = today - timedelta(days=ago)
        for kind, least, most in (
            ("answered", 50, 120),
            ("offered", 8, 25),
            ("declined", 10, 24),
            ("small_talk", 3, 9),
        ):
            for _ in range(dice.randint(least, most)):
                entry = favourites[min(dice.randrange(15), dice.randrange(15))] if kind == "answered" else None
                await bot.store.count({(kind, entry, day): 1})
                await bot.store.count({("asked", None, day): 1})
    for number in range(73):
        await bot.store.vote("death-penalty", f"person {number}", "message", 1 if number % 8 else -1)


Script = Callable[[Stage], Awaitable[Scene]]
SCENES: Mapping[str, Script] = {
    "answer": answer,
    "gap": gap,
    "suggestion": suggestion,
    "decline": decline,
    "small-talk": small_talk,
    "topics": topics,
    "inline": inline,
    "inline-sent": inline_sent,
    "group": group,
    "stats": stats,
    "unanswered": unanswered,
    "danger": danger,
    "now": now,
    "as-of": as_of,
    "concerns": concerns,
    "when": when,
}
