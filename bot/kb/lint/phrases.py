"""Rules for the ways to ask: one phrase leads to one place. Exact clashes, and pairs that are nearly the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from bot.kb.files import SMALL_TALK, Files, LanguageFiles
from bot.kb.ids import is_id
from bot.kb.lint.memory import Remembered, near_of
from bot.kb.model import Problem
from bot.kb.source_file import File
from bot.languages.text import Rules
from bot.languages.traits import Traits

MAX_PHRASE = 300
Way: TypeAlias = tuple[str, str, File[Any], tuple[str | int, ...], bool]
"""Text, what it leads to, where it stands, and whether that is in a pack."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """`heard` is what the matcher compares, `slip` what it passes over; `owner` is what the phrase leads to (`entry`, `entry/gap`, a group, small talk),
    `home` the same without the gap."""

    text: str
    heard: str
    slip: str
    owner: str
    home: str
    file: File[Any]
    path: tuple[str | int, ...]
    shipped: bool

    @property
    def place(self) -> str:
        return self.file.place(*self.path)

    @property
    def of_entry(self) -> bool:
        """Whether it leads to an entry, or to a gap of one."""
        return is_id(self.home) is not None

    def problem(self, rule: str, text: str) -> Problem:
        return self.file.problem(rule, text, *self.path)


def phrases(files: Files, language: LanguageFiles, memory: Remembered, only: str = "") -> Iterator[Problem]:
    """With `only`, a file, what is wrong between others is not looked for, and what is wrong with another stands there."""
    ways = list(_collect(files, language))
    traits = language.traits.content if language.traits else None
    if only or memory.proven is None:
        yield from _judged(ways, traits, memory, language.code, only)
        return
    name = _name(ways, traits)
    if memory.proven.has(language.code, name):
        return
    found = list(_judged(ways, traits, memory, language.code, ""))
    if not found:
        memory.proven.add(language.code, name)
    yield from found


def _name(ways: Sequence[Way], traits: Traits | None) -> str:
    """Tells all that ways to ask are judged by; where they stand, only what finds something names."""
    told = [repr(traits)]
    told += [
        "\0".join((text, owner, str(path[-1] == "question"), str(shipped))) for text, owner, _, path, shipped in ways
    ]
    return hashlib.sha256("\0\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()


def _judged(ways: Sequence[Way], traits: Traits | None, memory: Remembered, code: str, only: str) -> Iterator[Problem]:
    rules = Rules.of(traits)
    found = [
        Phrase(text, *heard, owner, owner.partition("/")[0], file, path, shipped)
        for (text, owner, file, path, shipped), heard in zip(
            ways, memory.heard([way[0] for way in ways], rules, traits), strict=True
        )
    ]
    found.sort(key=lambda phrase: phrase.file.name == only)
    for phrase in found:
        if not phrase.heard:
            yield phrase.problem("empty-text", f'"{phrase.text}" of {phrase.owner} has no word; take it out')
        elif len(phrase.heard) > MAX_PHRASE:
            text = f"{len(phrase.heard)} characters; {MAX_PHRASE} at most, nobody asks like this"
            yield phrase.problem("phrase-too-long", f"a phrase of {phrase.owner} has {text}")
        elif phrase.slip and phrase.path[-1] != "question":
            text = f'"{phrase.text[:60]}" of {phrase.owner}: {phrase.slip}'
            if not phrase.shipped:
                yield replace(phrase.problem("phrase-slip", text), warning=True)
    first: dict[tuple[str, bool], Phrase] = {}
    for phrase in found:
        known = first.setdefault((phrase.heard, phrase.shipped), phrase) if phrase.heard else phrase
        if known is not phrase:
            yield from _clash(known, phrase)
    judged = {heard: phrase for (heard, shipped), phrase in first.items() if not shipped}
    for (heard, shipped), phrase in first.items():
        if shipped and not (heard in judged and _gives_way(phrase, judged[heard])):
            if heard in judged:
                yield from _clash(phrase, judged[heard])
            judged[heard] = phrase
    short = [phrase for phrase in judged.values() if len(phrase.heard) <= MAX_PHRASE]
    yield from _near_duplicates(short, _pairs(short, memory, code, only))


def _pairs(found: list[Phrase], memory: Remembered, code: str, only: str) -> list[tuple[int, int]]:
    """Places of phrases that are nearly the same."""
    texts = [phrase.heard for phrase in found]
    if not only:
        return memory.likeness(code).pairs(texts)
    own = [place for place, phrase in enumerate(found) if phrase.file.name == only]
    near = near_of([texts[place] for place in own], texts)
    return sorted({(min(own[one], two), max(own[one], two)) for one, two in near if own[one] != two})


def _gives_way(first: Phrase, second: Phrase) -> bool:
    """Whether one is a pack's and the other leads to an entry of the base: then the learner leaves the pack's out."""
    return first.shipped != second.shipped and (first.of_entry or second.of_entry)


def _clash(first: Phrase, phrase: Phrase) -> Iterator[Problem]:
    """A phrase may be the question of its own entry; punctuation and case may vary within one list."""
    if first.owner != phrase.owner:
        text = f'"{phrase.text}" also leads to {first.owner} ({first.place}); keep one'
        yield phrase.problem("phrase-clash", text)
    elif first.path[-1] != "question" and first.text.casefold() == phrase.text.casefold():
        yield phrase.problem("repeated-phrase", f'"{phrase.text}" stands at {first.place} already; keep one')


def _collect(files: Files, language: LanguageFiles) -> Iterator[Way]:
    topics: dict[str, Any] = files.topics if language.code == files.primary else dict(language.topics)
    for file in topics.values():
        for entry, item in file.content.entries.items():
            at = ("entries", entry, "question")
            yield item.question, entry, file, at, file.shipped(*at)
            for gap, one in item.gaps.items():
                yield from _list(one.ask, f"{entry}/{gap}", file, "entries", entry, "gaps", gap, "ask")
    for name, lists in language.phrases.items():
        for key, texts in lists.content.items():
            yield from _list(texts, f"small talk {key}" if name == SMALL_TALK else key, lists, key)
    if language.refusals:
        for refusal, group in language.refusals.content.items():
            yield from _list(group.phrases, f"refusal {refusal}", language.refusals, refusal, "phrases")
            yield from _list(group.more, f"refusal {refusal}", language.refusals, refusal, "more")


def _list(texts: Sequence[str], owner: str, file: File[Any], *path: str) -> Iterator[Way]:
    shipped = file.shipped_items(len(texts), *path)
    return ((text, owner, file, (*path, place), shipped[place]) for place, text in enumerate(texts))


def _near_duplicates(found: list[Phrase], pairs: list[tuple[int, int]]) -> Iterator[Problem]:
    """Pairs of different homes. Numbers must be the same: the 48th session is not the 144th."""
    for first, second in ((found[one], found[two]) for one, two in pairs):
        if first.home == second.home or _gives_way(first, second):
            continue
        if re.findall(r"\d+", first.heard) == re.findall(r"\d+", second.heard):
            text = f'"{second.text}" is nearly "{first.text}", which leads to {first.owner} ({first.place}); reword one'
            yield second.problem("near-duplicate", text)
