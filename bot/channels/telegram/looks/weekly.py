"""What the digest says: the figures of one week, Monday to Sunday, as a message. Sends nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_interval
from babel.numbers import format_percent

from bot.channels.telegram.looks.markup import escaped
from bot.channels.telegram.looks.stats import stats_of
from bot.kb.model import Voice
from bot.service import Service
from bot.store.base import Records
from bot.workbench.asked_again import AskedAgain
from bot.workbench.unanswered import Group, Section, look

TOP = 3  # questions in vain that are named
_READ = 2_000  # questions, the newest
_LONGEST = 120  # characters of a question


@dataclass(frozen=True, slots=True)
class Week:
    """`share` is 0 to 1 of all that something became of; None where nothing was asked. `vain` are
    the questions that the present base does not answer, by likeness."""

    first: date
    last: date
    asked: int
    share: float | None
    vain: tuple[Group, ...]
    overdue: int
    refused: int


def name(due: datetime) -> str:
    """Of the week before the Monday on which its digest is due, as 2026-W47."""
    year, week, _ = (due - timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02}"


async def read(store: Records, service: Service, due: datetime) -> Week:
    """The week before. Raises StoreError."""
    first, last = due.date() - timedelta(days=7), due.date() - timedelta(days=1)
    rows = [row for row in await store.counts(first) if row[0] <= last]
    found = stats_of(rows, {}, last)
    questions, dismissed = await store.unanswered(limit=_READ), await store.dismissed()
    then = [one for one in questions if first <= one.asked.date() <= last]
    seen = await asyncio.to_thread(look, then, AskedAgain(service), dismissed)
    return Week(
        first=first,
        last=last,
        asked=sum(found.asked),
        share=found.share("answered") if any(map(found.total, found.by_kind)) else None,
        vain=seen.of(Section.VAIN, Section.WRONG, Section.REPORTED),
        overdue=sum(day < due.date().isoformat() for day in service.base.check_by),
        refused=sum(n for _, kind, _, n in rows if kind == "refused"),
    )


def text(found: Week, voice: Voice) -> str:
    """As HTML."""
    share = "–" if found.share is None else format_percent(found.share, locale=voice.locale)
    said = voice.say(
        "digest_text",
        days=format_interval(found.first, found.last, skeleton="yMMMd", locale=voice.locale),
        asked=found.asked,
        share=share,
        vain=sum(one.count for one in found.vain),
        overdue=found.overdue,
        refused=found.refused,
    )
    title, _, rest = said.partition("\n")
    blocks = [f"<b>{escaped(title)}</b>\n{escaped(rest)}"]
    if top := sorted(found.vain, key=lambda one: -one.count)[:TOP]:
        lines = [escaped(_line(one, voice)) for one in top]
        blocks.append("\n".join([f"<b>{escaped(voice.say('digest_top'))}</b>", *lines]))
    return "\n\n".join(blocks)


def _line(one: Group, voice: Voice) -> str:
    return voice.say("unanswered_item", count=one.count, text=one.text[:_LONGEST])
