"""Rules for the ways to ask: one phrase leads to one place. Exact clashes, and pairs that are nearly the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from bot.kb.files import SMALL_TALK, Files, Language
from bot.kb.model import Problem
from bot.kb.source_file import File

NEAR = 92  # per cent of rapidfuzz's `fuzz.ratio`
MAX_PHRASE = 300
_BLOCK = 256
_SHORTER = NEAR / (200 - NEAR)  # a phrase shorter than this part of another cannot reach NEAR
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """`owner` is what the phrase leads to (`entry`, `entry/gap`, a group, small talk), `home` the same without the gap."""

    text: str
    plain: str
    owner: str
    home: str
    file: File[Any]
    path: tuple[str | int, ...]

    @property
    def place(self) -> str:
        return self.file.place(*self.path)

    def problem(self, rule: str, text: str) -> Problem:
        return self.file.problem(rule, text, *self.path)


def plain(text: str, alike: Mapping[int, str] = {}) -> str:
    """Case-folded, letters that count as others as these, punctuation as single spaces."""
    return _NOT_WORD.sub(" ", text.casefold().translate(alike)).strip()


def phrases(files: Files, language: Language) -> Iterator[Problem]:
    alike = str.maketrans(dict(language.traits.content.alike)) if language.traits else {}
    found = [replace(phrase, plain=plain(phrase.text, alike)) for phrase in _collect(files, language)]
    for phrase in found:
        if not phrase.plain:
            yield phrase.problem("empty-text", f'"{phrase.text}" of {phrase.owner} has no word; take it out')
        elif len(phrase.plain) > MAX_PHRASE:
            text = f"{len(phrase.plain)} characters; {MAX_PHRASE} at most, nobody asks like this"
            yield phrase.problem("phrase-too-long", f"a phrase of {phrase.owner} has {text}")
    first: dict[str, Phrase] = {}
    for phrase in (phrase for phrase in found if phrase.plain):
        yield from _clash(first.setdefault(phrase.plain, phrase), phrase)
    yield from _near_duplicates([phrase for phrase in first.values() if len(phrase.plain) <= MAX_PHRASE])


def _clash(first: Phrase, phrase: Phrase) -> Iterator[Problem]:
    """A phrase may be the question of its own entry; punctuation and case may vary within one list."""
    if first.owner != phrase.owner:
        text = f'"{phrase.text}" also leads to {first.owner} ({first.place}); keep one'
        yield phrase.problem("phrase-clash", text)
    elif first is not phrase and first.path[-1] != "question" and first.text.casefold() == phrase.text.casefold():
        yield phrase.problem("repeated-phrase", f'"{phrase.text}" stands at {first.place} already; keep one')


def _collect(files: Files, language: Language) -> Iterator[Phrase]:
    topics: dict[str, Any] = files.topics if language.code == files.primary else dict(language.topics)
    for file in topics.values():
        for entry, item in file.content.entries.items():
            yield _phrase(item.question, entry, file, "entries", entry, "question")
            for gap, one in item.gaps.items():
                yield from _list(one.ask, f"{entry}/{gap}", file, "entries", entry, "gaps", gap, "ask")
    for name, lists in language.phrases.items():
        for key, texts in lists.content.items():
            yield from _list(texts, f"small talk {key}" if name == SMALL_TALK else key, lists, key)
    if language.refusals:
        for refusal, group in language.refusals.content.items():
            yield from _list(group.phrases, f"refusal {refusal}", language.refusals, refusal, "phrases")
            yield from _list(group.more, f"refusal {refusal}", language.refusals, refusal, "more")


def _list(texts: Sequence[str], owner: str, file: File[Any], *path: str) -> Iterator[Phrase]:
    return (_phrase(text, owner, file, *path, place) for place, text in enumerate(texts))


def _phrase(text: str, owner: str, file: File[Any], *path: str | int) -> Phrase:
    return Phrase(text, text, owner, owner.partition("/")[0], file, path)


def _near_duplicates(found: list[Phrase]) -> Iterator[Problem]:
    """Pairs of different homes. Numbers must be the same: the 48th session is not the 144th."""
    for one, two in near_pairs([phrase.plain for phrase in found]):
        first, second = found[one], found[two]
        if first.home != second.home and re.findall(r"\d+", first.plain) == re.findall(r"\d+", second.plain):
            text = f'"{second.text}" is nearly "{first.text}", which leads to {first.owner} ({first.place}); reword one'
            yield second.problem("near-duplicate", text)


def near_pairs(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Places of texts that are alike by NEAR per cent, each pair once.

    Sorted by length, a text is compared only with those long enough to be near it; and with each letter as one byte,
    which rapidfuzz compares several times as fast as other text.
    """
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    ready = _one_byte([texts[place] for place in order])
    lengths = np.array([len(text) for text in ready])
    pairs = []
    for start in range(0, len(ready), _BLOCK):
        block = ready[start : start + _BLOCK]
        end = int(np.searchsorted(lengths, len(block[-1]) / _SHORTER, "right"))
        scores = process.cdist(
            block, ready[start:end], scorer=fuzz.ratio, score_cutoff=NEAR, dtype=np.uint8, workers=-1
        )
        for row, column in np.argwhere(scores):
            if row < column:
                pairs.append(sorted((order[start + int(row)], order[start + int(column)])))
    return [(one, two) for one, two in sorted(pairs)]


def _one_byte(texts: list[str]) -> list[str]:
    """The same texts in an alphabet of single bytes, where there are few enough letters."""
    letters = sorted(set().union(*texts))
    if len(letters) > 256:
        return texts
    table = str.maketrans({letter: chr(place) for place, letter in enumerate(letters)})
    return [text.translate(table) for text in texts]
