"""How people put questions in one language: from a base and a language's pack to what `hearing` needs to know of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot import languages
from bot.kb.model import EntryText, KnowledgeBase
from bot.languages.packs import Packs
from bot.match.decide.asking import Period
from bot.match.decide.claims import Count, Unit, counts
from bot.match.decide.contrast import Contrast
from bot.match.decide.courtesy import NODS
from bot.match.decide.exclusion import Excluder
from bot.match.decide.matcher import Matcher
from bot.match.decide.subjects import Subject, Subjects
from bot.match.words.frames import Frames
from bot.match.words.language import Language

LIMITS, ABOVE = "limits", "above"


@dataclass(frozen=True, slots=True)
class Manner:
    """How people put questions in one language, and what the base's things are called in it. `leads` only lead in to a
    subject, `plain` are the words of the plainest of them. `given` has each entry's numbers, `bounds` the entries that give the
    least ("more than 100")."""

    period: Period
    excluder: Excluder
    contrast: Contrast
    limits: Frames  # kinds LIMITS and ABOVE
    leads: Frames
    asked: Frames
    courtesies: Frames
    goes_on: Frames
    subjects: Subjects
    numbers: Mapping[str, int]
    unit: Callable[[str], Unit]
    given: Mapping[str, tuple[Count, ...]]
    bounds: frozenset[str]
    plain: tuple[str, ...]

    def parted(self, words: Sequence[str]) -> tuple[list[str], list[str]]:
        """The words that only lead in, and the others."""
        gone = {at for _, start, end in self.leads.spans(words) for at in range(start, end)}
        lead, rest = ([word for at, word in enumerate(words) if (at in gone) is led] for led in (True, False))
        return lead, rest

    def plainly(self, lead: Sequence[str], rest: Sequence[str], words: Sequence[str]) -> list[str]:
        """The words with the plainest lead in place of theirs, before or behind the rest."""
        return [*rest, *self.plain] if words[-1] == lead[-1] else [*self.plain, *rest]


def manner_of(base: KnowledgeBase, matcher: Matcher, packs: Packs = languages.SHIPPED) -> Manner:
    language = matcher.language
    pack, code = languages.pack(language.code, packs), language.code
    named = {" ".join(language.words(word)): number for word, number in pack.numbers.items()}
    leads, above = (Frames(language.words, {name: getattr(pack, name)}) for name in ("leads", "above"))
    texts = {entry.id: entry.text(code) for entry in base.entries.values()}

    def unit(word: str) -> Unit:
        if language.stem(word) in matcher.index.empty:
            return Unit()
        plain = language.uninflected(word)
        return Unit(plain, telling=not (matcher.is_bare([word]) or matcher.is_bare([plain])))

    return Manner(
        period=_period(base, language, pack.now),
        excluder=Excluder(language.words, pack.exclusion),
        contrast=Contrast(language, pack.here, base.own.get(code, ())),
        limits=Frames(language.words, {LIMITS: pack.limits, ABOVE: pack.above}),
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
    found: EntryText, language: Language, named: Mapping[str, int], unit: Callable[[str], Unit]
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

    def roots(one: str) -> list[str]:
        return [language.root(word) for word in leads.without(language.words(one))]

    return Subjects(roots, entries, topics)
