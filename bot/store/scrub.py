"""Takes out of a question what could lead to a person, and leaves years, shares and article numbers alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from bot.characters import readable
from bot.store.personal import EMAIL, NAME, without_personal

MAX_LENGTH = 500

LINK, PHONE, CARD, NUMBER, ACCOUNT, PLATE, PLACE = (
    "[link]",
    "[phone]",
    "[card]",
    "[number]",
    "[account]",
    "[plate]",
    "[place]",
)

# Telegram's own limit for a message; no rule below has to look at more.
_MAX_INPUT = 4096

_ROUNDS = 5  # nothing that was made up took more than three

_SCHEME_LINK = re.compile(r"(?i)(?:https?|ftps?|tg|tonsite)://\S*")
# An e-mail's local part begins where no such character precedes it: one try for each word, however long.
_LOCAL = r"[^\s@＠﹫<>()\[\],;:\"«»]"
_LETTER = r"[\w.+-]"
_HOST = r"[^\s@＠<>()\[\],;:\"«»/?#!]+"
_EMAIL = re.compile(rf"(?<!{_LOCAL}){_LOCAL}++(?:[@＠﹫]{_HOST}| ?[@＠﹫] ?[\w-]+ ?\. ?{_HOST})")
_QUOTED_EMAIL = re.compile(rf'"[^"@]{{1,40}}"@{_HOST}')
_BRACKETED_EMAIL = re.compile(
    rf"(?i)(?<!{_LETTER}){_LETTER}++ ?(?:%40|[(\[{{<] ?[^\W\d_]{{2,8}} ?[)\]}}>]) ?[\w-]+\.{_HOST}"
)
_NAME = re.compile(r"[@＠﹫]+[^\s@＠﹫,;:!?()\[\]]*")
# A name as services give it: no word is written so. Commands are ours.
_HANDLE = re.compile(r"(?<![\w/.@-])(?=[a-z\d]*_)[a-z](?:\w|\.(?=\w))+", re.ASCII | re.IGNORECASE)
_BARE_LINK = re.compile(
    r"(?i)(?<![\w.-])(?:www\.[^\s]+"
    r"|(?:[\w-]++\.)+(?:kz|ru|com|org|net|info|gov|edu|uz|kg|ua|by|io|app|dev|xyz|blog|biz|su|eu|рф|қаз)(?![\w-])(?::\d+)?(?:[/?#]\S*)?"
    r"|(?:[\w-]++\.)+[^\W\d_]{2,}/\S+)"
)

_BETWEEN = r"[ ()\[\]./\\_*•·\-‐‑‒–—−]"
_DIGITS = re.compile(rf"(?<!\d)[+＋]?[(\[]?\d(?:{_BETWEEN}{{0,5}}\d){{5,}}")
_GROUPS = re.compile(r"\d+")
_GROUPED = re.compile(r"(?<!\d)[+＋]?[(\[]?\d{1,6}(?:[\W_]{1,3}\d{1,6})++(?!\d)")
_GAPS = re.compile(r"[\d ]+")
_BORN = re.compile(
    r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[0-6]"
)  # an identity number begins with a day of birth
_LOOKALIKE = re.compile(r"(?<!\w)(?=[^\W_]*\d)[\doоlіз]{2,}(?!\w)", re.IGNORECASE)
_DIGIT_OF = str.maketrans("oоOОlLіІзЗ", "0000111133")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?(?!\w)", re.ASCII)
_PLATE = re.compile(r"(?<!\w)(?:\d{3} ?[A-Z]{2,3} ?\d{2}|[А-Я] ?\d{3} ?[А-Я]{2} ?\d{2,3})(?!\w)")
_GEO = re.compile(r"(?<![\w.])-?\d{1,3}\.\d{4,}[,;]? ?-?\d{1,3}\.\d{4,}(?!\w)")
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_DATE = re.compile(rf"{_DAY}([./-]){_MONTH}\1(?:\d{{4}}|\d\d)|\d{{4}}([./-]){_MONTH}\2{_DAY}")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_THOUSANDS = re.compile(r"\d{1,3}(?:([ .])\d{3})(?:\1\d{3})*")


def scrub(text: str) -> str:
    """`text` on one line, at most 500 characters, with placeholders for e-mails, links, @names and long numbers."""
    text = _one_line(text)
    for _ in range(_ROUNDS):
        before, text = text, _taken_out(text)
        if text == before:
            break
    return text[:MAX_LENGTH].rstrip()


def _taken_out(text: str) -> str:
    """What goes may have hidden something else, as a number that was typed right before a name."""
    text = _SCHEME_LINK.sub(LINK, text)
    for email in (_QUOTED_EMAIL, _BRACKETED_EMAIL, _EMAIL):
        text = email.sub(EMAIL, text)
    text = without_personal(text)
    text = _NAME.sub(NAME, text)
    text = _BARE_LINK.sub(LINK, text)
    text = _HANDLE.sub(NAME, text)
    return _without_numbers(text)


def _without_numbers(text: str) -> str:
    for pattern, placeholder in ((_IBAN, ACCOUNT), (_PLATE, PLATE), (_GEO, PLACE)):
        text = pattern.sub(placeholder, text)
    text = _replaced(_GROUPED, _by_shape, text)
    return _replaced(_DIGITS, _judged, text)


def _replaced(pattern: re.Pattern[str], judged: Callable[[re.Match[str]], str], text: str) -> str:
    """Judged by the digits that a reader sees; of what is no number, the letters stay."""
    read, parts, end = _as_digits(text), [], 0
    for match in pattern.finditer(read):
        if (given := judged(match)) != match[0]:
            parts += [text[end : match.start()], given]
            end = match.end()
    return "".join([*parts, text[end:]])


def _as_digits(text: str) -> str:
    """Of the same length, with plain digits for those of all scripts, and for letters that stand for one in a number."""
    plain = "".join(str(digit) if (digit := unicodedata.digit(c, None)) is not None else c for c in text)
    return _LOOKALIKE.sub(lambda match: match[0].translate(_DIGIT_OF), plain)


def _by_shape(match: re.Match[str]) -> str:
    """Groups of digits, whatever stands between them, that are a phone or an identity number by their sizes."""
    run = match[0]
    groups = _GROUPS.findall(run)
    digits = "".join(groups)
    sizes = [len(group) for group in groups]
    if sizes == [1, 3, 3, 2, 2] and digits[:2] in ("87", "77"):
        return PHONE
    if ", " not in run and sizes in ([3, 3, 3, 3], [6, 6]) and _BORN.match(digits):
        return NUMBER
    return run


def _one_line(text: str) -> str:
    text = " ".join(readable(text).split())  # what nobody sees would hide digits from the rules
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
    if all(_YEAR.fullmatch(group) for group in groups):
        return len(groups) != 4 or not _GAPS.fullmatch(run) or groups in (sorted(groups), sorted(groups, reverse=True))
    if _DATE.fullmatch(run):
        return True
    if _THOUSANDS.fullmatch(run) and _round(groups, length):
        return True
    return length < 10 and not _like_local_phone(run, groups, length)


def _round(groups: list[str], length: int) -> bool:
    return length < 7 or (groups[-1] == "000" and (length < 10 or groups[-2] == "000"))


def _like_local_phone(run: str, groups: list[str], length: int) -> bool:
    """2720000, 272-00-00, 25 00 11, 123456, 555-1234, 701 234 567; but not 1500000, "10 20 30", "in 2022 259 schools"."""
    sizes = [len(group) for group in groups]
    if max(sizes) >= 7:
        return not run.endswith("00000")
    if sizes == [6]:
        return not run.endswith("00")
    if length == 6:
        return sizes == [2, 2, 2] and ("-" in run or "00" in groups)
    return sizes[-2:] == [2, 2] or sizes == [3, 3, 3] or "-" in run
