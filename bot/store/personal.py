"""What words tell of a person: a name after "my name is", a home, a date of birth. The words are the languages' own."""

from __future__ import annotations

import re
from functools import cache

from bot.languages.personal import personal

NAME, ADDRESS, DATE, EMAIL = "[name]", "[address]", "[date]", "[email]"

_WORD = r"[^\W\d_][\w'’-]*+"
_NUMBER = r"\d{1,4}(?:[/-]\d{1,3})?(?:[^\W\d_](?!\w))?"
_LONGEST_NAME = 3  # first name, father's name, surname
_DAY = r"(?:\d{1,2}(?P<sign>[./-])\d{1,2}(?P=sign)\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}"
_DAY += rf"|\d{{1,2}}(?:-?[^\W\d_]{{1,3}})? {_WORD},? \d{{4}}|{_WORD} \d{{1,2}},? \d{{4}}|\d{{4}} ?{_WORD} \d{{1,2}} {_WORD})"


def without_personal(text: str) -> str:
    """The text with placeholders for names, addresses, dates of birth and addresses spelt out."""
    text = _spelt_email().sub(EMAIL, text)
    text = _introduction().sub(_name, text)
    for pattern in _addresses():
        text = pattern.sub(_address, text)
    for pattern in _births():
        text = pattern.sub(lambda match: match["kept"] + DATE + (match["after"] or ""), text)
    return text


def _any(*kinds: str) -> str:
    words = sorted({word for kind in kinds for word in personal(kind)}, key=lambda word: (-len(word), word))
    return rf"(?i:{'|'.join(map(re.escape, words))})"


@cache
def _spelt_email() -> re.Pattern[str]:
    """A word, "at", a word, "dot", a word."""
    at, dot, part = _any("at_sign"), _any("dot"), r"[\w.+-]{1,40}+"
    return re.compile(
        rf"(?<![\w.+-]){part}(?: {dot} {part})* {at} {part}(?: {dot} {part})+|(?<![\w.+-])(?=\w*[._\d])[\w.+-]+ {at} \w[\w-]*\.\w+"
    )


@cache
def _introduction() -> re.Pattern[str]:
    before = rf"(?:{_any('before_name')}(?!\w)[\s:,.–—-]{{0,3}}|{_any('name_field')} ?: ?)"
    return re.compile(rf"(?<!\w){before}(?P<name>{_WORD}(?: {_WORD}){{0,{_LONGEST_NAME - 1}}})")


def _name(match: re.Match[str]) -> str:
    """As many words as begin with a capital; of a name in small letters two, unless the second is an ordinary word."""
    words = match["name"].split(" ")
    capital, count = words[0][0].isupper(), 0
    for word in words[: _LONGEST_NAME if capital else 2]:
        if word.casefold() in personal("no_name") or (capital and not word[0].isupper()):
            break
        count += 1
    if not count:
        return match[0]
    before = match[0][: match.start("name") - match.start()]
    return " ".join([f"{before}{NAME}", *words[count:]])


@cache
def _addresses() -> tuple[re.Pattern[str], ...]:
    home = rf"(?P<home>(?:,? ?(?<!\w)(?P<unit>{_any('home')})\.?,? ?№?{_NUMBER})*)"
    town = rf"(?:(?<!\w)(?:{_any('town_before')}\.? ?{_WORD}|{_WORD} {_any('town_after')}\.?),? )?"
    end = rf"(?P<end>(?:,? {_WORD}(?=$|[.,;!?]))?)"
    number = rf"(?:,? ?(?:{_any('home')}\.? ?)?№?(?P<number>{_NUMBER}))"
    named = rf"(?P<named>{_WORD}(?: {_WORD}){{0,1}})"
    before, after = rf"(?P<street>{_any('street_before')})(?:\. ?| )", rf"(?P<street>{_any('street_after')})(?!\w)\.?"
    return (
        re.compile(rf"{town}(?<!\w){before}(?P<named>{_WORD}(?:[ -][\w]+){{0,2}}?){number}{home}(?!\w)"),
        re.compile(rf"{town}(?<!\w)(?P<number>{_NUMBER}),? {named} {after}(?:{home}{end})(?!\w)"),
        re.compile(rf"{town}(?<!\w){named} {after}{number}{home}(?!\w)"),
    )


def _address(match: re.Match[str]) -> str:
    """A street is known by its name's capital, or by a home within it; a crowd of 100 in the street is none."""
    own = [word for word in match["named"].split() if word.casefold() not in personal("no_name")]
    if any(word[0].isupper() for word in own) or match["home"]:
        return ADDRESS
    return match[0]


@cache
def _births() -> tuple[re.Pattern[str], ...]:
    birth, short = _any("birth"), rf"(?:[\s:,.–—-]{{1,3}}{_WORD}){{0,2}}[\s:,.–—-]{{1,3}}"
    return (
        re.compile(rf"(?<!\w)(?P<kept>{birth}(?!\w){short}){_DAY}(?P<after>)(?!\w)"),
        re.compile(rf"(?<!\w)(?P<kept>){_DAY}(?P<after> (?:{_WORD} )?{birth}(?!\w))"),
    )
