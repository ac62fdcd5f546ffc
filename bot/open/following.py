"""Followers ready to rank what is asked next: their weights are taken from the cache, or learnt and kept there."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from bot.kb.model import KnowledgeBase
from bot.match.decide.matcher import Matcher
from bot.match.learn.following import SIGNALS, Follower
from bot.match.learn.training import followers_of
from bot.open.cache import place_of

log = logging.getLogger(__name__)


def taught_followers(base: KnowledgeBase, matchers: Mapping[str, Matcher], cache: Path) -> dict[str, Follower]:
    """One for each language. An unwritable cache is no error."""
    followers = followers_of(base, {lang: matcher.index for lang, matcher in matchers.items()})
    return {
        lang: _taught(follower, place_of(cache, base.digest) / f"follow-{lang}.json")
        for lang, follower in followers.items()
    }


def _taught(follower: Follower, place: Path) -> Follower:
    kept = _read(place)
    if kept is not None:
        return follower.weighed(kept)
    taught = follower.taught()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(taught.weights), encoding="utf-8")
    except OSError as error:
        log.warning("What tells a follow-up could not be kept (%s); the next start will learn it again.", error)
    return taught


def _read(place: Path) -> list[float] | None:
    try:
        kept = [float(weight) for weight in json.loads(place.read_bytes())]
    except (OSError, ValueError, TypeError):
        return None
    return kept if len(kept) == len(SIGNALS) else None
