"""A base ready to answer: read, fitted or taken from the cache."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from bot import languages
from bot.kb.listing import digest_of
from bot.kb.model import KnowledgeBase
from bot.languages.packs import Packs
from bot.match.decide.matcher import Matcher
from bot.match.learn import archive
from bot.match.learn.danger import Detector, Guard
from bot.match.learn.fit import fit, fit_detectors
from bot.match.learn.index import Index, Step
from bot.match.learn.rule import DEFAULT_CAUTION
from bot.match.learn.training import danger_of, phrases_of
from bot.open.cache import load_cached, place_of
from bot.open.following import taught_followers
from bot.service import Service

log = logging.getLogger(__name__)


def open_base(folder: Path, cache: Path, step: Step = lambda share: None) -> tuple[KnowledgeBase, dict[str, Matcher]]:
    """The base of a folder and its matchers. KnowledgeError where the base is broken; an unwritable cache is no error."""
    base = load_cached(folder, cache)
    return base, matchers_of(base, cache, step, Packs.of_base(folder))


def open_service(
    folder: Path, cache: Path, caution: float = DEFAULT_CAUTION, step: Step = lambda share: None
) -> Service:
    """The whole of what answers from a folder. KnowledgeError where the base is broken."""
    base, matchers = open_base(folder, cache, step)
    packs = Packs.of_base(folder)
    followers = taught_followers(base, matchers, cache)
    return Service(base, matchers, caution, guard_of(base, cache, packs), packs, followers)


def learned_mark(folder: Path, cache: Path) -> Path | None:
    """The file that says that all of the base, as it is now, has been fitted into the cache; None for no base at all."""
    digest = digest_of(folder)
    return None if digest is None else place_of(cache, digest) / "learned"


def guard_of(base: KnowledgeBase, cache: Path, packs: Packs = languages.SHIPPED) -> Guard:
    """Sees danger in the languages for which the base has numbers to call, and the packs sentences."""
    codes = [lang for lang in base.languages if base.voice(lang).danger and languages.danger_file(lang, packs)]
    places = {lang: place_of(cache, base.digest) / f"danger-{lang}.npz" for lang in codes}
    found = {lang: archive.load_detector(place, base.traits[lang]) for lang, place in places.items()}
    detectors = {lang: detector for lang, detector in found.items() if detector is not None}
    if missing := [lang for lang in places if lang not in detectors]:
        known = {lang: pack for lang in missing if (pack := languages.danger(lang, packs))}
        fitted = fit_detectors({lang: danger_of(base, lang, pack) for lang, pack in known.items()})
        detectors |= fitted
        _keep_detectors(fitted, places)
    return Guard(detectors)


def _keep_detectors(detectors: Mapping[str, Detector], places: Mapping[str, Path]) -> None:
    try:
        for lang, detector in detectors.items():
            archive.save_detector(detector, places[lang])
    except OSError as error:
        log.warning("What tells danger could not be kept (%s); the next start will learn it again.", error)


def matchers_of(
    base: KnowledgeBase, cache: Path, step: Step = lambda share: None, packs: Packs = languages.SHIPPED
) -> dict[str, Matcher]:
    place = place_of(cache, base.digest)
    found = {lang: archive.load(place / lang, base.traits[lang]) for lang in base.languages}
    indexes = {lang: index for lang, index in found.items() if index is not None}
    if len(indexes) < len(found):
        indexes = fit(phrases_of(base, packs), step)
        _keep(indexes, place)
    return {lang: Matcher(index) for lang, index in indexes.items()}


def _keep(indexes: Mapping[str, Index], place: Path) -> None:
    try:
        for lang, index in indexes.items():
            archive.save(index, place / lang)
    except OSError as error:
        log.warning("The fitted base could not be kept in %s (%s); the next start will fit it again.", place, error)
