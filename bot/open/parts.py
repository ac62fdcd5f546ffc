"""Where in the cache the parts of a base stand that were learnt: each goes by what its learner reads, and by nothing else.

What the names of the parts are is noted for each base: to work it out anew takes a third of what a warm `ask` takes.

So an edit costs the fit of what it changes: an answer none, a phrase that of the language it stands in, and perhaps that of
another language's guard, which learns from a sample of every language what is no cry for help."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot import languages
from bot.kb.model import FollowUps, KnowledgeBase
from bot.languages.packs import Packs
from bot.languages.traits import Traits
from bot.match.learn.guarding import Calm, LearnDanger, calm_of
from bot.match.learn.lesson import Lesson
from bot.match.learn.meanings import path_of
from bot.match.learn.training import lesson_of, lists_of
from bot.open.cache import note, noted, place_of
from bot.open.code import version_of

_DATA = ("bot.kb", "bot.atomic")  # what these make is part of the name itself, or tells nothing of an answer
_INDEX = ("bot.match.learn.fit", "bot.match.learn.archive")
_GUARD = ("bot.match.learn.guarding", "bot.match.learn.detector_file")
_ASKED = ("bot.match.learn.asked_after", "bot.match.learn.archive")
_ALL = ("bot.open.parts", "bot.kb.load")  # what works the names out
_TRAITS = TypeAdapter(Traits)
_LISTS = TypeAdapter(dict[str, FollowUps])


class Parts:
    """The places of the parts of one base. With `noted`, the base is that of a folder as it stands there, and what its digest
    was found to stand for is noted in the cache."""

    def __init__(
        self,
        base: KnowledgeBase,
        cache: Path,
        packs: Packs = languages.SHIPPED,
        *,
        noted: bool = False,
        encoded: bool = False,
    ) -> None:
        self.base, self._cache, self._packs, self._noted, self._encoded = base, cache, packs, noted, encoded

    @cached_property
    def lessons(self) -> dict[str, Lesson]:
        """Language -> what its learner reads."""
        return {lang: lesson_of(self.base, lang, self._packs, encoded=self._encoded) for lang in self.base.languages}

    @property
    def indexes(self) -> dict[str, Path]:
        """Language -> place."""
        return self._places["index"]

    @property
    def guards(self) -> dict[str, Path]:
        """The same for the languages for which the base has numbers to call, and the packs sentences."""
        return self._places["danger"]

    @property
    def asked(self) -> dict[str, Path]:
        """The same for the languages in which the base tells what is asked after answers."""
        return self._places["asked"]

    @cached_property
    def _places(self) -> dict[str, dict[str, Path]]:
        """Of each kind of part, by language: as noted when this very base was opened before, else worked out."""
        if not self._noted:
            return self._found()
        head = version_of(_ALL), self.base.digest, str(self._encoded)
        place = place_of(self._cache, "names", *head, *self._read_apart())
        names = noted(place)
        if names is None:
            found = self._found()
            note(place, {kind: {lang: one.name for lang, one in places.items()} for kind, places in found.items()})
            return found
        return {
            kind: {lang: self._cache / f"{kind}-{lang}" / name for lang, name in of_kind.items()}
            for kind, of_kind in names.items()
        }

    def _found(self) -> dict[str, dict[str, Path]]:
        return {"index": self._indexes, "danger": self._guards, "asked": self._asked}

    def _read_apart(self) -> Iterator[bytes]:
        """What learners read of the packs and of tables, whether or not the base's digest tells of it."""
        for lang in self.base.languages:
            table, folder = path_of(lang), self._packs.folder(lang)
            files = [*sorted(folder.rglob("*.yaml") if folder else ()), *([table] if table.exists() else ())]
            yield from (hashlib.sha256(file.read_bytes()).digest() for file in files)

    @cached_property
    def _indexes(self) -> dict[str, Path]:
        code = version_of(_INDEX, _DATA)
        return {lang: place_of(self._cache, f"index-{lang}", code, told) for lang, told in self._told.items()}

    @cached_property
    def _guards(self) -> dict[str, Path]:
        base, code = self.base, version_of(_GUARD, _DATA)
        return {
            lang: place_of(
                self._cache,
                f"danger-{lang}",
                code,
                _TRAITS.dump_json(base.traits[lang]),
                self._packs_of_danger[lang].read_bytes(),
                _digest([self.calm[lang].own, self.calm[lang].foreign]),
            )
            for lang in self._packs_of_danger
        }

    @property
    def _asked(self) -> dict[str, Path]:
        """A vector has the columns of an index."""
        code = version_of(_ASKED, _DATA)
        lists = {lang: lists_of(self.base, lang) for lang in self.base.languages}
        return {
            lang: place_of(self._cache, f"asked-{lang}", code, self._indexes[lang].name, _LISTS.dump_json(found))
            for lang, found in lists.items()
            if any(one != FollowUps() for one in found.values())
        }

    @cached_property
    def calm(self) -> dict[str, Calm]:
        """Language -> what its guard reads of the base."""
        return calm_of(self.base)

    def of_guard(self, lang: str) -> LearnDanger:
        """The work that makes a guard."""
        return LearnDanger(self.base.traits[lang], self._packs, self.calm[lang])

    @cached_property
    def _packs_of_danger(self) -> dict[str, Path]:
        base = self.base
        files = {lang: languages.danger_file(lang, self._packs) for lang in base.languages if base.voice(lang).danger}
        return {lang: file for lang, file in files.items() if file}

    def complete(self) -> bool:
        """Whether the cache has all of them."""
        every = (self.indexes, self.guards, self.asked)
        return all(place.exists() for places in every for place in places.values())

    @cached_property
    def _told(self) -> dict[str, str]:
        return {lang: _told(lesson) for lang, lesson in self.lessons.items()}


def _told(lesson: Lesson) -> str:
    """A digest of what a learner is told."""
    table = path_of(lesson.traits.code)
    meanings = hashlib.sha256(table.read_bytes()).hexdigest() if table.exists() else ""
    texts = [[[str(label), label.kind.value, text] for label, text in pairs] for pairs in (lesson.asked, lesson.told)]
    ways = lesson.ways.wants, lesson.ways.questions, lesson.ways.first
    traits = _TRAITS.dump_json(lesson.traits).decode()
    return _digest([traits, lesson.synonyms, lesson.names, texts, ways, meanings, lesson.encoded])


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
