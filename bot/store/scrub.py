"""Takes out of a question what could lead to a person, and leaves years, shares and article numbers alone."""

from __future__ import annotations

import re

MAX_LENGTH = 500

EMAIL, LINK, NAME, PHONE, CARD, NUMBER = "[email]", "[link]", "[name]", "[phone]", "[card]", "[number]"

# Telegram's own limit for a message; no rule below has to look at more.
_MAX_INPUT = 4096

# Zero-width and directional characters, variation selectors, keycaps, tags, lone surrogates: they hide digits from the rules.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
)
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")

_SCHEME_LINK = re.compile(r"(?i)(?<![a-z])(?:https?|ftps?|tg|tonsite)://\S*")
# An e-mail's local part begins where no such character precedes it: one try for each word, however long.
_LOCAL = r"[^\s@＠<>()\[\],;:\"«»]"
_HOST = r"[^\s@＠<>()\[\],;:\"«»/?#!]+"
_EMAIL = re.compile(rf"(?<!{_LOCAL}){_LOCAL}++(?:[@＠]{_HOST}| ?[@＠] ?[\w-]+\.{_HOST})")
_SPELT_EMAIL = re.compile(rf"(?i)(?<!{_LOCAL}){_LOCAL}++ ?[(\[](?:at|собака|ат)[)\]] ?{_HOST}")
_NAME = re.compile(r"[@＠]+[^\s@＠,;:!?()\[\]]*")
_BARE_LINK = re.compile(
    r"(?i)(?<![\w.-])(?:www\.[^\s]+"
    r"|(?:[\w-]++\.)+(?:kz|ru|com|org|net|info|gov|edu|uz|kg|ua|by|io|app|dev|xyz|рф|қаз)(?![\w-])(?::\d+)?(?:[/?#]\S*)?"
    r"|(?:[\w-]++\.)+[^\W\d_]{2,}/\S+)"
)

_BETWEEN = r"[ ()\[\]./\\_*•·\-‐‑‒–—−]"
_DIGITS = re.compile(rf"(?<!\d)[+＋]?[(\[]?\d(?:{_BETWEEN}{{0,5}}\d){{5,}}")
_GROUPS = re.compile(r"\d+")
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_DATE = re.compile(rf"{_DAY}([./-]){_MONTH}\1(?:\d{{4}}|\d\d)|\d{{4}}([./-]){_MONTH}\2{_DAY}")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_THOUSANDS = re.compile(r"\d{1,3}(?:([ .])\d{3})(?:\1\d{3})*")


def scrub(text: str) -> str:
    """`text` on one line, at most 500 characters, with placeholders for e-mails, links, @names and long numbers."""
    text = _one_line(text)
    text = _SCHEME_LINK.sub(LINK, text)
    text = _EMAIL.sub(EMAIL, text)
    text = _SPELT_EMAIL.sub(EMAIL, text)
    text = _NAME.sub(NAME, text)
    text = _BARE_LINK.sub(LINK, text)
    text = _DIGITS.sub(_judged, text)
    return text[:MAX_LENGTH].rstrip()


def _one_line(text: str) -> str:
    text = _BLANK.sub(" ", _INVISIBLE.sub("", text)).strip()
    if len(text) <= _MAX_INPUT:
        return text
    # The cut may halve an address, and half an address follows no rule.
    return text[:_MAX_INPUT].rpartition(" ")[0]


def _judged(match: re.Match[str]) -> str:
    """What becomes of a run of six digits or more."""
    run = match[0]
    groups = _GROUPS.findall(run)
    length = sum(map(len, groups))
    if not run.startswith(("+", "＋")) and _ordinary(run, groups, length):
        return run
    if length == 12:
        return NUMBER
    return CARD if length >= 13 else PHONE


def _ordinary(run: str, groups: list[str], length: int) -> bool:
    """Years, dates and large round figures are no phone numbers, and neither are neighbours that chance put together."""
    if all(_YEAR.fullmatch(group) for group in groups) or _DATE.fullmatch(run):
        return True
    if _THOUSANDS.fullmatch(run) and _round(groups, length):
        return True
    return length < 10 and not _like_local_phone(run, groups, length)


def _round(groups: list[str], length: int) -> bool:
    return length < 7 or (groups[-1] == "000" and (length < 10 or groups[-2] == "000"))


def _like_local_phone(run: str, groups: list[str], length: int) -> bool:
    """2720000, 272-00-00, 25-00-00, 555-1234, 701 234 567; but not 1500000, "10 20 30" or "in 2022 259 schools"."""
    sizes = [len(group) for group in groups]
    if max(sizes) >= 7:
        return not run.endswith("00000")
    if length == 6:
        return sizes == [2, 2, 2] and "-" in run
    return sizes[-2:] == [2, 2] or sizes == [3, 3, 3] or "-" in run
