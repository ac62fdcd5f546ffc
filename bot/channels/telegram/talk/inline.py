"""Inline mode: `@bot question` in any chat gives entries to choose from. What is shown belongs to who asks: never shared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from telegram import (
    Bot,
    ChosenInlineResult,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from telegram.constants import ParseMode

from bot.channels.telegram.looks.deeplinks import address
from bot.channels.telegram.looks.markup import escaped
from bot.channels.telegram.looks.render import NO_PREVIEW, answer, paged
from bot.channels.telegram.talk import language
from bot.channels.telegram.talk.desk import Desk
from bot.channels.telegram.talk.memory import Turn
from bot.kb.model import KnowledgeBase
from bot.languages.text import shortened
from bot.match.decide.decision import Decline
from bot.reply import AnswerPart, ReplyKind, answer_part
from bot.service import Outcome

PAGE = 10
TOO_FAST = 10  # seconds that it may keep the empty list for who asks too much: soon there is an answer again
CACHED = 60  # seconds that Telegram may keep an answer, for this one user: his language may change
_SHORTEST = 3  # letters; what is shorter is still being typed
_DESCRIPTION = 160  # characters; Telegram shows two lines of them
_START = "inline"  # what the button above the results gives to /start
_DANGER = "danger"
_OFFSET = re.compile(r"[1-9]\d{0,3}")


@dataclass(frozen=True, slots=True)
class Found:
    """What a query leads to, best first, and the words of the button above it, which leads to `start`. `danger` comes
    before all else."""

    lang: str
    parts: Sequence[AnswerPart]
    button: str
    start: str = _START
    danger: str = ""


class Inline:
    """Answers inline queries; what is chosen of an answer is told only after BotFather's /setinlinefeedback."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def asked(self, bot: Bot, query: InlineQuery) -> None:
        desk = self._desk
        preferred = await language.of_chat(desk, query.from_user.id, query.from_user)
        in_turn = desk.memory.inline_rate.turn(query.from_user.id) is Turn.ANSWER
        found = await _found(desk, query.query, preferred) if in_turn else _not_now(desk.base, preferred)
        start = _offset(query.offset)
        shown = found.parts[start : start + PAGE]
        more = start + PAGE < len(found.parts)
        first = [_numbers(found.danger)] if found.danger and start == 0 else []
        await desk.sender.deliver(
            bot.answer_inline_query,
            inline_query_id=query.id,
            results=[*first, *(_article(part, desk.base, found.lang, bot.username) for part in shown)],
            cache_time=CACHED if in_turn else TOO_FAST,
            is_personal=True,
            next_offset=str(start + PAGE) if more else "",
            button=InlineQueryResultsButton(found.button, start_parameter=found.start),
        )

    async def chosen(self, _bot: Bot, result: ChosenInlineResult) -> None:
        if result.result_id in self._desk.base.entries:
            self._desk.count("chosen", result.result_id)


def _offset(text: str) -> int:
    """Where a page begins. What we never gave out begins at the end of everything: there is no such page."""
    if not text:
        return 0
    return int(text) if _OFFSET.fullmatch(text) and text.isascii() else 10_000


async def _found(desk: Desk, query: str, preferred: str) -> Found:
    base = desk.base
    if sum(map(str.isalnum, query)) < _SHORTEST:
        return _everything(base, preferred)
    outcome = await desk.holder.ask(query, preferred)
    lang = outcome.reply.lang
    if outcome.danger:
        say = base.voice(lang).to_call(doubted=outcome.doubted)
        return Found(lang, _best(outcome, base), base.voice(lang).say("inline_more"), danger=say)
    match outcome.reply.kind:
        case ReplyKind.ANSWER | ReplyKind.SUGGEST:
            return Found(lang, _best(outcome, base), base.voice(lang).say("inline_more"))
        case ReplyKind.DECLINE:
            return _nothing(outcome, base)
        case _:
            return _everything(base, lang)


def _not_now(base: KnowledgeBase, lang: str) -> Found:
    """For who asks so much that others would wait: nothing to look up, little to send, and never silence."""
    return Found(lang, (), base.voice(lang).say("inline_more"))


def _everything(base: KnowledgeBase, lang: str) -> Found:
    """All the entries, by topic, in reading order."""
    entries = (entry for topic in base.topics.values() for entry in topic.entries)
    return Found(lang, _parts(base, entries, lang), base.voice(lang).say("inline_more"))


def _best(outcome: Outcome, base: KnowledgeBase) -> list[AnswerPart]:
    """The answers as they were given, then what is offered beside them."""
    reply = outcome.reply
    return [*reply.answers, *_parts(base, (choice.entry for choice in reply.choices), reply.lang)]


def _nothing(outcome: Outcome, base: KnowledgeBase) -> Found:
    """No answer; where the question is of a known kind, the topic that comes nearest."""
    lang, near = outcome.reply.lang, _nearest_topic(outcome, base)
    parts = _parts(base, base.topics[near].entries, lang) if near else []
    return Found(lang, parts, base.voice(lang).say("inline_no_answer"), near or _START)


def _nearest_topic(outcome: Outcome, base: KnowledgeBase) -> str | None:
    decision = outcome.verdicts[0].decision if outcome.verdicts else None
    if isinstance(decision, Decline) and decision.refusal and decision.refusal.label.owner in base.refusals:
        return base.refusals[decision.refusal.label.owner].near
    return None


def _parts(base: KnowledgeBase, entries: Iterable[str], lang: str) -> list[AnswerPart]:
    return [answer_part(base, base.entries[entry], lang) for entry in dict.fromkeys(entries)]


def _article(part: AnswerPart, base: KnowledgeBase, lang: str, username: str) -> InlineQueryResultArticle:
    """Shows question and beginning of the answer; sends all of it, and a button that leads into the chat with the bot."""
    label = base.voice(lang).say("inline_more")
    content = InputTextMessageContent(paged(answer(part))[0].text, ParseMode.HTML, link_preview_options=NO_PREVIEW)
    return InlineQueryResultArticle(
        part.entry,
        part.question,
        content,
        description=_beginning(part.answer),
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton(label, url=address(username, part.entry))]]),
    )


def _numbers(text: str) -> InlineQueryResultArticle:
    """The numbers to call, readable in the list itself: the first line as the title, the others below it."""
    title, _, rest = text.partition("\n")
    content = InputTextMessageContent(escaped(text), ParseMode.HTML, link_preview_options=NO_PREVIEW)
    return InlineQueryResultArticle(_DANGER, title, content, description=rest)


def _beginning(text: str) -> str:
    return shortened(text.strip().split("\n")[0], _DESCRIPTION)
