"""Questions that did not end in an answer, put together: the same question in other words, or another language, is one
group. Pure: questions in, groups out."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

from rapidfuzz import fuzz, process

from bot.store.base import MissKind, UnansweredQuestion
from bot.workbench.asked_again import NEAREST, Asked, Near
from bot.workbench.likeness import ALIKE, alike_abroad, tell_the_same

_POINTS = frozenset({"who", "when", "where", "number", "why"})  # forms of questions
_DIGITS = re.compile(r"\d+")
_MANY = 4  # words from which on one more does not make another question, for what was set aside

Ask = Callable[[str, str], Asked]
"""Language and text -> what the present base makes of it."""


class Section(StrEnum):
    VAIN = "vain"  # no answer
    WRONG = "wrong"  # an answer that was not meant, or no help
    REPORTED = "reported"  # an answer in which somebody found an error
    REFUSED = "refused"  # a refusal group said that the source does not answer it


SECTIONS = {
    MissKind.DECLINED: Section.VAIN,
    MissKind.OFFERED: Section.VAIN,
    MissKind.NONE: Section.VAIN,
    MissKind.NOT_MEANT: Section.WRONG,
    MissKind.DOWN: Section.WRONG,
    MissKind.REPORTED: Section.REPORTED,
    MissKind.REFUSED: Section.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Wording:
    lang: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """`text` is the question as it was asked most often, `wordings` each way to ask it once, the most frequent first.
    `near` are the entries that come closest in the present base; `about` is the entry that was answered; `marks` are kept
    where the group is set aside."""

    ids: tuple[int, ...]
    section: Section
    lang: str
    text: str
    kinds: tuple[tuple[MissKind, int], ...]
    first: date
    last: date
    wordings: tuple[Wording, ...]
    near: tuple[Near, ...] = ()
    groups: tuple[str, ...] = ()
    about: str | None = None
    notes: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """By which people call it: that of its oldest question, so it stays while others join."""
        return min(self.ids)

    @property
    def count(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Look:
    """`groups` in order of their sections, within one the most frequent first; `settled` are questions that the base
    answers now, or that were set aside: to be forgotten."""

    groups: tuple[Group, ...]
    settled: tuple[int, ...]

    def of(self, *sections: Section) -> tuple[Group, ...]:
        return tuple(one for one in self.groups if one.section in sections)

    def find(self, number: int) -> Group | None:
        """The group in which a question stands."""
        return next((one for one in self.groups if number in one.ids), None)


@dataclass(frozen=True, slots=True)
class _Miss:
    """A question, and what the present base makes of it: `kind` is how it is no answer now."""

    question: UnansweredQuestion
    asked: Asked
    kind: MissKind

    @property
    def section(self) -> Section:
        return SECTIONS[self.kind]

    @property
    def numbers(self) -> str:
        return " ".join(sorted(_DIGITS.findall(self.question.text)))

    @property
    def points_at(self) -> str | None:
        """What is asked for, where that alone makes another question."""
        return self.asked.form if self.asked.form in _POINTS else None

    @property
    def about(self) -> str | None:
        return self.question.nearest if self.section in (Section.WRONG, Section.REPORTED) else None


def look(questions: Iterable[UnansweredQuestion], ask: Ask, dismissed: frozenset[str] = frozenset()) -> Look:
    """All that is still without an answer."""
    misses, settled = [], []
    for question in questions:
        asked = ask(question.lang, question.text)
        kind = _kind_now(question, asked)
        miss = _Miss(question, asked, kind) if kind else None
        if miss is None or _is_dismissed(miss, dismissed):
            settled.append(question.id)
        else:
            misses.append(miss)
    groups = [_group(members) for members in _abroad(list(_clusters(misses)))]
    order = list(Section)
    groups.sort(key=lambda one: (order.index(one.section), -one.count, -one.last.toordinal(), one.number))
    return Look(tuple(groups), tuple(settled))


def _kind_now(question: UnansweredQuestion, asked: Asked) -> MissKind | None:
    """None where nothing is left to be done: it is answered, and not by what was complained of."""
    if question.kind is MissKind.REPORTED:
        return question.kind
    if asked.kind is MissKind.REFUSED:
        return asked.kind
    if question.kind in (MissKind.NOT_MEANT, MissKind.DOWN):
        if asked.kind is None:
            return question.kind if question.nearest in asked.entries else None
        return asked.kind
    if question.kind is MissKind.NONE and asked.kind is not None:
        return question.kind
    return asked.kind


def _clusters(misses: Sequence[_Miss]) -> Iterator[list[_Miss]]:
    """Each question joins the group of the first that it is like; those that repeat word for word are compared once."""
    apart: dict[tuple[object, ...], dict[str, list[_Miss]]] = {}
    for miss in misses:
        alone = miss.question.id if miss.section is Section.REPORTED else 0
        key = miss.section, miss.question.lang, miss.numbers, miss.about, miss.points_at, alone
        words = " ".join(sorted(miss.asked.words)) or miss.question.text
        apart.setdefault(key, {}).setdefault(words, []).append(miss)
    for keys in apart.values():
        yield from _alike(keys)


def _alike(keys: dict[str, list[_Miss]]) -> list[list[_Miss]]:
    """By their letters, which forgives slips, or by the words that tell most, which forgives small words."""
    clusters: dict[str, list[_Miss]] = {}
    by_word: dict[str, list[str]] = {}
    for key, misses in sorted(keys.items(), key=lambda item: -len(item[1])):
        asked = misses[0].asked
        best = process.extractOne(key, clusters.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
        heaviest = max(asked.words, key=lambda word: asked.words[word], default="")
        near = (other for other in by_word.get(heaviest, ()) if tell_the_same(asked, clusters[other][0].asked))
        home = best[0] if best else next(near, key)
        if home not in clusters:
            for word in asked.words:
                by_word.setdefault(word, []).append(home)
        clusters.setdefault(home, []).extend(misses)
    return list(clusters.values())


def _abroad(clusters: list[list[_Miss]]) -> list[list[_Miss]]:
    """Clusters of two languages that are each other's best, joined."""
    joined: dict[int, int] = {}
    for pairs in _apart(clusters).values():
        for one, other in combinations(pairs.values(), 2):
            said = [[clusters[place][0].asked.evidence for place in places] for places in (one, other)]
            for a, b in alike_abroad(*said):
                first, second = sorted((one[a], other[b]))
                joined[second] = first
    found: dict[int, list[_Miss]] = {}
    for place, members in enumerate(clusters):
        root = place
        while root in joined:
            root = joined[root]
        found.setdefault(root, []).extend(members)
    return list(found.values())


