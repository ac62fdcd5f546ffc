"""A base ready to answer: read, fitted or taken from the cache."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot import languages
from bot.kb.listing import digest_of
from bot.kb.model import KnowledgeBase
from bot.languages.packs import Packs
from bot.languages.traits import Traits
from bot.match.decide.matcher import Matcher
from bot.match.learn import archive, asked_after, detector_file
from bot.match.learn.crew import Crew, Step
from bot.match.learn.danger import Detector
from bot.match.learn.encoder import demand_encoder
from bot.match.learn.features import Rows
from bot.match.learn.fit import begin, cost_of, size_of
from bot.match.learn.following import Follower
from bot.match.learn.guard import Guard
from bot.match.learn.guarding import LearnDanger
from bot.match.learn.index import Index
from bot.match.learn.lesson import Lesson
from bot.match.learn.rule import DEFAULT_CAUTION
from bot.match.learn.training import followers_of, lists_of
from bot.open.cache import keep, kept_base, load_cached, sound, used
from bot.open.parts import Parts
from bot.service import Service

T = TypeVar("T")
Places = Mapping[str, Path]


def open_base(folder: Path, cache: Path, step: Step = lambda share: None) -> tuple[KnowledgeBase, dict[str, Matcher]]:
    """The base of a folder and its matchers. KnowledgeError where the base is broken; an unwritable cache is no error."""
    base = load_cached(folder, cache)
    return base, matchers_of(base, cache, step, Packs.of_base(folder))


def open_service(
    folder: Path,
    cache: Path,
    caution: float = DEFAULT_CAUTION,
    step: Step = lambda share: None,
    *,
    encoded: bool = False,
) -> Service:
    """The whole of what answers from a folder, with a sentence encoder or without. KnowledgeError where the base is broken,
    SettingsError where there is no encoder."""
    if encoded:
        demand_encoder()
    base, packs = load_cached(folder, cache), Packs.of_base(folder)
    parts = Parts(base, cache, packs, noted=True, encoded=encoded)
    indexes, detectors = _learned(parts, step, parts.indexes, parts.guards)
    matchers = {lang: Matcher(index) for lang, index in indexes.items()}
    return Service(base, matchers, caution, Guard(detectors), packs, _followers(parts, indexes))


def is_learned(folder: Path, cache: Path, *, encoded: bool = False) -> bool:
    """Whether the cache has all of the base, as it is now; of no base at all there is nothing to learn."""
    if digest_of(folder) is None:
        return True
    base = kept_base(folder, cache)
    return base is not None and Parts(base, cache, Packs.of_base(folder), noted=True, encoded=encoded).complete()


def guard_of(base: KnowledgeBase, cache: Path, packs: Packs = languages.SHIPPED) -> Guard:
    """Sees danger in the languages for which the base has numbers to call, and the packs sentences."""
    parts = Parts(base, cache, packs)
    return Guard(_learned(parts, lambda share: None, {}, parts.guards)[1])


def matchers_of(
    base: KnowledgeBase, cache: Path, step: Step = lambda share: None, packs: Packs = languages.SHIPPED
) -> dict[str, Matcher]:
    parts = Parts(base, cache, packs)
    return {lang: Matcher(index) for lang, index in _learned(parts, step, parts.indexes, {})[0].items()}


def _learned(parts: Parts, step: Step, indexes: Places, guards: Places) -> tuple[dict[str, Index], dict[str, Detector]]:
    """What stands at these places, by language. What the cache lacks is learnt, on all cores at once, and kept."""
    found = {lang: _kept(archive.load, place, parts.base.traits[lang]) for lang, place in indexes.items()}
    heard = {lang: _kept(detector_file.load, place, parts.base.traits[lang]) for lang, place in guards.items()}
    lessons = {lang: parts.lessons[lang] for lang, index in found.items() if index is None}
    tasks = {lang: parts.of_guard(lang) for lang, detector in heard.items() if detector is None}
    fitted, detectors = _learn(lessons, tasks, step) if lessons or tasks else ({}, {})
    for lang, index in fitted.items():
        keep(indexes[lang], partial(archive.save, index))
    for lang, detector in detectors.items():
        keep(guards[lang], partial(detector_file.save, detector))
    return _whole(found, fitted), _whole(heard, detectors)


def _learn(
    lessons: Mapping[str, Lesson], tasks: Mapping[str, LearnDanger], step: Step
) -> tuple[dict[str, Index], dict[str, Detector]]:
    sizes = [*map(size_of, lessons.values()), *(task.size for task in tasks.values())]
    cost = sum([*map(cost_of, lessons.values()), *(task.cost for task in tasks.values())])
    with Crew(sum(sizes), step, cost) as crew:
        end = begin(crew, lessons)
        waiting = {lang: crew.start(task, task.cost) for lang, task in tasks.items()}
        fitted, detectors = end(), {lang: wait() for lang, wait in waiting.items()}
    step(1.0)
    return fitted, _whole(detectors, {})


def _followers(parts: Parts, indexes: Mapping[str, Index]) -> dict[str, Follower]:
    """What ranks the questions after an answer. The vectors of what people were found to ask are kept for the next start."""
    vectors: dict[str, Rows] = {}
    for lang, place in parts.asked.items():
        found = archive.load_rows(place) if sound(place) else None
        if found is None:
            found = asked_after.vectors(indexes[lang], lists_of(parts.base, lang))
            keep(place, partial(archive.save_rows, found))
        else:
            used(place)
        vectors[lang] = found
    return followers_of(parts.base, indexes, vectors=vectors)


def _kept(load: Callable[[Path, Traits], T | None], place: Path, traits: Traits) -> T | None:
    found = load(place, traits) if sound(place) else None
    if found is not None:
        used(place)
    return found


def _whole(found: Mapping[str, T | None], more: Mapping[str, T]) -> dict[str, T]:
    """In the order of the languages."""
    both = {lang: more.get(lang, one) for lang, one in found.items()}
    return {lang: one for lang, one in both.items() if one is not None}
