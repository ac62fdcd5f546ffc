"""What is worded for the bot where a page words it for its readers: answers that need their question, labels of buttons; and
which of the ways to ask that somebody gave cannot be taken. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from bot.kb.lint.phrases import MAX_PHRASE
from bot.kb.shapes import MAX_LABEL
from bot.workbench.exchange.phrases import IN_BRACKETS, Asking

_BARE = 3  # words at most of an answer that does not say what it answers: "Yes.", "5 euros", "No, never."
_BULLET = re.compile(r"^[–—•*-]\s+")
_ENDS = "?？؟;!.…:"
_CODE = re.compile(r"[\\_={}$<>|`]|(?:^|\s)(?:\.?/|--?)\w")
_ASKS = re.compile(r"[^?？؟.!…]*[?？؟]")
_TELLING = 3  # words at least of a question that names an entry among others


def self_contained(question: str, answer: str) -> str:
    """An answer of a few words behind its question, so that it is no bare yes to a question that was misread; others as they are."""
    if len(answer.split()) > _BARE:
        return answer
    alone = _BULLET.sub("", answer)  # of a list of one item
    between = "\n\n" if _CODE.search(alone) else " "  # to be copied
    return f"{question}{'' if question.endswith(tuple(_ENDS)) else ':'}{between}{alone}"


def label(question: str) -> str:
    """The question without what stands in brackets, or its first sentence where that asks; empty where the question fits a
    button, and where neither does. A question is never cut inside a sentence: Telegram does that as well, and what is asked
    stands at the end as often as not."""
    if len(question) <= MAX_LABEL:
        return ""
    bare = " ".join(IN_BRACKETS.sub("", question).split())
    first = _ASKS.match(bare)
    for text in (bare, first[0].strip() if first else ""):
        if len(text) <= MAX_LABEL and len(text.split()) >= _TELLING:
            return text
    return ""


def refused(asking: Asking, entry: str, question: str, given: Collection[str], kept: Collection[str]) -> Iterator[str]:
    """Of the ways to ask that were given for an entry, each that was not kept, and why."""
    for phrase in given:
        if phrase not in kept:
            yield f'"{phrase[:60]}" is no phrase of {entry}: {_why(asking, entry, question, phrase)}'


def _why(asking: Asking, entry: str, question: str, phrase: str) -> str:
    heard, other = asking.heard(phrase), asking.owner(phrase)
    if not heard:
        return "it has no word"
    if len(heard) > MAX_PHRASE:
        return f"{len(heard)} characters, {MAX_PHRASE} at most"
    if other and other[0] != entry:
        same = "it" if other[1] == heard else f'"{other[1]}", which is nearly the same,'
        return f"{same} leads to {other[0]} already; take it out there, or reword this"
    return (
        "it is the question, which is learnt as it stands" if heard == asking.heard(question) else "it is there already"
    )
