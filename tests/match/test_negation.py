"""A repair neither adds nor takes a negation, in any language: tried on what the phrases say, with and without one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from rapidfuzz.distance import OSA

from bot.languages.packs import traits
from bot.match.words.negation import Denial
from bot.match.words.repair import TRUST
from tests.conftest import Base

LANGUAGES = ("en", "ru", "kk")


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("en", "criminalised", "decriminalised"),
        ("en", "uncertain", "certain"),
        ("en", "cant", "want"),
        ("en", "level", "never"),
        ("ru", "законно", "незаконно"),
        ("ru", "опасно", "безопасно"),
        ("kk", "мактады", "мактамады"),
        ("kk", "мактанады", "мактамады"),
        ("kk", "кинаганын", "кинамасын"),
        ("kk", "занды", "зансыз"),
        ("kk", "емес", "елес"),
    ],
)
def test_two_words_of_which_one_denies_are_not_the_same(lang: str, one: str, other: str) -> None:
    denial = Denial(traits(lang))
    assert denial.between(one, other)
    assert denial.between(other, one)


@pytest.mark.parametrize(
    ("lang", "typed", "read"),
    [
        ("en", "nder", "under"),
        ("en", "detials", "details"),
        ("en", "decriminalized", "decriminalised"),
        ("ru", "незаконый", "незаконный"),
        ("kk", "баяндма", "баяндама"),
        ("kk", "кабылдамды", "кабылданды"),
    ],
)
def test_a_slip_is_no_negation(lang: str, typed: str, read: str) -> None:
    assert not Denial(traits(lang)).between(typed, read)


@cache
def denial_of(lang: str) -> Denial:
    return Denial(traits(lang))


def turned(lang: str, word: str) -> Iterator[str]:
    """A word with each of the language's negations put into it or taken from it, by its spelling alone."""
    for beginning in traits(lang).negation.beginnings:
        yield word.removeprefix(beginning) if word.startswith(beginning) else beginning + word
    if lang == "kk":
        for denying in ("ма", "ме", "ба", "бе", "па", "пе"):
            for ending in ("ды", "ди", "йды", "йди", "ган", "ген"):
                if word.endswith(denying + ending):
                    yield word.removesuffix(denying + ending) + ending
                elif re.fullmatch(f"..+{ending}", word) and not denial_of(lang).between(word, ""):
                    yield f"{word.removesuffix(ending)}{denying}{ending}"


@pytest.mark.gate
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_word_of_the_base_is_read_for_what_denies_it(shipped: Base, lang: str) -> None:
    """A word is repaired by as many edits as there is trust in, at the most: what is farther is none of its slips."""
    found, tried = [], 0
    repairer = shipped[1][lang]._repairer
    for word in sorted(shipped[1][lang].index.counts)[::3]:
        for typed in {one for one in turned(lang, word) if one != word and len(one) > 3 and _near(one, word)}:
            tried += 1
            if " ".join(repairer.repair([typed])[0]) == word:
                found.append((typed, word))
    assert tried > 1000
    assert found == []


def _near(one: str, word: str) -> bool:
    return OSA.distance(one, word, score_cutoff=max(TRUST)) <= max(TRUST)
