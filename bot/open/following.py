"""Followers ready to rank what is asked next: their weights are taken from the cache, or learnt and kept there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from bot.atomic import new_file
from bot.kb.model import KnowledgeBase
from bot.match.decide.matcher import Matcher
from bot.match.learn.following import SIGNALS, Follower
from bot.match.learn.training import followers_of
from bot.open.cache import keep, used
from bot.open.parts import Parts


def taught_followers(base: KnowledgeBase, matchers: Mapping[str, Matcher], parts: Parts) -> dict[str, Follower]:
    """One for each language. An unwritable cache is no error."""
    followers = followers_of(base, {lang: matcher.index for lang, matcher in matchers.items()})
    return {lang: _taught(follower, parts.followers[lang]) for lang, follower in followers.items()}


def _taught(follower: Follower, place: Path) -> Follower:
    kept = _read(place)
    if kept is not None:
        used(place)
        return follower.weighed(kept)
    taught = follower.taught()
    keep(place, partial(_write, taught.weights))
    return taught


def _read(place: Path) -> list[float] | None:
    try:
        kept = [float(weight) for weight in json.loads(place.read_bytes())]
    except (OSError, ValueError, TypeError):
        return None
    return kept if len(kept) == len(SIGNALS) else None


def _write(weights: tuple[float, ...], place: Path) -> None:
    with new_file(place) as file:
        file.write(json.dumps(weights).encode())
