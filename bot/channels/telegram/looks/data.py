"""What a button carries back: at most 64 bytes, versioned, and trusted only after it was read strictly."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from bot.kb.ids import ID, LANGUAGE, TOPIC

MOST_BYTES = 64
_DIGITS = 10  # of a question's number: with the longest id there is, 63 bytes


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
class NotThis:
    """The answer is to another question than was asked."""

    lang: str
    entry: str


@dataclass(frozen=True, slots=True)
class ReportError:
    lang: str
    entry: str


@dataclass(frozen=True, slots=True)
class CancelReport:
    lang: str


@dataclass(frozen=True, slots=True)
class WatchFor:
    """Tell me when there is an answer."""

    lang: str


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """None: automatically."""

    lang: str | None


@dataclass(frozen=True, slots=True)
class ShowUnanswered:
    """For admins: a page of what was asked in vain."""

    page: int


class Deed(Enum):
    """What an admin does with a group of questions."""

    SHOW = "s"
    ADD = "a"
    NEW = "n"
    GROUPS = "g"  # which there are to refuse it by
    REFUSE = "r"
    DISMISS = "d"


@dataclass(frozen=True, slots=True)
class DealWith:
    """For admins: `number` names the group, `choice` the entry or refusal group."""

    deed: Deed
    number: int
    choice: str = ""


Action = (
    ShowEntry
    | ShowTopic
    | ShowTopics
    | Vote
    | NoneOfThese
    | NotThis
    | ReportError
    | CancelReport
    | WatchFor
    | SetLanguage
    | ShowUnanswered
    | DealWith
)

_SHAPES: dict[re.Pattern[str], Callable[[re.Match[str]], Action]] = {
    re.compile(f"1e:({LANGUAGE}):({ID})"): lambda m: ShowEntry(m[1], m[2]),
    re.compile(rf"1([tm]):({LANGUAGE}):({TOPIC}):(\d{{1,3}})"): lambda m: ShowTopic(m[2], m[3], int(m[4]), m[1] == "m"),
    re.compile(f"1a:({LANGUAGE})"): lambda m: ShowTopics(m[1]),
    re.compile(rf"1v:({LANGUAGE}):({ID}):([+-])"): lambda m: Vote(m[1], m[2], m[3] == "+"),
    re.compile(f"1n:({LANGUAGE})"): lambda m: NoneOfThese(m[1]),
    re.compile(f"1l:({LANGUAGE}|auto)"): lambda m: SetLanguage(None if m[1] == "auto" else m[1]),
    re.compile(r"1u:(\d{1,3})"): lambda m: ShowUnanswered(int(m[1])),
    re.compile(f"1x:({LANGUAGE}):({ID})"): lambda m: NotThis(m[1], m[2]),
    re.compile(f"1r:({LANGUAGE}):({ID})"): lambda m: ReportError(m[1], m[2]),
    re.compile(f"1c:({LANGUAGE})"): lambda m: CancelReport(m[1]),
    re.compile(f"1w:({LANGUAGE})"): lambda m: WatchFor(m[1]),
    re.compile(rf"1q([sngd]):(\d{{1,{_DIGITS}}})"): lambda m: DealWith(Deed(m[1]), int(m[2])),
    re.compile(rf"1q([ar]):(\d{{1,{_DIGITS}}}):({ID})"): lambda m: DealWith(Deed(m[1]), int(m[2]), m[3]),
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
        case ShowUnanswered(page):
            return f"1u:{page}"
        case NotThis(lang, entry):
            return f"1x:{lang}:{entry}"
        case ReportError(lang, entry):
            return f"1r:{lang}:{entry}"
        case CancelReport(lang):
            return f"1c:{lang}"
        case WatchFor(lang):
            return f"1w:{lang}"
        case DealWith(deed, number, choice):
            return f"1q{deed.value}:{number}" + (f":{choice}" if choice else "")


def read(text: str | None) -> Action | None:
    """The action; None for what no button of ours can have sent. Whether its ids exist is for the caller to see."""
    if text is None or not text.isascii() or len(text) > MOST_BYTES:
        return None
    found = ((shape.fullmatch(text), make) for shape, make in _SHAPES.items())
    return next((make(match) for match, make in found if match), None)
