"""A service over a part of the shipped base, fitted once for all the tests that need one. No tests here."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from bot.kb.model import Entry, KnowledgeBase, Refusal, Voice
from bot.match.decide.decision import Thresholds
from bot.open.base import matchers_of
from bot.service import Service
from tests.fitted import alone, shipped_base, shipped_guard
from tests.fitted import cache as cache_of

TOPICS = ("presidency", "justice")
REFUSALS = ("other-russia-caucasus", "visas-and-travel")
SMALL_TALK = ("greeting", "thanks")
PHRASES = 14  # of each thing: enough to tell them apart, and fitted in a moment
CACHE = cache_of("small")


@cache
def small_base() -> KnowledgeBase:
    """Two topics, the second with all the entries so that it has two pages; a few refusals; three languages."""
    whole = shipped_base()
    names = [entry for topic in TOPICS for entry in whole.topics[topic].entries]
    entries = {name: _within(whole.entries[name], names) for name in names}
    topics = {topic: whole.topics[topic] for topic in TOPICS}
    topics["justice"] = replace(topics["justice"], entries=tuple(names))
    refusals = {name: _fewer_refused(whole.refusals[name]) for name in REFUSALS}
    voices = {lang: _fewer_said(voice) for lang, voice in whole.voices.items()}
    digest = f"{whole.digest[:12]}-small-{PHRASES}"
    return replace(whole, topics=topics, entries=entries, refusals=refusals, voices=voices, digest=digest)


def _within(entry: Entry, names: list[str]) -> Entry:
    texts = {lang: replace(text, phrases=text.phrases[:PHRASES]) for lang, text in entry.texts.items()}
    return replace(entry, texts=texts, related=tuple(name for name in entry.related if name in names))


def _fewer_refused(refusal: Refusal) -> Refusal:
    texts = {lang: replace(text, phrases=text.phrases[:PHRASES]) for lang, text in refusal.texts.items()}
    return replace(refusal, texts=texts)


def _fewer_said(voice: Voice) -> Voice:
    kept = {kind: voice.small_talk[kind] for kind in SMALL_TALK}
    return replace(voice, small_talk={k: replace(v, phrases=v.phrases[:PHRASES]) for k, v in kept.items()})


@cache
def small_service() -> Service:
    """Fitting takes some seconds, once after each change of the base or the matcher."""
    base = small_base()
    guard = shipped_guard()
    with alone(CACHE):
        return Service(base, matchers_of(base, CACHE), guard=guard)


def hesitant_service() -> Service:
    """One that never answers in English but offers a choice, whatever it is asked."""
    service = Service(small_base(), small_service().judge.matchers)
    service.judge.thresholds = {**service.judge.thresholds, "en": Thresholds(answer=1.01, offer=0.0001)}
    return service
