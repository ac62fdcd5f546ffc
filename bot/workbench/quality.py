"""What of a base is weak before anybody asks: thin entries, phrases that lead two ways, entries that no case asks for. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

from bot.kb.model import KnowledgeBase
from bot.match.decide.matcher import Matcher
from bot.match.learn.labels import Kind, Label
from bot.workbench.cases import Case
from bot.workbench.evaluate import CaseResult

THIN = 10  # phrases, below which an entry is thin in any base
_PART = 0.5  # of the median of its language's entries, below which it is thin beside them
_LEAST_WORDS = 2  # of a phrase, without those that say nothing, for it to be like another


@dataclass(frozen=True, slots=True)
class Thin:
    """An entry with few phrases in a language, and how many its entries have there as a rule (median)."""

    entry: str
    lang: str
    phrases: int
    usual: float


@dataclass(frozen=True, slots=True)
class AlikePhrases:
    """Two phrases that only order, endings and words that say nothing tell apart, and what each leads to."""

    lang: str
    one: str
    owner: str
    two: str
    other: str


@dataclass(frozen=True, slots=True)
class Confused:
    """These phrases of `entry` would lead to `other`, if they were not there."""

    lang: str
    entry: str
    other: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """`unasked` are entries that no case asks for, by language; a language without any case is left out."""

    thin: tuple[Thin, ...]
    alike: tuple[AlikePhrases, ...]
    confused: tuple[Confused, ...]
    unasked: Mapping[str, tuple[str, ...]]


def quality(base: KnowledgeBase, matchers: Mapping[str, Matcher], cases: Sequence[Case]) -> Quality:
    return Quality(
        tuple(sorted(_thin(base), key=lambda one: (one.phrases / one.usual if one.usual else 0, one.entry))),
        tuple(found for lang, matcher in matchers.items() for found in alike(lang, matcher)),
        tuple(
            Confused(lang, one.entry, one.other, one.phrases)
            for lang, matcher in matchers.items()
            for one in matcher.index.confused
        ),
        _unasked(base, cases),
    )


def _thin(base: KnowledgeBase) -> Iterator[Thin]:
    for lang in base.languages:
        sizes = {entry.id: len(entry.texts[lang].phrases) for entry in base.entries.values() if lang in entry.texts}
        usual = median(sizes.values()) if sizes else 0
        yield from (Thin(name, lang, size, usual) for name, size in sizes.items() if size < max(THIN, _PART * usual))


def _unasked(base: KnowledgeBase, cases: Sequence[Case]) -> Mapping[str, tuple[str, ...]]:
    found = {}
    for lang in base.languages:
        asked = [case.expect for case in cases if case.lang == lang]
        wanted = {entry for expect in asked for entry in expect}
        if asked and (unasked := tuple(entry for entry in base.entries if entry not in wanted)):
            found[lang] = unasked
    return found


def alike(lang: str, matcher: Matcher) -> Iterator[AlikePhrases]:
    """Of two entries, or of an entry and a refusal group or small talk; of each such two one pair for the same words."""
    labels, texts, spoken = matcher.index.label_set.labels, matcher.index.texts(), matcher.index.spoken()
    first: dict[frozenset[str], dict[tuple[Kind, str], tuple[Label, str]]] = {}
    for position, label in enumerate(labels):
        for row in range(int(matcher.index.first[position]), int(matcher.index.first[position + 1])):
            key = frozenset(matcher.language.stem(word) for word in spoken[row].split(" ")) - matcher.index.empty
            if len(key) >= _LEAST_WORDS:
                first.setdefault(key, {}).setdefault((label.kind, label.owner), (label, texts[row]))
    for owners in first.values():
        for (one, said), (two, other) in combinations(owners.values(), 2):
            if Kind.ENTRY in (one.kind, two.kind):
                yield AlikePhrases(lang, said, str(one), other, str(two))


@dataclass(frozen=True, slots=True)
class Pair:
    """Questions that want `expected` (None: no answer) and got `answered`."""

    expected: str | None
    answered: str
    results: tuple[CaseResult, ...]


def confused_pairs(results: Sequence[CaseResult]) -> list[Pair]:
    """Of wrong and false answers, those with the most questions first."""
    found: dict[tuple[str | None, str], list[CaseResult]] = {}
    for result in results:
        if result.outcome in ("wrong", "false"):
            wanted = result.case.expect
            for answered in (entry for entry in result.answered if entry not in wanted):
                found.setdefault((wanted[0] if wanted else None, answered), []).append(result)
    pairs = [Pair(wanted, answered, tuple(members)) for (wanted, answered), members in found.items()]
    return sorted(pairs, key=lambda pair: (-len(pair.results), pair.expected or "", pair.answered))