def _apart(clusters: list[list[_Miss]]) -> dict[tuple[object, ...], dict[str, list[int]]]:
    """What can be compared at all -> language -> the places of its clusters."""
    found: dict[tuple[object, ...], dict[str, list[int]]] = {}
    for place, members in enumerate(clusters):
        one = members[0]
        if one.asked.evidence and one.section is not Section.REPORTED:
            key = one.section, one.numbers, one.about
            found.setdefault(key, {}).setdefault(one.question.lang, []).append(place)
    return found


def _group(members: list[_Miss]) -> Group:
    texts = Counter((one.question.lang, one.question.text) for one in members)
    ranked = sorted(texts, key=lambda key: -texts[key])
    days = [one.question.asked.date() for one in members]
    kinds = Counter(one.kind for one in members)
    notes = dict.fromkeys(one.question.note for one in members if one.question.note)
    first = members[0]
    return Group(
        ids=tuple(sorted(one.question.id for one in members)),
        section=first.section,
        lang=ranked[0][0],
        text=ranked[0][1],
        kinds=tuple(sorted(kinds.items(), key=lambda item: -item[1])),
        first=min(days),
        last=max(days),
        wordings=_wordings(members, ranked),
        near=_nearest(members, first.about),
        groups=tuple(dict.fromkeys(name for one in members for name in one.asked.groups))[:NEAREST],
        about=first.about,
        notes=tuple(notes),
        marks=tuple(sorted({mark for one in members for mark in _marks(one)})),
    )


def _wordings(members: list[_Miss], ranked: list[tuple[str, str]]) -> tuple[Wording, ...]:
    """Once what differs by slips, order and endings only."""
    words = {(one.question.lang, one.question.text): tuple(sorted(one.asked.words)) for one in members}
    once: dict[tuple[object, ...], Wording] = {}
    for lang, text in ranked:
        if text:
            once.setdefault((lang, words[lang, text] or text), Wording(lang, text))
    return tuple(once.values())


def _nearest(members: list[_Miss], about: str | None) -> tuple[Near, ...]:
    best: dict[str, float] = {}
    for near in (near for one in members for near in one.asked.near):
        best[near.entry] = max(near.score, best.get(near.entry, 0.0))
    found = sorted((-score, entry) for entry, score in best.items() if entry != about)
    return tuple(Near(entry, -score) for score, entry in found[:NEAREST])


def _marks(miss: _Miss) -> set[str]:
    """The whole, and behind a sign of its own each part that lacks one word."""
    whole, parts = _keys(miss)
    return {whole, *(f"-{part}" for part in parts)} if miss.section is not Section.REPORTED else set()


def _is_dismissed(miss: _Miss, marks: frozenset[str]) -> bool:
    """Whether it, or it but for one word, was set aside."""
    if not marks or miss.section is Section.REPORTED:
        return False
    whole, parts = _keys(miss)
    return whole in marks or f"-{whole}" in marks or not marks.isdisjoint(parts)


def _keys(miss: _Miss) -> tuple[str, list[str]]:
    words = sorted(miss.asked.words) or [miss.question.text]
    whole = _key(miss, words)
    if len(words) < _MANY:
        return whole, []
    return whole, [_key(miss, words[:place] + words[place + 1 :]) for place in range(len(words))]


def _key(miss: _Miss, words: list[str]) -> str:
    """A question that was set aside as such may be asked of a wrong answer another day."""
    kind = miss.about if miss.section is Section.WRONG else ""
    return hashlib.sha256("\0".join([miss.question.lang, kind or "", *words]).encode()).hexdigest()[:32]
