"""What is weak in a base is found before anybody asks: thin entries, phrases that lead two ways, entries without a case."""

from __future__ import annotations

from dataclasses import replace

from bot.languages.packs import traits
from bot.match.decide.matcher import Matcher
from bot.workbench.cases import Case
from bot.workbench.evaluate import evaluate
from bot.workbench.quality import alike, confused_pairs, quality
from tests.small_service import PHRASES, small_base, small_service

PENALTY, TERM = "Is there a death penalty in Kazakhstan?", "How long may a president serve?"


def case(question: str, *expect: str, lang: str = "en") -> Case:
    return Case(question, lang, question, expect, "plain")


def test_an_entry_with_few_phrases_beside_the_others_is_thin() -> None:
    base = small_base()
    entry = base.entries["death-penalty"]
    short = {"ru": replace(entry.texts["ru"], phrases=entry.texts["ru"].phrases[:4])}
    thin = replace(base, entries={**base.entries, entry.id: replace(entry, texts={**entry.texts, **short})})
    assert quality(base, {}, ()).thin == ()
    (found,) = quality(thin, {}, ()).thin
    assert (found.entry, found.lang, found.phrases, found.usual) == ("death-penalty", "ru", 4, PHRASES)


def test_an_entry_that_no_case_asks_for_is_named_in_languages_that_have_cases() -> None:
    asked = [case(entry, entry) for entry in small_base().entries if entry != "court-access"]
    assert quality(small_base(), {}, asked).unasked == {"en": ("court-access",)}


def test_phrases_that_only_order_and_endings_tell_apart_are_alike() -> None:
    pairs = [
        ("hours", "opening times museum"), ("hours", "when do you open"), ("hours", "opening hours today"),
        ("tours", "museum opening time"), ("tours", "guided tours"), ("tours", "walk guide"),
        ("shop", "guide walks"), ("shop", "postcards and books"), ("weather", "opening hour, today?"),
        ("weather", "will it rain"), ("else", "rains, will it?"),
    ]  # fmt: skip
    found = alike("en", Matcher.from_pairs(pairs, refusals=["weather", "else"], language=traits("en")))
    assert {(one.owner, one.other) for one in found} == {("hours", "tours"), ("hours", "weather"), ("shop", "tours")}


def test_confused_pairs_are_of_wrong_and_false_answers_the_most_frequent_first() -> None:
    asked = [
        case(PENALTY),
        case(f"{PENALTY}?"),
        case(TERM, "court-access"),
        case("hello", "defamation"),
        case(f"{TERM}?", "presidential-term"),
    ]
    pairs = confused_pairs(evaluate(small_service().ask, asked).results)
    assert [(one.expected, one.answered, len(one.results)) for one in pairs] == [
        (None, "death-penalty", 2),
        ("court-access", "presidential-term", 1),
    ]
