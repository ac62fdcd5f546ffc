"""What admins get to read: the week's counts. Makes pages, sends nothing."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import date

from bot.channels.telegram.looks import stats_picture
from bot.channels.telegram.looks.markup import escaped, units, visible
from bot.channels.telegram.looks.stats import KINDS, Stats, first_day, stats_of
from bot.channels.telegram.looks.stats_picture import Labels
from bot.kb.model import KnowledgeBase, Voice
from bot.store.base import Records

log = logging.getLogger(__name__)

_CAPTION = 1_024


@dataclass(frozen=True, slots=True)
class StatsReport:
    """HTML, and a PNG if one can be drawn: then the text is its caption."""

    text: str
    picture: bytes | None = None


async def stats(store: Records, base: KnowledgeBase, lang: str, today: date) -> StatsReport:
    """The last seven days. Raises StoreUnavailable."""
    since = first_day(today)
    found = stats_of(await store.counts(since), await store.votes(since), today)
    voice = base.voice(lang)
    if found.empty:
        return StatsReport(escaped(voice.say("stats_empty")))
    top = _top(found, base, voice)
    if not await asyncio.to_thread(stats_picture.available):
        log.info("/stats is text: its picture needs matplotlib, pip install 'reformbot[pictures]'")
        return StatsReport("\n\n".join([_as_text(found, voice), *([top] if top else [])]))
    return StatsReport(top, await asyncio.to_thread(stats_picture.draw, found, labels(voice)))


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
        line = f"\n<b>{count}</b> {escaped(question_of(base, entry, voice.lang))}"
        if units(visible(text + line)) <= _CAPTION:
            text += line
    return text


def question_of(base: KnowledgeBase, entry: str, lang: str) -> str:
    """Counts outlive their entries."""
    return base.entries[entry].text(lang).question if entry in base.entries else entry
