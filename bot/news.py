"""What is new in the base: the last corrections and the entries that were added. Pure: a reply, free of any channel."""

from __future__ import annotations

from bot.dates import spoken
from bot.kb.model import Correction, KnowledgeBase
from bot.reply import Reply, ReplyKind

SHOWN = 3  # of each: a message that is read at a glance


def has_news(base: KnowledgeBase) -> bool:
    return bool(base.corrections) or any(entry.added for entry in base.entries.values())


def news(base: KnowledgeBase, lang: str) -> Reply:
    """The newest first; empty for a base without any."""
    voice, corrections = base.voice(lang), base.corrections[:SHOWN]
    blocks = []
    if corrections:
        blocks += [voice.say("news_corrected"), *(_correction(base, one, lang) for one in corrections)]
    added = _added(base)
    if added:
        lines = [
            voice.say("news_entry", question=_question(base, one, lang), date=_day(base, day, lang))
            for day, one in added
        ]
        blocks += [voice.say("news_added"), "\n".join(lines)]
    return Reply(lang, ReplyKind.INFO, text="\n\n".join(blocks))


def _correction(base: KnowledgeBase, one: Correction, lang: str) -> str:
    text = one.text(lang)
    question, date = _question(base, one.entry, lang), _day(base, one.date, lang)
    return base.voice(lang).say(
        "news_correction", question=question, date=date, old=text.old, new=text.new, why=text.why
    )


def _added(base: KnowledgeBase) -> list[tuple[str, str]]:
    """Days and entries; those of one day in reading order."""
    found = [(entry.added, entry.id) for entry in base.entries.values() if entry.added]
    return sorted(found, key=lambda one: one[0], reverse=True)[:SHOWN]


def _question(base: KnowledgeBase, entry: str, lang: str) -> str:
    return base.entries[entry].text(lang).question


def _day(base: KnowledgeBase, day: str, lang: str) -> str:
    return spoken(day, base.voice(lang).locale)
