"""What admins get to read: the week's counts, and the questions in vain. Makes pages, sends nothing."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import date

from babel.core import Locale
from babel.dates import format_date, format_interval
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.telegram.looks import stats_picture
from bot.channels.telegram.looks.markup import escaped, units, visible
from bot.channels.telegram.looks.render import Page, paged
from bot.channels.telegram.looks.stats import KINDS, Stats, first_day, stats_of
from bot.channels.telegram.looks.stats_picture import Labels
from bot.kb.model import KnowledgeBase, Voice
from bot.store.base import Store
from bot.workbench.unanswered import Group, group, snippet

GROUPS = 5  # on a page
PAGE_DATA = r"1u:(0|[1-9]\d{0,2})"
_READ = 2_000  # questions, the newest
_CAPTION = 1_024
_LONGEST = 200  # characters of a question


@dataclass(frozen=True, slots=True)
class Report:
    """HTML, and a PNG if one can be drawn: then the text is its caption."""

    text: str
    picture: bytes | None = None


async def stats(store: Store, base: KnowledgeBase, lang: str, today: date) -> Report:
    """The last seven days. Raises StoreUnavailable."""
    since = first_day(today)
    found = stats_of(await store.counts(since), await store.votes(since), today)
    voice = base.voice(lang)
    if found.empty:
        return Report(escaped(voice.say("stats_empty")))
    top = _top(found, base, voice)
    if not await asyncio.to_thread(stats_picture.available):
        return Report("\n\n".join([_as_text(found, voice), *([top] if top else [])]))
    return Report(top, await asyncio.to_thread(stats_picture.draw, found, labels(voice)))


def labels(voice: Voice) -> Labels:
    """The words of the picture."""
    return Labels(
        locale=voice.locale,
        title=voice.say("stats_title"),
        asked=voice.say("stats_asked"),
        kinds={kind: voice.say(f"stats_{kind}") for kind in KINDS},
        thumbs_up=voice.say("stats_thumbs_up"),
        thumbs_down=voice.say("stats_thumbs_down"),
    )


def _as_text(found: Stats, voice: Voice) -> str:
    lines = [("stats_asked", sum(found.asked))]
    lines += [(f"stats_{kind}", found.total(kind)) for kind in KINDS]
    lines += [("stats_thumbs_up", found.thumbs_up), ("stats_thumbs_down", found.thumbs_down)]
    counts = "\n".join(f"{escaped(voice.say(key))}: <b>{count}</b>" for key, count in lines)
    return f"<b>{escaped(voice.say('stats_title'))}</b>\n\n{counts}"


def _top(found: Stats, base: KnowledgeBase, voice: Voice) -> str:
    """The entries asked for most often, as many as a caption holds."""
    text = f"<b>{escaped(voice.say('stats_top'))}</b>\n" if found.top else ""
    for entry, count in found.top:
        line = f"\n<b>{count}</b> {escaped(_question(base, entry, voice.lang))}"
        if units(visible(text + line)) <= _CAPTION:
            text += line
    return text


def _question(base: KnowledgeBase, entry: str, lang: str) -> str:
    """Counts outlive their entries."""
    return base.entries[entry].text(lang).question if entry in base.entries else entry


def page_number(data: str | None) -> int:
    found = re.fullmatch(PAGE_DATA, data or "")
    return int(found[1]) if found else 0


async def unanswered(store: Store, base: KnowledgeBase, lang: str, number: int) -> Page:
    """One page, counted from 0; a page beyond the last is the last. Raises StoreUnavailable."""
    questions = await store.unanswered(limit=_READ)
    groups = await asyncio.to_thread(group, questions)
    voice = base.voice(lang)
    if not groups:
        return Page(escaped(voice.say("unanswered_empty")))
    last = (len(groups) - 1) // GROUPS
    number = min(number, last)
    shown = groups[number * GROUPS : (number + 1) * GROUPS]
    head = f"<b>{escaped(voice.say('unanswered_title'))}</b>"
    if last:
        head += f"\n{escaped(voice.say('page', page=number + 1, pages=last + 1))}"
    text = "\n\n".join([head, *(_group(one, base, voice) for one in shown)])
    return paged(text, _turns(number, last, voice))[-1]


def _group(one: Group, base: KnowledgeBase, voice: Voice) -> str:
    """The question, when it was asked, the entry that is nearest, and what to paste into the base."""
    said = voice.say("unanswered_item", count=one.count, text=one.text[:_LONGEST])
    lines = [f"<b>{escaped(said)}</b>", f"<i>{one.lang}, {escaped(_span(one, voice.locale))}</i>"]
    if one.nearest is None:
        return "\n".join([*lines, escaped(voice.say("unanswered_far"))])
    near = voice.say("unanswered_near", question=_question(base, one.nearest, voice.lang))
    return "\n".join([*lines, escaped(near), f"<code>{escaped(snippet(one, 3))}</code>"])


def _span(one: Group, locale_name: str) -> str:
    locale = Locale.parse(locale_name)
    if one.first == one.last:
        return str(format_date(one.last, "d MMM", locale=locale))
    return str(format_interval(one.first, one.last, skeleton="MMMd", locale=locale))


def _turns(number: int, last: int, voice: Voice) -> InlineKeyboardMarkup | None:
    row = []
    if number > 0:
        row.append(InlineKeyboardButton(voice.say("previous"), callback_data=f"1u:{number - 1}"))
    if number < last:
        row.append(InlineKeyboardButton(voice.say("next"), callback_data=f"1u:{number + 1}"))
    return InlineKeyboardMarkup([row]) if row else None
