"""How a reply looks in Telegram: HTML, split into messages, with its buttons. Every other channel has its own renderer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from telegram import InlineKeyboardMarkup, LinkPreviewOptions

from bot.channels.telegram.looks import keyboards
from bot.channels.telegram.looks.keyboards import Me
from bot.channels.telegram.looks.markup import clean, escaped, link, split
from bot.kb.model import KnowledgeBase
from bot.reply import AnswerPart, Choice, ContextPart, Reply, about_us, contact, source_line

_HERE = "\x00"  # stands where a list goes in, until the text around it is escaped
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True)
class Page:
    """One message: HTML of at most 4,096 units, and the buttons below it."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None

    @cached_property
    def buttons(self) -> dict[str, Any] | None:
        """The same as plain data: what is said often is not made anew."""
        return self.keyboard.to_dict() if self.keyboard else None


def pages(reply: Reply, base: KnowledgeBase, me: Me) -> tuple[Page, ...]:
    """The messages of a reply, at least one; the buttons stand under the last."""
    return paged(markup(reply), keyboards.for_reply(reply, base, me))


def paged(text: str, keyboard: InlineKeyboardMarkup | None = None) -> tuple[Page, ...]:
    """HTML as messages."""
    *first, last = split(text) or [text]
    return (*map(Page, first), Page(last, keyboard))


def markup(reply: Reply) -> str:
    """The whole reply as HTML, without its choices: those are buttons."""
    blocks = [escaped(clean_lines(line)) for line in reply.lead]
    blocks += [escaped(reply.text)] if reply.text else []
    blocks += [answer(part) for part in reply.answers]
    blocks += [link(reply.contact.text, reply.contact.url)] if reply.contact else []
    if not reply.answers and reply.title:
        blocks.append(escaped(reply.title))
    return "\n\n".join(blocks)


def clean_lines(text: str) -> str:
    """Lead lines may repeat what a person typed."""
    return "\n".join(clean(line) for line in text.split("\n"))


def answer(part: AnswerPart) -> str:
    """Question, answer and source, and apart from it what others add. Where the source is silent on what was asked, that
    comes first, and what fills it."""
    blocks = [f"<b>{escaped(part.question)}</b>"]
    if part.gap:
        blocks.append(f"<i>{escaped(part.gap)}</i>")
    if part.filled:
        blocks.append(_quoted(part.joint, part.filled))
    if part.answer:
        blocks.append(escaped(part.answer))
    if part.as_of:
        blocks.append(f"<i>{escaped(part.as_of)}</i>")
    blocks.append(link(part.source.text, part.source.url))
    if part.context:
        blocks.append(_quoted(f"{part.context_title} ({part.context_note})", part.context))
    if part.corrected:
        blocks.append(f"<i>{escaped(part.corrected)}</i>")
    return "\n\n".join(blocks)


def topic_pages(base: KnowledgeBase, topic: str, choices: tuple[Choice, ...], page: int, lang: str) -> tuple[Page, ...]:
    """One page of a topic's questions; a page beyond the last is the last."""
    voice, shown = base.voice(lang), base.topics[topic]
    last = keyboards.pages_of(choices)
    page = min(page, last - 1)
    lines = [f"{escaped(shown.emoji)} <b>{escaped(shown.text(lang).title)}</b>", "", escaped(voice.say("topic_pick"))]
    if last > 1:
        lines += ["", f"<i>{escaped(voice.say('page', page=page + 1, pages=last))}</i>"]
    return paged("\n".join(lines), keyboards.for_topic(topic, choices, page, voice))


def topics_pages(base: KnowledgeBase, lang: str) -> tuple[Page, ...]:
    """All the topics as buttons."""
    title = f"<b>{escaped(base.voice(lang).say('topics_title'))}</b>"
    return paged(title, keyboards.for_topics(base, lang))


def about_pages(base: KnowledgeBase, lang: str) -> tuple[Page, ...]:
    """/about, with the documents beyond the article as a folded list of links; then what the bot is, and whom to ask."""
    voice, who = base.voice(lang), contact(base.voice(lang))
    blocks = [escaped(voice.say("about", sources=_HERE)), *map(escaped, about_us(voice))]
    text = "\n\n".join([*blocks, *([link(who.text, who.url)] if who else [])])
    others = [source for source in base.sources.values() if source.kind == "context"]
    named = sorted((source_line(base, one, lang, None) for one in others), key=lambda line: line.text)
    lines = dict.fromkeys(f"• {link(line.text, line.url)}" for line in named)
    return paged(text.replace(_HERE, "<blockquote expandable>" + "\n".join(lines) + "</blockquote>"))


def _quoted(title: str, items: Iterable[ContextPart]) -> str:
    """A heading, and below it the items as a quote. Not a folded one: Telegram would hide all but its first lines."""
    return f"<b>{escaped(title)}</b>\n<blockquote>" + "\n\n".join(map(_context, items)) + "</blockquote>"


def _context(item: ContextPart) -> str:
    return f"• {escaped(item.text)}\n{link(item.source.text, item.source.url)}"
