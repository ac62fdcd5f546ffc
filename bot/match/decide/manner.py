"""From a base and a language's pack to what `hearing` needs to know of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bot import languages
from bot.kb.model import EntryText, KnowledgeBase
from bot.languages.packs import Packs
from bot.match.decide.asking import Period
from bot.match.decide.claims import Count, counts
from bot.match.decide.contrast import Contrast
from bot.match.decide.courtesy import NODS
from bot.match.decide.exclusion import Excluder
from bot.match.decide.hearing import Manner
from bot.match.decide.matcher import Matcher
from bot.match.decide.subjects import Subject, Subjects
from bot.match.words.frames import Frames
from bot.match.words.language import Language


def manner_of(base: KnowledgeBase, matcher: Matcher, packs: Packs = languages.SHIPPED) -> Manner:
    language = matcher.language
    pack, code = languages.pack(language.code, packs), language.code
    named = {" ".join(language.words(word)): number for word, number in pack.numbers.items()}
    leads, above = (Frames(language.words, {name: getattr(pack, name)}) for name in ("leads", "above"))
    texts = {entry.id: entry.text(code) for entry in base.entries.values()}

    def unit(word: str) -> str:
        return "" if matcher.is_bare([word]) else language.stem(word)

    return Manner(
        period=_period(base, language, pack.now),
        excluder=Excluder(language.words, pack.exclusion),
        contrast=Contrast(language, pack.here, base.own.get(code, ())),
        limits=Frames(language.words, {"limits": (*pack.limits, *pack.above)}),
        leads=leads,
        asked=Frames(language.words, pack.questions, pack.first),
        courtesies=Frames(language.words, {"courtesies": pack.courtesies, NODS: pack.nods}),
        goes_on=Frames(language.words, {"goes_on": pack.goes_on}),
        subjects=_subjects(base, matcher, leads),
        numbers=named,
        unit=unit,
        plain=tuple(language.words(next(iter(pack.leads), ""))),
        given={name: _given(text, language, named, unit) for name, text in texts.items()},
        bounds=frozenset(
            name for name, text in texts.items() if any(above.met(language.words(one)) for one in text.figures)
        ),
    )


def _given(
    found: EntryText, language: Language, named: Mapping[str, int], unit: Callable[[str], str]
) -> tuple[Count, ...]:
    texts = (*found.figures, found.answer)
    return tuple(dict.fromkeys(one for text in texts for one in counts(language.words(text), named, unit)))


def _period(base: KnowledgeBase, language: Language, now: Iterable[str]) -> Period:
    """The time that the base's article describes, and by which words people name a later one."""
    years = [int(s.published[:4]) for s in base.sources.values() if s.kind == "article" and s.published]
    named = [name for change in base.changes.values() for name in change.text(language.code).ask]
    return Period.of(language.words, now, named, max(years, default=None))


def _subjects(base: KnowledgeBase, matcher: Matcher, leads: Frames) -> Subjects:
    language, code = matcher.language, matcher.language.code
    entries = {
        entry.id: Subject((entry.texts[code].question, entry.texts[code].short), entry.texts[code].figures)
        for entry in base.entries.values()
        if code in entry.texts
    }
    topics = {topic.id: topic.texts[code].title for topic in base.topics.values() if code in topic.texts}

    def stems(one: str) -> list[str]:
        return [language.stem(word) for word in leads.without(language.words(one))]

    return Subjects(stems, entries, topics)
