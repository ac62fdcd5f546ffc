"""Inline keyboards: which buttons stand under what. Every sentence on them comes from the knowledge base's voice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit

from bot.channels.telegram.looks.data import (
    Action,
    CancelReport,
    NoneOfThese,
    NotThis,
    ReportError,
    SetLanguage,
    ShowEntry,
    ShowTopic,
    ShowTopics,
    Vote,
    WatchFor,
    written,
)
from bot.channels.telegram.looks.deeplinks import share_address
from bot.kb.model import KnowledgeBase, Voice
from bot.languages.text import shortened
from bot.reply import AnswerPart, Choice, Reply, ReplyKind

PAGE = 8  # questions of a topic at a time
_CHOSEN = "✓ "
_LONGEST_QUERY = 256
MAX_COPIED = int(InlineKeyboardButtonLimit.MAX_COPY_TEXT)

Row = list[InlineKeyboardButton]


@dataclass(frozen=True, slots=True)
class Me:
    """The bot as Telegram knows it. `inline`: it may be called in any chat, so sharing is one tap."""

    username: str
    inline: bool = False


def button(text: str, action: Action) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=written(action))


def for_reply(reply: Reply, base: KnowledgeBase, me: Me) -> InlineKeyboardMarkup | None:
    """The buttons under a reply; None where it needs none."""
    voice = base.voice(reply.lang)
    rows = _choices(reply.choices, reply.lang)
    if reply.kind is ReplyKind.SUGGEST:
        rows.append([button(voice.say("none_of_these"), NoneOfThese(reply.lang))])
    if reply.waits:
        rows.append([button(voice.say("watch"), WatchFor(reply.lang))])
    if reply.answers:
        rows.append(_onwards(reply.answers[0], voice, me))
    if len(reply.answers) == 1:
        part = reply.answers[0]
        rows.append([_copy(part, voice), button(voice.say("report"), ReportError(voice.lang, part.entry))])
        rows.append(_judged(part, voice))
    return InlineKeyboardMarkup(rows) if rows else None


def for_topics(base: KnowledgeBase, lang: str) -> InlineKeyboardMarkup:
    """All the topics, one a row."""
    named = ((topic.id, f"{topic.emoji} {topic.text(lang).title}") for topic in base.topics.values())
    return InlineKeyboardMarkup([[button(name, ShowTopic(lang, topic))] for topic, name in named])


def pages_of(choices: tuple[Choice, ...]) -> int:
    return max(1, -(-len(choices) // PAGE))


def for_topic(topic: str, choices: tuple[Choice, ...], page: int, voice: Voice) -> InlineKeyboardMarkup:
    """One page of a topic's questions, and the ways to the other pages and topics."""
    rows = _choices(choices[page * PAGE : (page + 1) * PAGE], voice.lang)
    others = turns(page, pages_of(choices), voice, lambda number: ShowTopic(voice.lang, topic, number))
    back = [button(voice.say("back"), ShowTopics(voice.lang))]
    return InlineKeyboardMarkup([*rows, *others, back])


def turns(page: int, pages: int, voice: Voice, at: Callable[[int], Action]) -> list[Row]:
    """The ways to the page before and the one after, as one row; none where this is the only page."""
    around = {"previous": page - 1, "next": page + 1}
    row = [button(voice.say(word), at(number)) for word, number in around.items() if 0 <= number < pages]
    return [row] if row else []


def for_languages(voice: Voice, languages: Iterable[str], chosen: str | None) -> InlineKeyboardMarkup:
    """The languages in their own words, then "automatically"; a mark at the one in use."""
    names = {lang: voice.languages.get(lang, lang) for lang in languages}
    rows = [[button(_marked(name, lang == chosen), SetLanguage(lang))] for lang, name in names.items()]
    automatic = _marked(voice.say("language_auto"), chosen is None)
    return InlineKeyboardMarkup([*rows, [button(automatic, SetLanguage(None))]])


def _marked(name: str, chosen: bool) -> str:
    return f"{_CHOSEN}{name}" if chosen else name


def _choices(choices: Iterable[Choice], lang: str) -> list[Row]:
    return [[button(one.label or one.text, ShowEntry(lang, one.entry))] for one in choices]


def _onwards(part: AnswerPart, voice: Voice, me: Me) -> Row:
    more = button(voice.say("more_on_topic"), ShowTopic(voice.lang, part.topic, fresh=True))
    return [more, _share(part, voice.say("share"), me)]


def _share(part: AnswerPart, label: str, me: Me) -> InlineKeyboardButton:
    if me.inline:
        return InlineKeyboardButton(label, switch_inline_query=part.question[:_LONGEST_QUERY])
    return InlineKeyboardButton(label, url=share_address(me.username, part.entry, part.question))


def _copy(part: AnswerPart, voice: Voice) -> InlineKeyboardButton:
    return InlineKeyboardButton(voice.say("copy"), copy_text=CopyTextButton(shortened(part.citation, MAX_COPIED)))


def for_others(choices: tuple[Choice, ...], lang: str) -> InlineKeyboardMarkup:
    """What else may have been meant."""
    return InlineKeyboardMarkup(_choices(choices, lang))


def to_cancel(voice: Voice) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[button(voice.say("cancel"), CancelReport(voice.lang))]])


def _judged(part: AnswerPart, voice: Voice) -> Row:
    """Three in a row, so their words are short."""
    return [
        button(voice.say("thumbs_up"), Vote(voice.lang, part.entry, up=True)),
        button(voice.say("thumbs_down"), Vote(voice.lang, part.entry, up=False)),
        button(voice.say("not_this"), NotThis(voice.lang, part.entry)),
    ]
