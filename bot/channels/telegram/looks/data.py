"""What a button carries back: at most 64 bytes, versioned, and trusted only after it was read strictly."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

MOST_BYTES = 64

_ID = "[a-z0-9][a-z0-9-]{0,47}"
_TOPIC = "[a-z0-9_]{1,32}"
_LANG = "[a-z]{2,3}"


@dataclass(frozen=True, slots=True)
class ShowEntry:
    lang: str
    entry: str


@dataclass(frozen=True, slots=True)
class ShowTopic:
    """`fresh`: as a new message, since the one with the button is an answer to be kept. Pages count from 0."""

    lang: str
    topic: str
    page: int = 0
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class ShowTopics:
    lang: str


@dataclass(frozen=True, slots=True)
class Vote:
    lang: str
    entry: str
    up: bool


@dataclass(frozen=True, slots=True)
class NoneOfThese:
    lang: str


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """None: automatically."""

    lang: str | None


Action = ShowEntry | ShowTopic | ShowTopics | Vote | NoneOfThese | SetLanguage

_SHAPES: dict[re.Pattern[str], Callable[[re.Match[str]], Action]] = {
    re.compile(f"1e:({_LANG}):({_ID})"): lambda m: ShowEntry(m[1], m[2]),
    re.compile(rf"1([tm]):({_LANG}):({_TOPIC}):(\d{{1,3}})"): lambda m: ShowTopic(m[2], m[3], int(m[4]), m[1] == "m"),
    re.compile(f"1a:({_LANG})"): lambda m: ShowTopics(m[1]),
    re.compile(rf"1v:({_LANG}):({_ID}):([+-])"): lambda m: Vote(m[1], m[2], m[3] == "+"),
    re.compile(f"1n:({_LANG})"): lambda m: NoneOfThese(m[1]),
    re.compile(f"1l:({_LANG}|auto)"): lambda m: SetLanguage(None if m[1] == "auto" else m[1]),
}


def written(action: Action) -> str:
    """The action as callback data, at most 64 bytes."""
    match action:
        case ShowEntry(lang, entry):
            return f"1e:{lang}:{entry}"
        case ShowTopic(lang, topic, page, fresh):
            return f"1{'m' if fresh else 't'}:{lang}:{topic}:{page}"
        case ShowTopics(lang):
            return f"1a:{lang}"
        case Vote(lang, entry, up):
            return f"1v:{lang}:{entry}:{'+' if up else '-'}"
        case NoneOfThese(lang):
            return f"1n:{lang}"
        case SetLanguage(lang):
            return f"1l:{lang or 'auto'}"


def read(text: str | None) -> Action | None:
    """The action; None for what no button of ours can have sent. Whether its ids exist is for the caller to see."""
    if text is None or not text.isascii() or len(text) > MOST_BYTES:
        return None
    found = ((shape.fullmatch(text), make) for shape, make in _SHAPES.items())
    return next((make(match) for match, make in found if match), None)
